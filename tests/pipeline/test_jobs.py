"""Whole jobs through the real handlers: what is drawn, judged, rewritten, saved and sent."""

import base64
import re
from typing import Any

from tests.pipeline.bench import (
    NO,
    YES,
    Bench,
    Models,
    Seen,
    asks_for,
    canvas,
    checklist,
    in_turn,
    question,
)

CAT = {"prompt": "a cat", "max_retry_attempts": 3, "max_prompt_revisions": 2}
DERIVED = 0.00112  # USD: the requirements are asked for before anything is drawn
MODEL = "us-east-1/amazon.nova-canvas-v1:0"


def drawings(*answers: Any) -> Any:
    left = list(answers)
    return lambda model, body: left.pop(0) if len(left) > 1 else left[0]


def test_an_accepted_image_ends_the_job_at_once():
    bench = Bench()
    bench.upload(CAT)
    bench.settle()
    result = bench.result
    job = result["job"]
    assert re.fullmatch(r"cat-20261122T081500Z-[0-9a-f]{8}", job)
    assert bench.outbox() == [
        f"generated-images/{job}/{name}" for name in ("000-000.json", "000-000.png", "report.html", "result.json")
    ]
    seed = result.pop("seed")
    assert 1 <= seed <= 2_147_483_646
    assert result == {
        "status": "SUCCESS",
        "message": "Image generated successfully",
        "job": job,
        "output_s3_bucket_url": "https://s3.console.aws.amazon.com/s3/buckets/retake-outbox",
        "output_s3_object_url": (
            "https://s3.console.aws.amazon.com/s3/object/retake-outbox?region=us-east-1&bucketType=general"
            f"&prefix=generated-images/{job}/000-000.png"
        ),
        "image": f"generated-images/{job}/000-000.png",
        "accepted": True,
        "revision": 0,
        "attempt": 0,
        "initial_prompt": "a cat",
        "requirements": ["a cat"],
        "never_met": [],
        "prompt": "a cat",
        "image_model": MODEL,
        "vision_models": ["us-east-1/amazon.nova-pro-v1:0"],
        "notes": ["max_tokens 5120 clamped to 5000: the most amazon.nova-pro-v1:0 writes"],
        "attempts": [
            {
                "revision": 0,
                "attempt": 0,
                "outcome": "accepted",
                "images": [f"generated-images/{job}/000-000.png"],
                "reason": "every requirement is met; graded 10 of 10",
                "prompt_number": 1,
                "seed": seed,
                "image_model": MODEL,
                "cost_usd": 0.04336,
            }
        ],
        "generations": 1,
        "images_made": 1,
        "cost_usd": 0.04336,
        "started_at": "2026-11-22T08:15:00Z",
        "finished_at": "2026-11-22T08:15:00Z",
    }


def test_attempts_share_a_prompt_then_it_is_rewritten_and_the_initial_one_stays_the_measure():
    models = Models(on_converse=in_turn(NO, NO, NO, NO, YES))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["revision"], bench.result["attempt"]) == (1, 1)
    assert bench.result["prompt"] == "a tabby cat, close-up"
    drawn = [body["textToImageParams"] for _, body in models.invoked]
    assert [params["text"] for params in drawn] == ["a cat"] * 3 + ["a tabby cat, close-up"] * 2
    assert [params.get("negativeText") for params in drawn] == [None] * 3 + ["dogs"] * 2
    asked = [question(request) for _, request in models.conversed]
    measured = [text for text in asked if "<requirements>" not in text or '"revised_prompt"' in text]
    assert all("<initial_prompt>a cat</initial_prompt>" in text for text in measured)
    assert all('"requirement": "a cat"' in text for text in asked if text not in measured)
    assert not any("tabby" in text for text in asked)
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"] * 4 + ["accepted"]


def test_the_rewriter_sees_what_was_tried_and_what_failed():
    rewrites = ["a tabby cat, close-up", "a grey cat"]
    judge = in_turn(Seen({1: "a cow"}), Seen({1: "a sofa"}), NO)

    def answer(model: str, request: Any) -> Any:
        if asks_for(request) == "verify":
            return judge(model, request)
        prompt = rewrites.pop(0)
        return {"revised_prompt": prompt, "negative_prompt": "dogs", "carried_by": [prompt]}

    models = Models(on_converse=answer)
    bench = Bench(models)
    bench.upload({**CAT, "max_prompt_revisions": 3, "negative_prompt": "cars"})
    bench.settle()
    first, second = [question(request) for _, request in models.conversed if asks_for(request) == "rewrite"]
    missed = '"best_share": 0.5, "best_grade": null, "missed": [{"n": 1, "times": 3}], "held": []}'
    assert f'<tried>[{{"prompt": "a cat", {missed}]</tried>' in first
    assert '<feedback>["a cow", "a sofa", "a dog"]</feedback>' in first
    assert "<negative_prompt>cars</negative_prompt>" in first
    assert '<requirements>[{"n": 1, "requirement": "a cat"}]</requirements>' in first
    assert '"prompt": "a cat"' in second
    assert '"prompt": "a tabby cat, close-up"' in second
    assert bench.document("002-000.json")["negative_prompt"] == "cars, dogs"


def test_a_job_that_never_passes_ends_in_fail_with_the_best_image():
    nearly = Seen({2: "five legs"}, grade=7)
    none = Seen({1: "a dog", 2: "none"}, grade=7)
    models = Models(on_converse=in_turn(none, nearly, none, none, none, none))
    models.on_requirements = lambda model, request: {"requirements": ["a cat", "four legs"]}
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    result = bench.result
    assert (result["status"], result["accepted"], result["image"]) == ("FAIL", False, None)
    assert "message" not in result
    assert result["error"].startswith("No image was accepted in 6 attempts (6 rejected).")
    assert result["best"]["image"].endswith("/000-001.png")
    assert (result["best"]["score"], result["best"]["reason"]) == (0.6, "not met: four legs (five legs)")
    assert (result["best"]["grade"], result["best"]["lacking"]) == (7, ["four legs"])
    assert result["output_s3_object_url"].endswith(result["best"]["image"])
    assert len(result["attempts"]) == result["generations"] == 6


def test_twenty_five_attempts_end_in_fail_and_name_the_best():
    bench = Bench(Models(on_converse=in_turn(NO)))
    bench.upload({"prompt": "a cat", "max_retry_attempts": 5, "max_prompt_revisions": 5})
    bench.settle()
    assert len(bench.result["attempts"]) == 25
    assert bench.result["best"]["image"].endswith("/004-004.png")


def test_with_the_loop_not_allowed_a_long_job_ends_in_a_fail_that_names_the_cause():
    bench = Bench(Models(on_converse=in_turn(NO)), loop_allowed=False)
    bench.upload({"prompt": "a cat", "max_retry_attempts": 5, "max_prompt_revisions": 5})
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "recursive loop detection" in bench.result["error"]
    assert 15 <= bench.result["generations"] <= 17
    assert any("/dead-letters/" in key for key in bench.outbox())


def test_all_images_of_an_attempt_are_judged_and_of_equals_the_later_one_wins():
    models = Models(on_converse=in_turn(NO, YES, YES))
    bench = Bench(models)
    bench.upload({**CAT, "nova_canvas_number_of_images": 3})
    bench.settle()
    assert bench.result["image"].endswith("/000-000-2.png")
    record = bench.document("/000-000.json")
    assert [image["accepted"] for image in record["images"]] == [False, True, True]
    assert [key.rpartition("/")[2] for key in bench.outbox() if key.endswith(".png")] == [
        "000-000-1.png",
        "000-000-2.png",
        "000-000.png",
    ]


def test_a_fixed_seed_moves_on_with_every_attempt():
    models = Models(on_converse=in_turn(NO))
    bench = Bench(models)
    bench.upload({**CAT, "nova_canvas_seed": 2_147_483_644})
    bench.settle()
    seeds = [body["imageGenerationConfig"]["seed"] for _, body in models.invoked]
    assert seeds == [2_147_483_644, 2_147_483_645, 2_147_483_646, 1, 2, 3]


def test_the_cost_cap_stops_before_an_image_that_would_pass_it():
    bench = Bench(Models(on_converse=in_turn(NO)))
    bench.upload({**CAT, "max_cost_usd": 0.2})
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "the cost cap" in bench.result["error"]
    assert 0 < bench.result["cost_usd"] <= 0.2
    assert bench.result["best"]["image"]


def test_a_cap_below_one_image_costs_nothing():
    bench = Bench()
    bench.upload({**CAT, "max_cost_usd": 0.03})
    bench.settle()
    assert (bench.result["status"], bench.result["cost_usd"], bench.models.invoked) == ("FAIL", 0, [])


def test_requirements_of_the_users_own_are_what_is_checked():
    models = Models()
    bench = Bench(models)
    bench.upload({**CAT, "requirements": ["one cat", "it is asleep"]})
    bench.settle()
    assert checklist(models.conversed[0][1]) == ["one cat", "it is asleep"]
    assert len(models.derived) == 1  # whether the judge is there


def test_an_image_that_nobody_can_decode_is_rejected_and_the_next_one_drawn():
    broken = b"\x89PNG\r\n\x1a\n" + b"?" * 4_000_000
    models = Models(on_invoke=drawings({"images": [base64.b64encode(broken).decode()], "error": None}, canvas()))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected", "accepted"]
    assert "cannot be decoded" in bench.result["attempts"][0]["reason"]
