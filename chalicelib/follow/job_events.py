"""What an object written into an outbox tells of a job, as values; the outbox is all there is to follow, as on AWS.

Reads the objects it is told of; must not wait, print, or know files.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.job.outbox_keys import read_key
from chalicelib.job.record import Record, Status
from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.job.result import Result
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class AttemptSeen:
    """Somebody is at an attempt, has put it off, or it has its outcome: its record's status says which."""

    record: Record


@dataclass(frozen=True)
class JobEnded:
    """A job has its result; `place` is that of `result.json`."""

    place: Place
    result: Result


@dataclass(frozen=True)
class JobRefused:
    """A prompt file or message was refused."""

    place: Place
    job: str
    error: str


@dataclass(frozen=True)
class DeadLetterKept:
    """A message could not be processed and is kept, ready to be sent again."""

    place: Place
    job: str
    error: str


@dataclass(frozen=True)
class Unreadable:
    """An object stands where the product writes, but is none of its own, or is gone again."""

    place: Place


@dataclass(frozen=True)
class Undelivered:
    """An event or message that this machine's AWS could not hand over: nothing will come of it."""

    queue: str
    why: str


JobEvent = AttemptSeen | JobEnded | JobRefused | DeadLetterKept | Unreadable | Undelivered


class Outbox:
    """Turns written objects into events, each told once however often its record is written again."""

    def __init__(self, s3: "S3Client", inbox: str) -> None:
        self._s3 = s3
        self._inbox = inbox
        self._told: set[tuple[object, ...]] = set()

    def events(self, written: Place | Undelivered) -> Iterator[JobEvent]:
        """What the object at this place tells; nothing for images, reports and whatever lies in the inbox."""
        if isinstance(written, Undelivered):
            yield written
        elif written.bucket != self._inbox or not written.key.startswith(INBOX_PREFIX):
            try:
                yield from self._read_at(written)
            except (ClientError, ValueError, KeyError, TypeError, RecursionError):
                yield Unreadable(written)

    def _read_at(self, place: Place) -> Iterator[JobEvent]:
        found = read_key(place.key)
        if found is None:
            return
        match found.kind:
            case "dead-letters":
                yield DeadLetterKept(place, found.job, self._error(place))
            case "rejected":
                yield JobRefused(place, found.job, self._error(place))
            case "result":
                yield JobEnded(place, Result.model_validate_json(self._read(place)))
            case "record":
                yield from self._of_record(place, Record.model_validate_json(self._read(place)))

    def _of_record(self, place: Place, record: Record) -> Iterator[JobEvent]:
        identity = (place, record.status, record.deferrals if record.status is Status.DEFERRED else None)
        # a job resumed elsewhere has an outcome without any; a mark holds a place and is no attempt
        is_attempt = bool(record.outcome) if record.status is Status.OUTCOME else record.status is not Status.CANCELLING
        if is_attempt and identity not in self._told:
            self._told.add(identity)
            yield AttemptSeen(record)

    def _error(self, place: Place) -> str:
        return str(json.loads(self._read(place))["error"])

    def _read(self, place: Place) -> bytes:
        return self._s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
