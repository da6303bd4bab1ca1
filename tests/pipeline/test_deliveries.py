"""Deliveries that come twice, late, or after a process died half-way: each rule of the protocol as a story.

The simulator tries every schedule; these are the ones a newcomer should read first.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import LostRace
from tests.fakes.aws import Effect
from tests.fakes.errors import AwsError
from tests.pipeline.bench import NO, REVISION, Bench, Models, asks_for

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2}
JOB = {"job": ("String", "cats")}


class Death(ArithmeticError):
    """The process dies here."""


class Trouble:
    """Goes wrong once, at the effect that the test names: before it happens, or after."""

    def __init__(
        self, where: Callable[[Effect], bool], error: Exception, *, after: bool = False, times: int = 1
    ) -> None:
        self.where, self.error, self.after, self.left = where, error, after, times

    def __call__(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        if self.left and self.where(effect):
            self.left -= 1
            if self.after:
                perform()
            raise self.error
        return perform()


def saving_image(effect: Effect) -> bool:
    return effect.operation == "create" and effect.target.endswith(".png")


def saving_outcome(effect: Effect) -> bool:
    return effect.operation == "replace"


def claiming(effect: Effect) -> bool:
    return effect.operation == "create" and effect.target.endswith("-000.json")


def writing_result(effect: Effect) -> bool:
    return effect.operation == "create" and effect.target.endswith("result.json")


def sending(effect: Effect) -> bool:
    return effect.operation == "send"


def rejecting(model: str, request: Any) -> Any:
    return NO if asks_for(request) == "verify" else REVISION


@pytest.mark.parametrize(
    ("where", "after", "drawn", "generations"),
    [
        (claiming, False, 1, 1),
        (claiming, True, 1, 2),  # claimed and counted, but never called: the count errs on the safe side
        (saving_image, False, 2, 2),  # the one window: charged, not saved
        (saving_image, True, 1, 1),
        (saving_outcome, False, 1, 1),
        (saving_outcome, True, 1, 1),
        (writing_result, False, 1, 1),
        (writing_result, True, 1, 1),
    ],
)
def test_a_process_that_dies_loses_nothing_and_pays_twice_at_most_once(
    where: Callable[[Effect], bool], after: bool, drawn: int, generations: int
):
    bench = Bench()
    bench.aws.around = Trouble(where, Death(), after=after)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert len(bench.models.invoked) == drawn
    assert bench.result["generations"] == generations


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_around_sending_neither_loses_the_next_attempt_nor_doubles_it(after: bool):
    bench = Bench(Models(on_converse=rejecting))
    bench.aws.around = Trouble(sending, Death(), after=after)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"] * 4
    assert len(bench.models.invoked) == 4


@pytest.mark.parametrize("where", [claiming, saving_image, saving_outcome, writing_result])
def test_an_answer_lost_after_the_write_is_recognised_as_our_own(where: Callable[[Effect], bool]):
    """The SDK sends again after a lost answer and meets what it wrote itself: 412."""
    bench = Bench()
    conflict = AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
    bench.aws.around = Trouble(where, conflict, after=True)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert (len(bench.models.invoked), len(bench.models.conversed), bench.failures) == (1, 2, [])


def test_a_conflicting_write_that_lost_is_written_again():
    bench = Bench()
    conflict = AwsError("PreconditionFailed", 412, "conflict without a change")
    bench.aws.around = Trouble(saving_outcome, conflict)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked), bench.failures) == ("SUCCESS", 1, [])


def test_a_duplicate_while_the_first_is_at_it_waits_and_then_finds_all_done():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject(CAT, **JOB)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert len(bench.models.invoked) == 4
    assert len(bench.result["attempts"]) == 4


def test_a_job_injected_twice_under_one_name_after_its_end_changes_nothing():
    bench = Bench()
    bench.inject(CAT, **JOB)
    bench.settle()
    before = dict(bench.aws.world.objects)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert bench.aws.world.objects == before


def test_a_lost_race_is_raised_after_three_rounds_so_that_the_queue_delivers_again():
    bench = Bench()
    conflict = AwsError("PreconditionFailed", 412, "somebody is faster")
    bench.aws.around = Trouble(claiming, conflict, times=3)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert [type(failure) for failure in bench.failures] == [LostRace]
    assert bench.result["status"] == "SUCCESS"


def test_an_upload_that_fails_three_times_ends_in_a_fail_result_and_a_letter():
    bench = Bench()
    bench.aws.around = Trouble(claiming, Death("disk on fire"), times=3)
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "the S3 event failed 3 times: disk on fire" in bench.result["error"]
    (letter,) = [key for key in bench.outbox() if "/dead-letters/" in key]
    assert bench.document(letter)["attributes"]["job"]["StringValue"] == bench.result["job"]


def test_a_dead_letter_never_puts_a_fail_over_an_outcome():
    bench = Bench()
    bench.aws.around = Trouble(writing_result, Death(), times=5)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert len(bench.failures) == 5
    assert bench.result["status"] == "SUCCESS"
    assert [key for key in bench.outbox() if "/dead-letters/" in key] == []


def test_a_dead_letter_sends_what_follows_an_outcome():
    bench = Bench(Models(on_converse=rejecting))
    bench.aws.around = Trouble(sending, Death(), times=5)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"] * 4


def test_a_dead_letter_that_cannot_be_read_is_kept_under_rejected():
    bench = Bench()
    bench.aws.sqs.send(bench.settings.dead_letter_queue_name, "no JSON")
    bench.settle()
    (key,) = bench.outbox()
    assert bench.document(key)["received"] == "no JSON"
    assert "/rejected/" in key


def test_a_letter_whose_upload_was_deleted_meanwhile_is_told_under_rejected():
    bench = Bench()
    bench.aws.around = Trouble(claiming, Death(), times=3)
    bench.upload(CAT)
    for _ in range(3):
        due = min(bench.aws.lambdas.dues(), key=lambda each: each.when)
        bench.aws.world.now = due.when
        invocation = bench.aws.lambdas.begin(due)
        assert invocation is not None
        bench.run(invocation)
    del bench.aws.world.objects["retake-inbox", "inbox/cat.json"]
    bench.settle()
    (key,) = bench.outbox()
    assert "/rejected/" in key


def test_several_uploads_in_one_event_all_become_jobs():
    bench = Bench()
    bench.upload(CAT, "inbox/a.json")
    bench.upload({**CAT, "prompt": "a dog"}, "inbox/b.json")
    first, second = bench.aws.world.asynchronous
    both = {"Records": json.loads(first.payload)["Records"] + json.loads(second.payload)["Records"]}
    bench.aws.world.asynchronous = (replace(first, payload=json.dumps(both)),)
    bench.settle()
    results = [bench.document(key) for key in bench.outbox() if key.endswith("result.json")]
    assert sorted(result["prompt"] for result in results) == ["a cat", "a dog"]


def test_a_lost_answer_of_s3_is_raised_and_the_queue_delivers_again():
    bench = Bench()
    bench.aws.around = Trouble(saving_outcome, Death("read timeout"), after=True)
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert len(bench.models.invoked) == 1
