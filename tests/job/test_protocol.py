"""The table of the attempt protocol, row by row."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.job.message import Message
from chalicelib.job.protocol import (
    Acknowledge,
    Begin,
    EndCancelled,
    EndDead,
    Facts,
    GiveUpImage,
    MarkSuccessors,
    PutBack,
    SendNext,
    Step,
    StepOfCancel,
    TakeOver,
    WriteResult,
    decide,
    decide_cancel,
    successors,
)
from chalicelib.job.record import Follow, ImageRecord, NextMessage, Record, Status
from chalicelib.job.request import Request
from chalicelib.job.result import Result

NOW = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
IMAGE = ImageRecord(key="k", sha256="0" * 64, seed=1, generation=1, image_model="m")
FOLLOWING = NextMessage.of(Message(Request(prompt="a cat"), "job", "a cat", attempt=1))
RESULT = Result(
    status="FAIL",
    error="why",
    job="job",
    output_s3_bucket_url="",
    output_s3_object_url=None,
    image=None,
    accepted=False,
    revision=0,
    attempt=0,
    prompt="a cat",
    seed=None,
    image_model=None,
    vision_models=(),
    attempts=(),
    generations=0,
    cost_usd=0,
    started_at="",
    finished_at="",
)


def record(status: Status, **values: object) -> Record:
    return Record(
        **{
            "job": "job",
            "revision": 0,
            "attempt": 0,
            "status": status,
            "owner": "somebody",
            "lease_end": AFTER,
            "began_at": BEFORE,
            "updated_at": BEFORE,
            "generations": 1,
            "initial_prompt": "a cat",
            "prompt": "a cat",
            **values,
        }
    )


LEASED = record(Status.LEASED, deferrals=2)
LEASE_OVER = record(Status.LEASED, lease_end=BEFORE)
DEFERRED = record(Status.DEFERRED, lease_end=BEFORE, not_before=AFTER, deferrals=3)
DUE = record(Status.DEFERRED, not_before=BEFORE)
DUE_UNPAID = record(Status.DEFERRED, not_before=BEFORE, generations=0)
DUE_WITH_VERDICT = record(Status.DEFERRED, not_before=BEFORE, generations=2, images=(IMAGE,), judged="rejected")
DUE_AFTER_TWO = record(Status.LEASED, lease_end=BEFORE, generations=2)
ENDED = record(Status.OUTCOME, outcome="failed", next=Follow(result=RESULT))
ENDED_DEAD = record(Status.OUTCOME, outcome="failed", why="dead", next=Follow(result=RESULT))
GOES_ON = record(Status.OUTCOME, outcome="rejected", next=Follow(message=FOLLOWING))
WENT_ON = record(Status.OUTCOME, outcome="rejected", lease_end=BEFORE, next=Follow(message=FOLLOWING))
MARK = record(Status.CANCELLING, attempt=1, generations=0)

ROWS: list[tuple[str, Facts, Step, Step]] = [
    ("absent", Facts(None, NOW), Begin(), EndDead(None)),
    ("marked", Facts(MARK, NOW), EndCancelled(MARK), EndCancelled(MARK)),
    ("leased", Facts(LEASED, NOW), PutBack(AFTER, 2), PutBack(AFTER, 2)),
    ("deferred, not due", Facts(DEFERRED, NOW), PutBack(AFTER, 3), PutBack(AFTER, 3)),
    ("due, image there", Facts(DUE, NOW, image_there=True), TakeOver(DUE, False), EndDead(DUE)),
    ("due, verdict there", Facts(DUE_WITH_VERDICT, NOW), TakeOver(DUE_WITH_VERDICT, False), EndDead(DUE_WITH_VERDICT)),
    ("due, nothing paid", Facts(DUE_UNPAID, NOW), TakeOver(DUE_UNPAID, True), EndDead(DUE_UNPAID)),
    ("due, one generation", Facts(DUE, NOW), TakeOver(DUE, True), EndDead(DUE)),
    ("lease over, one generation", Facts(LEASE_OVER, NOW), TakeOver(LEASE_OVER, True), EndDead(LEASE_OVER)),
    ("due, two generations", Facts(DUE_AFTER_TWO, NOW), GiveUpImage(DUE_AFTER_TWO), EndDead(DUE_AFTER_TWO)),
    (
        "two generations, image there",
        Facts(DUE_AFTER_TWO, NOW, image_there=True),
        TakeOver(DUE_AFTER_TWO, False),
        EndDead(DUE_AFTER_TWO),
    ),
    ("result follows", Facts(ENDED, NOW), WriteResult(RESULT), WriteResult(RESULT)),
    ("result follows, dead", Facts(ENDED_DEAD, NOW), WriteResult(RESULT, True), WriteResult(RESULT, True)),
    ("successor open", Facts(GOES_ON, NOW, successor=LEASED), Acknowledge(), Acknowledge()),
    ("successor went on", Facts(GOES_ON, NOW, successor=WENT_ON), Acknowledge(), Acknowledge()),
    ("successor ended", Facts(GOES_ON, NOW, successor=ENDED), WriteResult(RESULT), WriteResult(RESULT)),
    ("successor dead", Facts(GOES_ON, NOW, successor=ENDED_DEAD), WriteResult(RESULT), WriteResult(RESULT)),
    ("successor marked, lease running", Facts(GOES_ON, NOW, successor=MARK), PutBack(AFTER, 0), SendNext(FOLLOWING)),
    ("successor marked", Facts(WENT_ON, NOW, successor=MARK), SendNext(FOLLOWING), SendNext(FOLLOWING)),
    ("no successor, lease running", Facts(GOES_ON, NOW), PutBack(AFTER, 0), SendNext(FOLLOWING)),
    ("no successor, lease over", Facts(WENT_ON, NOW), SendNext(FOLLOWING), SendNext(FOLLOWING)),
]


@pytest.mark.parametrize(("facts", "alive", "dead"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_row_of_the_table(facts: Facts, alive: Step, dead: Step):
    assert decide(facts) == alive
    assert decide(Facts(facts.record, facts.now, True, facts.image_there, facts.successor)) == dead


def test_a_claim_is_due_at_the_very_second_its_time_has_come():
    at_once = record(Status.DEFERRED, not_before=NOW)
    assert decide(Facts(at_once, NOW)) == TakeOver(at_once, True)


def test_a_successor_that_is_still_at_it_is_believed_and_its_result_is_not_written_for_it():
    following = Follow(message=FOLLOWING)
    done = Record(
        job="job",
        revision=0,
        attempt=0,
        status=Status.OUTCOME,
        owner="a",
        lease_end=BEFORE,
        began_at=BEFORE,
        updated_at=BEFORE,
        initial_prompt="a cat",
        prompt="a cat",
        next=following,
    )
    at_it = done.with_changes(attempt=1, status=Status.LEASED, next=Follow(result=RESULT))
    assert decide(Facts(done, NOW, successor=at_it)) == Acknowledge()
    assert decide(Facts(done, NOW, successor=at_it.with_changes(status=Status.OUTCOME))) == WriteResult(RESULT)


OF_A_CANCEL: list[tuple[str, Record | None, StepOfCancel]] = [
    ("absent", None, EndCancelled(None)),
    ("marked", MARK, EndCancelled(MARK)),
    ("deferred, not due", DEFERRED, EndCancelled(DEFERRED)),
    ("deferred, due", DUE, EndCancelled(DUE)),
    ("lease over", LEASE_OVER, EndCancelled(LEASE_OVER)),
    ("leased", LEASED, MarkSuccessors(LEASED)),
    ("result follows", ENDED, WriteResult(RESULT)),
    ("result follows, dead", ENDED_DEAD, WriteResult(RESULT, True)),
]


@pytest.mark.parametrize(("found", "step"), [row[1:] for row in OF_A_CANCEL], ids=[row[0] for row in OF_A_CANCEL])
def test_each_row_of_a_cancels_table(found: Record | None, step: StepOfCancel):
    assert decide_cancel(found, NOW) == step


def test_a_lease_that_ends_this_very_second_is_taken_over_by_a_cancel():
    over = record(Status.LEASED, lease_end=NOW)
    assert decide_cancel(over, NOW) == EndCancelled(over)


@pytest.mark.parametrize(
    ("revision", "attempt", "following"),
    [
        (0, 0, [(0, 1), (1, 0)]),
        (0, 1, [(0, 2), (1, 0)]),
        (0, 2, [(1, 0)]),
        (1, 1, [(1, 2)]),
        (1, 2, []),
    ],
)
def test_what_can_follow_an_attempt_lies_within_its_own_attempts_and_prompts(
    revision: int, attempt: int, following: list[tuple[int, int]]
):
    assert successors(record(Status.LEASED, revision=revision, attempt=attempt), 3, 2) == following
