"""The door: what Lambda hands over, read once and reduced to what is used; wire names stay as AWS writes them.

An S3 upload, a message of SQS, and the invocation record of an S3 event whose tries ran out. Pure; must not read
objects or decide anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.job.arrival import Arrival, read_arrival
from chalicelib.job.outbox_keys import job_name
from chalicelib.ports import Place, WireMessage
from chalicelib.settings import Settings
from chalicelib.text.characters import cleaned

KEY_BYTES = 1_024


@dataclass(frozen=True)
class Upload:
    """One `ObjectCreated` record; empty `version`, `etag` or `sequencer` where the event has none."""

    place: Place
    version: str
    etag: str
    sequencer: str
    moment: datetime


def uploads(event: Mapping[str, Any]) -> tuple[Upload, ...]:
    """The uploads of an S3 event, or of EventBridge's "Object Created"; none for `s3:TestEvent`.

    Raises KeyError, TypeError, AttributeError or ValueError for anything else: it is told, never acknowledged unseen.
    """
    if event.get("Event") == "s3:TestEvent":
        return ()
    if event.get("detail-type") == "Object Created" and event.get("source") == "aws.s3":
        return (_announced_upload(event),)
    return tuple(_upload(record) for record in event["Records"])


def _announced_upload(event: Mapping[str, Any]) -> Upload:
    """EventBridge writes the key as it is, and other names (AWS documentation of S3's EventBridge events, 2026-11)."""
    thing = event["detail"]["object"]
    place = Place(_word(event["detail"]["bucket"]["name"]), _key(thing["key"]))
    return _upload_of(place, thing, "version-id", "etag", event["time"])


def _upload(record: Mapping[str, Any]) -> Upload:
    """Raises KeyError, TypeError, AttributeError or ValueError for what S3 does not send."""
    name = record.get("eventName", "ObjectCreated")
    if not name.startswith("ObjectCreated"):
        raise ValueError(f"an event {name[:100]!r} came; only ObjectCreated is listened to")
    thing = record["s3"]["object"]
    place = Place(_word(record["s3"]["bucket"]["name"]), _key(unquote_plus(_text(thing["key"]))))
    return _upload_of(place, thing, "versionId", "eTag", record["eventTime"])


def _upload_of(place: Place, thing: Mapping[str, Any], version_name: str, etag_name: str, moment: str) -> Upload:
    """A bucket whose versioning is suspended calls the version "null", as often as the key is written (AWS
    documentation of versioning, 2026-11): it tells no upload from another, so it counts as none."""
    version = _word(thing.get(version_name))
    return Upload(
        place=place,
        version="" if version == "null" else version,
        etag=_word(thing.get(etag_name)),
        sequencer=_word(thing.get("sequencer")),
        moment=datetime.fromisoformat(moment),
    )


def _word(value: object) -> str:
    """A name or mark that goes into a request's address or header; empty where there is none."""
    if value is None:
        return ""
    name = _text(value)
    if not (name.isascii() and name.isprintable()):
        raise ValueError(f"{name[:200]!r} is no name of S3's")
    return name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is needed, {type(value).__name__} came")
    return value


def _key(value: object) -> str:
    key = _text(value)
    if not 1 <= len(key.encode()) <= KEY_BYTES:  # encode raises ValueError for half a character
        raise ValueError(f"a key has 1 to {KEY_BYTES:,} bytes, {len(key.encode()):,} came")
    return key


def arrivals(event: Mapping[str, Any], settings: Settings) -> tuple[Arrival, ...]:
    """The messages of an SQS event."""
    return tuple(_arrival(record, settings) for record in event["Records"])


def _arrival(record: Mapping[str, Any], settings: Settings) -> Arrival:
    attributes = {
        name: (value["dataType"], value.get("stringValue") or "")
        for name, value in record.get("messageAttributes", {}).items()
    }
    system = record.get("attributes", {})
    sent = datetime.fromtimestamp(int(system.get("SentTimestamp", "0")) / 1000, UTC)
    own_name = job_name("message", sent, record["messageId"])
    receives = int(system.get("ApproximateReceiveCount", "1"))
    return read_arrival(WireMessage(record["body"], attributes), own_name, receives, settings)


def failed_invocation(body: str) -> tuple[tuple[Upload, ...], str] | None:
    """The uploads, at least one, and what became of an S3 event, as a sentence; None where the body is no such record.

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
    words = _how_it_was_given_up(context if isinstance(context, dict) else {}, str(words or ""))
    return (found, cleaned(words)) if found else None


def _how_it_was_given_up(context: Mapping[str, Any], words: str) -> str:
    """How an event was given up: every try failed, or it grew too old before there was room for a (further) one."""
    condition, count = context.get("condition"), context.get("approximateInvokeCount")
    tries = count if isinstance(count, int) else 0
    if condition == "EventAgeExceeded":
        again = " again" if tries else ""
        spelt = f"{condition}, {tries} {'try' if tries == 1 else 'tries'}"
        return f"the S3 event waited too long for Lambda to begin{again} ({spelt}){f': {words}' if words else ''}"
    often = f" {tries} {'time' if tries == 1 else 'times'}" if tries > 0 else ""
    return f"the S3 event failed{often}: {words or condition or 'no error was given'}"
