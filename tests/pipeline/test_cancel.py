"""A job that its user ends: each place it can stand at as a story. The simulator tries every moment."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalicelib.attempt.cancel import Ended, NotBegun, UnderWay, cancel
from chalicelib.errors import Declined, Refused
from chalicelib.job.outbox_keys import JobPlace
from tests.fakes.aws import Effect
from tests.pipeline.bench import NO, REVISION, YES, Bench, Models, Seen, asks_for, spoken
from tests.pipeline.test_deliveries import Death, Trouble

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2}
JOB = {"job": ("String", "cats")}
PLACE = JobPlace("retake-outbox", "generated-images", "cats")
BUSY = Declined("m", "Too many requests")


def rejecting(model: str, request: Any) -> Any:
    return NO if asks_for(request) == "verify" else REVISION


def cancelled(bench: Bench) -> NotBegun | UnderWay | Ended:
    return cancel(bench.services(), PLACE)


def ended(bench: Bench) -> tuple[str, list[tuple[int, int, str]]]:
    lines = bench.result["attempts"]
    return bench.result["status"], [(line["revision"], line["attempt"], line["outcome"]) for line in lines]


def deliver(bench: Bench) -> None:
    """What is due next, and nothing else."""
    due = min(bench.aws.lambdas.dues(), key=lambda each: (each.when, each.order))
    bench.aws.world.now = max(bench.aws.world.now, due.when)
    if invocation := bench.aws.lambdas.begin(due):
        bench.run(invocation)


def test_what_has_not_begun_is_left_alone():
    bench = Bench()
    bench.inject(CAT, **JOB)
    assert cancelled(bench) == NotBegun()
    assert bench.outbox() == []
    bench.settle()
    assert bench.result["status"] == "SUCCESS"


def test_between_two_attempts_it_ends_at_once_and_the_message_in_flight_finds_that():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject(CAT, **JOB)
    deliver(bench)
    told = cancelled(bench)
    assert isinstance(told, Ended)
    assert json.loads(told.result.as_json()) == bench.result
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])
    before = bench.outbox()
    bench.settle()
    assert bench.outbox() == before
    assert len(bench.models.invoked) == 1


def test_its_result_looks_like_a_fail_and_its_best_image_is_told():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject(CAT, **JOB)
    deliver(bench)
    cancelled(bench)
    result = bench.result
    assert "message" not in result
    assert (result["error"], result["accepted"], result["image"]) == ("the job was cancelled", False, None)
    assert (result["best"]["image"], result["best"]["lacking"]) == (
        "generated-images/cats/000-000.png",
        ["a cat"],
    )
    assert result["output_s3_object_url"].endswith("000-000.png")
    assert (result["generations"], result["images_made"]) == (1, 1)
    assert "Cancelled" in bench.aws.s3.get(PLACE.bucket, PLACE.report.key).body.decode()


def test_a_deferred_attempt_is_taken_over_and_its_picture_is_kept():
    """Drawn, and its judge was busy."""
    answers = iter([BUSY])
    bench = Bench(Models(on_converse=lambda model, request: next(answers, YES)))
    bench.inject(CAT, **JOB)
    deliver(bench)
    assert isinstance(cancelled(bench), Ended)
    assert ended(bench) == ("CANCELLED", [(0, 0, "cancelled")])
    assert bench.result["best"]["image"] == "generated-images/cats/000-000.png"
    bench.settle()
    assert (len(bench.models.invoked), len(bench.models.conversed)) == (1, 1)


def test_a_verdict_stays_although_the_prompt_was_still_to_be_rewritten():
    def judge(model: str, request: Mapping[str, Any]) -> Any:
        return NO if asks_for(request) == "verify" else BUSY

    bench = Bench(Models(on_converse=judge))
    bench.inject({**CAT, "max_retry_attempts": 1}, **JOB)
    deliver(bench)
    assert isinstance(cancelled(bench), Ended)
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected")])
    assert "a dog" in bench.result["attempts"][0]["reason"]


def test_a_picture_that_nobody_wrote_down_is_told_too():
    """The process died after it was saved; its lease is over."""
    bench = Bench()
    bench.aws.around = Trouble(lambda effect: effect.target.endswith(".png"), Death(), after=True)
    bench.inject(CAT, **JOB)
    deliver(bench)
    bench.aws.world.now += 400
    assert isinstance(cancelled(bench), Ended)
    assert bench.result["best"]["image"] == "generated-images/cats/000-000.png"
    assert bench.document("cats/000-000.json")["images"][0]["thumbnail"] is None
    bench.settle()
    assert len(bench.models.invoked) == 1


def test_an_accepted_image_wins_over_the_cancel():
    """The first of two is accepted by all its looks; the judge of the second was busy."""
    answers = iter([YES, spoken({"shows": "a cat", "faults": [], "grade": 10}), BUSY, BUSY])
    bench = Bench(Models(on_converse=lambda model, request: next(answers)))
    bench.inject({**CAT, "nova_canvas_number_of_images": 2}, **JOB)
    deliver(bench)
    assert bench.document("cats/000-000.json")["status"] == "deferred"
    told = cancelled(bench)
    assert isinstance(told, Ended)
    assert (told.result.status, told.result.image) == ("SUCCESS", "generated-images/cats/000-000.png")
    assert any("the job was cancelled" in note for note in told.result.notes)


def test_an_ended_job_stays_as_it_ended_and_a_result_that_is_missing_is_written():
    bench = Bench(Models(on_converse=rejecting))
    bench.aws.around = Trouble(lambda effect: effect.target.endswith("result.json"), Death(), times=50)
    bench.inject({**CAT, "max_retry_attempts": 1, "max_prompt_revisions": 1}, **JOB)
    deliver(bench)
    assert not [key for key in bench.outbox() if key.endswith("result.json")]
    bench.aws.around = Trouble(lambda effect: False, Death())
    told = cancelled(bench)
    assert isinstance(told, Ended)
    assert ended(bench) == ("FAIL", [(0, 0, "rejected")])
    assert cancelled(bench) == told


def test_a_record_that_moves_while_it_is_looked_at_is_looked_at_again():
    """The attempt is put off just before its successors are marked: seen, and ended at once."""
    answers = iter([BUSY])
    bench = Bench(Models(on_converse=lambda model, request: next(answers, YES)))
    bench.inject(CAT, **JOB)
    begun = bench.aws.around
    told: list[Any] = []

    def around(effect: Effect, perform: Callable[[], Any]) -> Any:
        if effect.operation == "replace" and not told:  # the deferral: between a cancel's look and its marks
            told.append(None)
            bench.aws.around = moved(perform)
            told[0] = cancelled(bench)
            bench.aws.around = begun
            raise Death
        return perform()

    def moved(deferral: Callable[[], Any]) -> Callable[[Effect, Callable[[], Any]], Any]:
        def first_mark(effect: Effect, perform: Callable[[], Any]) -> Any:
            if effect.operation == "create" and effect.target.endswith("000-001.json"):
                deferral()
            return perform()

        return first_mark

    bench.aws.around = around
    deliver(bench)
    assert isinstance(told[0], Ended)
    assert ended(bench) == ("CANCELLED", [(0, 0, "cancelled")])


def test_a_job_resumed_elsewhere_is_cancelled_where_it_was_resumed():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject({**CAT, "max_retry_attempts": 3}, **JOB, attempt=("Number", "1"))
    deliver(bench)
    assert isinstance(cancelled(bench), Ended)
    assert ended(bench) == ("CANCELLED", [(0, 1, "rejected"), (0, 2, "cancelled")])


def test_of_the_pictures_of_all_attempts_the_best_is_told():
    seen = iter([Seen({2: "no hat"}), Seen({1: "a dog", 2: "no hat"})])

    def judge(model: str, request: Mapping[str, Any]) -> Any:
        return next(seen) if asks_for(request) == "verify" else REVISION

    bench = Bench(Models(on_converse=judge))
    bench.inject({**CAT, "requirements": ["a cat", "a hat"], "max_retry_attempts": 3}, **JOB)
    deliver(bench)
    deliver(bench)
    cancelled(bench)
    assert bench.result["best"]["image"].endswith("000-000.png")
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected", "rejected", "cancelled"]


def test_a_record_that_keeps_no_request_is_not_touched():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject(CAT, **JOB)
    deliver(bench)
    record = {**bench.document("cats/000-000.json"), "request": None}
    bench.aws.s3.put(PLACE.bucket, PLACE.record(0, 0).key, json.dumps(record).encode())
    before = bench.outbox()
    with pytest.raises(Refused, match="holds no request"):
        cancelled(bench)
    assert bench.outbox() == before
