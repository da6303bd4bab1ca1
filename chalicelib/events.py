"""What Lambda hands over, reduced to what is used; wire names stay as AWS writes them.

An S3 upload, an SQS record, and the invocation record of an S3 event whose tries ran out. Pure; must not read
objects or decide anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.outbox_keys import job_name
from chalicelib.ports import Place, WireMessage


@dataclass(frozen=True)
class Upload:
    """One `ObjectCreated` record; empty `version`, `etag` or `sequencer` where the event has none."""

    place: Place
    version: str
    etag: str
    sequencer: str
    moment: datetime


@dataclass(frozen=True)
class Letter:
    """One SQS record: the message as it came, the name its job gets if it bears none, and how often it was received."""

    wire: WireMessage
    job: str
    receives: int


def uploads(event: Mapping[str, Any]) -> tuple[Upload, ...]:
    """The uploads of an S3 event; none for `s3:TestEvent`, which has no `Records`."""
    return tuple(_upload(record) for record in event.get("Records", ()))


def _upload(record: Mapping[str, Any]) -> Upload:
    thing = record["s3"]["object"]
    return Upload(
        place=Place(record["s3"]["bucket"]["name"], unquote_plus(thing["key"])),
        version=thing.get("versionId") or "",
        etag=thing.get("eTag") or "",
        sequencer=thing.get("sequencer") or "",
        moment=datetime.fromisoformat(record["eventTime"]),
    )


def letters(event: Mapping[str, Any]) -> tuple[Letter, ...]:
    """The messages of an SQS event."""
    return tuple(_letter(record) for record in event["Records"])


def _letter(record: Mapping[str, Any]) -> Letter:
    attributes = {
        name: (value["dataType"], value.get("stringValue") or "")
        for name, value in record.get("messageAttributes", {}).items()
    }
    system = record.get("attributes", {})
    sent = datetime.fromtimestamp(int(system.get("SentTimestamp", "0")) / 1000, UTC)
    return Letter(
        wire=WireMessage(record["body"], attributes),
        job=job_name("message", sent, record["messageId"]),
        receives=int(system.get("ApproximateReceiveCount", "1")),
    )


def failed_invocation(body: str) -> tuple[tuple[Upload, ...], str] | None:
    """The uploads, at least one, and the error of an asynchronous invocation's record; None where the body is none.

    Lambda sends it to the failure destination: `requestPayload` is the S3 event, `responsePayload` the error
    (AWS documentation of asynchronous invocation, 2026-11).
    """
    try:
        record = json.loads(body)
        payload = record["requestPayload"]
        found = uploads(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    response, context = record.get("responsePayload"), record.get("requestContext")
    words = response.get("errorMessage") if isinstance(response, dict) else None
    condition = context.get("condition") if isinstance(context, dict) else None
    return (found, str(words or condition or "no error was given")) if found else None
