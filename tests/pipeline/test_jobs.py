"""Whole jobs through the real handlers: what is drawn, judged, rewritten, saved and sent."""

import base64
import re
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Ambiguous, Blocked, Declined, ModelGone, RequestInvalid
from tests.pipeline.bench import (
    NO,
    REVISION,
    YES,
    Bench,
    Models,
    Seen,
    asks_for,
    canvas,
    checklist,
    core,
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


def test_with_the_loop_not_allowed_an_attempt_put_off_too_often_names_the_cause_too():
    bench = Bench(Models(on_invoke=drawings(Declined(MODEL, "slow down"))), loop_allowed=False)
    bench.upload(CAT)
    bench.settle()
    assert "recursive loop detection" in bench.result["error"]


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


def test_a_blocked_prompt_skips_its_revision():
    models = Models(on_invoke=drawings(Blocked(MODEL, "blocked by our content filters", "prompt"), canvas()))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert [(line["revision"], line["attempt"], line["outcome"]) for line in bench.result["attempts"]] == [
        (0, 0, "blocked"),
        (1, 0, "accepted"),
    ]
    assert bench.result["generations"] == 1
    assert "content filter stopped the prompt" in bench.result["attempts"][0]["reason"]


def test_a_blocked_last_revision_ends_the_job():
    bench = Bench(Models(on_invoke=drawings(Blocked(MODEL, "blocked", "prompt"))))
    bench.upload({**CAT, "max_prompt_revisions": 1})
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert bench.result["best"] is None
    assert bench.result["output_s3_object_url"] is None
    assert bench.result["cost_usd"] == DERIVED


def test_some_of_several_images_blocked_leaves_the_others_to_be_judged():
    some = {**canvas(2), "error": "Some of the generated images have been blocked by our content filters."}
    bench = Bench(Models(on_invoke=drawings(some)))
    bench.upload({**CAT, "nova_canvas_number_of_images": 3})
    bench.settle()
    record = bench.document("/000-000.json")
    assert (len(record["images"]), record["held_back"], record["outcome"]) == (2, 1, "accepted")
    assert any("held back by the content filter" in note for note in record["notes"])


def test_a_throttled_attempt_is_put_off_without_counting_or_costing():
    throttled = Declined(MODEL, "ThrottlingException: slow down")
    models = Models(on_invoke=drawings(throttled, throttled, canvas()))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    record = bench.document("/000-000.json")
    assert (record["outcome"], record["deferrals"], record["generations"]) == ("accepted", 2, 1)
    assert bench.result["generations"] == 1
    assert bench.result["cost_usd"] == 0.04336
    assert len(bench.result["attempts"]) == 1


def test_at_the_cap_of_deferrals_the_job_fails_and_says_so():
    bench = Bench(Models(on_invoke=drawings(Declined(MODEL, "ThrottlingException: slow down"))), MAX_DEFERRALS="3")
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "put off 3 times" in bench.result["error"]
    assert "ThrottlingException: slow down" in bench.result["error"]
    assert len(bench.models.invoked) == 4
    assert bench.result["cost_usd"] == DERIVED


def test_at_the_longest_wait_the_job_fails_and_says_so():
    bench = Bench(Models(on_invoke=drawings(Declined(MODEL, "slow down"))), MAX_WAIT_SECONDS="60")
    bench.upload(CAT)
    bench.settle()
    assert "MAX_WAIT_SECONDS 60" in bench.result["error"]
    assert (
        bench.aws.world.clock() - bench.aws.world.clock().replace(hour=8, minute=15, second=0)
    ).total_seconds() < 120


def test_two_answers_lost_lose_the_attempt_and_never_pay_a_third_time():
    lost = Ambiguous(MODEL, "read timeout")
    models = Models(on_invoke=drawings(lost, lost, canvas()))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["lost", "accepted"]
    assert bench.result["generations"] == 3
    assert bench.result["cost_usd"] == 0.12336


def test_an_unreadable_verdict_is_asked_again_then_put_off_and_never_costs_an_image():
    models = Models(on_converse=in_turn("I think it is fine.", "Well…", "Hm.", YES))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    record = bench.document("/000-000.json")
    assert (record["outcome"], record["deferrals"], record["generations"]) == ("accepted", 1, 1)
    assert (len(models.invoked), len(models.conversed)) == (1, 5)
    assert record["cost_usd"] == pytest.approx(0.04 + 6 * 0.00112)


def test_a_verdict_is_kept_while_the_rewrite_is_put_off():
    answers: list[Any] = [Declined("m", "slow down"), REVISION]
    models = Models()
    models.on_converse = lambda model, request: NO if asks_for(request) == "verify" else answers.pop(0)
    bench = Bench(models)
    bench.upload({"prompt": "a cat", "max_retry_attempts": 1, "max_prompt_revisions": 2})
    bench.settle()
    assert [asks_for(request) for _, request in models.conversed] == ["verify", "rewrite", "rewrite", "verify"]
    assert len(models.invoked) == 2


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


def test_when_a_model_has_ended_the_next_one_of_the_chain_draws():
    def draw(model: str, body: dict[str, Any]) -> Any:
        return (
            core()
            if model.startswith("stability")
            else ModelGone(MODEL, "This model version has reached the end of its life.")
        )

    models = Models(on_invoke=draw, on_converse=in_turn(NO, YES))
    bench = Bench(models, IMAGE_MODELS="")
    bench.upload(CAT)
    bench.settle()
    assert bench.result["image_model"] == "us-west-2/stability.stable-image-core-v1:1"
    assert [model for model, _ in models.invoked] == [MODEL] + ["us-west-2/stability.stable-image-core-v1:1"] * 2
    assert any("reached the end of its life.; used us-west-2/stability" in note for note in bench.result["notes"])
    assert bench.result["generations"] == 2


def test_when_no_model_is_left_the_job_fails_with_every_answer():
    bench = Bench(Models(on_invoke=lambda model, body: ModelGone(model, f"{model} is no more")), IMAGE_MODELS="")
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "amazon.nova-canvas-v1:0 is no more" in bench.result["error"]
    assert "stability.stable-image-core-v1:1 is no more" in bench.result["error"]
    assert bench.result["cost_usd"] == DERIVED


def test_a_request_the_model_refuses_fails_the_job_with_the_models_words():
    bench = Bench(Models(on_invoke=drawings(RequestInvalid(MODEL, "ValidationException: Malformed input request"))))
    bench.upload(CAT)
    bench.settle()
    assert bench.result["error"] == f"{MODEL} answered: ValidationException: Malformed input request"
    assert bench.result["cost_usd"] == DERIVED


def test_an_image_passes_only_if_the_whole_panel_accepts_it():
    bench = Bench()
    second = next(entry for entry in bench.settings.catalogue.vision_ids if "haiku" in entry)
    models = Models(
        on_converse=lambda model, request: (
            REVISION if asks_for(request) == "rewrite" else NO if "haiku" in model else YES
        )
    )
    bench = Bench(models)
    bench.upload({**CAT, "max_prompt_revisions": 1, "vision_models": ["amazon.nova-pro-v1:0", second]})
    bench.settle()
    assert bench.result["status"] == "FAIL"
    record = bench.document("/000-000.json")
    assert [verdict["accepted"] for verdict in record["images"][0]["verdicts"]] == [True, False]
    assert record["images"][0]["score"] == 0.6


def test_the_panel_goes_on_without_a_model_that_has_ended():
    models = Models()
    models.on_converse = lambda model, request: ModelGone(model, "end of life") if "haiku" in model else YES
    bench = Bench(models)
    second = next(entry for entry in bench.settings.catalogue.vision_ids if "haiku" in entry)
    bench.upload({**CAT, "vision_models": [second, "amazon.nova-pro-v1:0"]})
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert any("the panel goes on without it" in note for note in bench.result["notes"])


def test_without_any_vision_model_nothing_is_accepted():
    bench = Bench(Models(on_converse=lambda model, request: ModelGone("us-east-1/amazon.nova-pro-v1:0", "end of life")))
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "no vision model is left" in bench.result["error"]
    assert len(bench.models.invoked) == 1


def test_requirements_of_the_users_own_are_what_is_checked():
    models = Models()
    bench = Bench(models)
    bench.upload({**CAT, "requirements": ["one cat", "it is asleep"]})
    bench.settle()
    assert checklist(models.conversed[0][1]) == ["one cat", "it is asleep"]
    assert len(models.derived) == 1  # whether the judge is there


def test_too_little_time_puts_the_attempt_off_without_paying():
    bench = Bench()
    bench.upload(CAT)
    invocation = bench.aws.lambdas.begin(next(bench.aws.lambdas.dues()))
    assert invocation is not None
    bench.run(replace(invocation, deadline=bench.aws.world.now + 15))
    assert bench.models.invoked == []
    record = bench.document("/000-000.json")
    assert (record["status"], record["generations"], record["cost_usd"]) == ("deferred", 0, 0)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"


def test_an_image_that_nobody_can_decode_is_rejected_and_the_next_one_drawn():
    broken = b"\x89PNG\r\n\x1a\n" + b"?" * 4_000_000
    models = Models(on_invoke=drawings({"images": [base64.b64encode(broken).decode()], "error": None}, canvas()))
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected", "accepted"]
    assert "cannot be decoded" in bench.result["attempts"][0]["reason"]
