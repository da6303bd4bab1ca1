"""What an object in the outbox tells of a job, and what it does not."""

import io
from datetime import UTC, datetime
from typing import Any

from chalicelib.follow.job_events import AttemptSeen, Outbox
from chalicelib.job.record import Follow, NextMessage, Record, Status
from chalicelib.ports import Place

NOW = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
PLACE = Place("out", "mine/cats/000-000.json")
RECORD = Record(
    job="cats",
    revision=0,
    attempt=0,
    status=Status.OUTCOME,
    owner="o",
    lease_end=NOW,
    began_at=NOW,
    updated_at=NOW,
    initial_prompt="a cat",
    prompt="a cat",
    next=Follow(message=NextMessage(body="{}", attributes={}, revision=1, attempt=0)),
)


class Holding:
    """S3 with one object."""

    def __init__(self, record: Record) -> None:
        self.body = record.as_json()

    def get_object(self, **_: object) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.body)}


def told(record: Record) -> list[object]:
    return list(Outbox(Holding(record), "in").events(PLACE))


def test_a_record_that_only_says_where_a_job_was_resumed_is_no_attempt():
    assert told(RECORD) == []


def test_a_record_with_an_outcome_is_one():
    (event,) = told(RECORD.with_changes(outcome="rejected"))
    assert isinstance(event, AttemptSeen)
