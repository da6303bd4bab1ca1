"""What keeps an attempt from its image or its verdict: content filters, throttling, lost answers, too little time."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Ambiguous, Blocked, Declined
from tests.pipeline.bench import (
    NO,
    REVISION,
    YES,
    Bench,
    Models,
    asks_for,
    canvas,
    in_turn,
)
from tests.pipeline.test_jobs import CAT, DERIVED, MODEL, drawings


def test_with_the_loop_not_allowed_an_attempt_put_off_too_often_names_the_cause_too():
    bench = Bench(Models(on_invoke=drawings(Declined(MODEL, "slow down"))), loop_allowed=False)
    bench.upload(CAT)
    bench.settle()
    assert "recursive loop detection" in bench.result["error"]


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


@pytest.mark.parametrize(
    ("images", "told"),
    [
        (canvas(2)["images"], "1 image(s) were missing: the model gave no reason"),
        ([*canvas(2)["images"], "?"], "no base64"),
    ],
)
def test_images_that_are_missing_without_a_filters_word_are_not_said_to_be_filtered(images: list[str], told: str):
    bench = Bench(Models(on_invoke=drawings({"images": images, "error": None})))
    bench.upload({**CAT, "nova_canvas_number_of_images": 3})
    bench.settle()
    notes = " ".join(bench.document("/000-000.json")["notes"])
    assert told in notes
    assert "filter" not in notes


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


def test_a_model_in_trouble_for_ten_minutes_does_not_use_up_a_jobs_attempts():
    """Its answers are lost, not refused, so each call may be charged: fifteen attempts were gone in 84 seconds."""
    models, bench = Models(), Bench()
    bench.models, began = models, bench.aws.world.now
    trouble = Ambiguous(MODEL, "InternalServerException: 500")
    models.on_invoke = lambda model, body: trouble if bench.aws.world.now - began < 600 else canvas()
    bench.upload({**CAT, "max_retry_attempts": 5})
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert len(models.invoked) <= 12
    assert bench.aws.world.now - began < 2_400


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


def test_one_loss_late_in_a_job_holds_it_up_no_longer_than_an_early_one():
    lost = Ambiguous(MODEL, "read timeout")
    models = Models(on_invoke=drawings(*[canvas()] * 7, lost, lost, canvas()), on_converse=in_turn(NO))
    bench = Bench(models)
    bench.upload({**CAT, "max_retry_attempts": 10, "max_prompt_revisions": 1})
    began = bench.aws.world.now
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]].count("lost") == 1
    assert bench.aws.world.now - began < 120
