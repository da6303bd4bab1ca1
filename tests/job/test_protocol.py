"""The table of the attempt protocol, row by row."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.job.message import Message
from chalicelib.job.protocol import (
    Acknowledge,
    Begin,
    EndDead,
    Facts,
    GiveUpImage,
    PutBack,
    SendNext,
    Step,
    TakeOver,
    WriteResult,
    decide,
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

ROWS: list[tuple[str, Facts, Step, Step]] = [
    ("absent", Facts(None, NOW), Begin(), EndDead(None)),
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
