"""Lambda's events, reduced; and names that are the same for every delivery of the same upload."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.events.lambda_events import arrivals, failed_invocation, uploads
from chalicelib.job.outbox_keys import JobPlace, job_name, stem
from chalicelib.ports import Place
from tests.job.stage import stage

MOMENT = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def s3_record(key: object, **thing: object) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-22T08:15:00.123Z",
        "s3": {"bucket": {"name": "inbox-bucket"}, "object": {"key": key, **thing}},
    }


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("inbox/a.json", "inbox/a.json"),
        ("inbox/a+b.json", "inbox/a b.json"),
        ("inbox/a%2Bb.json", "inbox/a+b.json"),
        ("inbox/%C3%A9%25.json", "inbox/é%.json"),
    ],
)
def test_keys_are_decoded_as_s3_encodes_them(sent: str, key: str):
    assert uploads({"Records": [s3_record(sent, eTag="e", sequencer="s")]})[0].place.key == key


def test_a_test_event_holds_no_upload():
    assert uploads({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}) == ()


@pytest.mark.parametrize(("sent", "version"), [("v1", "v1"), ("null", ""), ("", "")])
def test_a_suspended_buckets_null_is_no_version(sent: str, version: str):
    assert uploads({"Records": [s3_record("inbox/a.json", versionId=sent)]})[0].version == version


def test_a_message_without_a_name_gets_one_from_its_id_and_time():
    record = {
        "messageId": "id-1",
        "body": "{}",
        "attributes": {"SentTimestamp": "1795335300000", "ApproximateReceiveCount": "4"},
        "messageAttributes": {"revision": {"stringValue": "1", "dataType": "Number", "stringListValues": []}},
    }
    (arrival,) = arrivals({"Records": [record]}, stage())
    assert arrival.wire.attributes == {"revision": ("Number", "1")}
    assert re.fullmatch(r"message-20261122T081500Z-[0-9a-f]{8}", arrival.own_name)
    assert (arrival.place.job, arrival.receives) == (arrival.own_name, 4)
    (other,) = arrivals({"Records": [{**record, "messageId": "id-2"}]}, stage())
    assert other.own_name != arrival.own_name


def failed(record: object, context: object = None, response: object = None) -> str:
    """A record of an asynchronous invocation as it lies in the dead-letter queue."""
    payload = {"Records": [record]}
    return json.dumps({"requestPayload": payload, "requestContext": context, "responsePayload": response})


DISK = {"errorMessage": "disk full", "errorType": "OSError"}


@pytest.mark.parametrize(
    ("context", "response", "told"),
    [
        (
            {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
            DISK,
            "the S3 event failed 3 times: disk full",
        ),
        ({"condition": "RetriesExhausted", "approximateInvokeCount": 1}, DISK, "the S3 event failed 1 time: disk full"),
        ({"condition": "RetriesExhausted"}, None, "the S3 event failed: RetriesExhausted"),
        (
            {"condition": "EventAgeExceeded", "approximateInvokeCount": 0},
            None,
            "the S3 event waited too long for Lambda to begin (EventAgeExceeded, 0 tries)",
        ),
        (
            {"condition": "EventAgeExceeded", "approximateInvokeCount": 1},
            DISK,
            "the S3 event waited too long for Lambda to begin again (EventAgeExceeded, 1 try): disk full",
        ),
        (None, None, "the S3 event failed: no error was given"),
        ({"approximateInvokeCount": "3"}, {"errorMessage": [1]}, "the S3 event failed: [1]"),
        (None, {"errorMessage": "cannot read \ud83d"}, "the S3 event failed: cannot read"),
        (None, {"errorMessage": "a\x00b"}, "the S3 event failed: a b"),
    ],
)
def test_a_failed_invocation_is_unwrapped_and_told_as_it_was(context: object, response: object, told: str):
    found = failed_invocation(failed(s3_record("inbox/a.json"), context, response))
    assert found is not None
    assert ([upload.place.key for upload in found[0]], found[1]) == (["inbox/a.json"], told)


ODD: list[tuple[str, dict[str, Any]]] = [
    ("an ETag that is a number", s3_record("inbox/x.json", eTag=5)),
    ("a sequencer that is a number", s3_record("inbox/x.json", sequencer=5)),
    ("a version that is a number", s3_record("inbox/x.json", versionId=7)),
    ("a version with half a character", s3_record("inbox/x.json", versionId="\ud800")),
    ("an ETag of two lines", s3_record("inbox/x.json", eTag="a\nb")),
    ("a bucket that is a number", {**s3_record("k"), "s3": {"bucket": {"name": 5}, "object": {"key": "k"}}}),
    ("a time that is a number", {**s3_record("k"), "eventTime": 5}),
    ("a key that is a number", s3_record(5)),
    ("an empty key", s3_record("")),
    ("a key of 1,025 bytes", s3_record("x" * 1_025)),
    ("a key of 1,026 bytes", s3_record("%C3%A9" * 513)),
    ("half a character in the key", s3_record("inbox/\ud800.json")),
]


@pytest.mark.parametrize("record", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_what_s3_never_sends_is_no_failed_invocation(record: dict[str, Any]):
    assert failed_invocation(failed(record)) is None


def test_the_longest_key_is_one():
    found = failed_invocation(failed(s3_record("%C3%A9" * 512)))
    assert found is not None
    assert found[0][0].place.key == "é" * 512


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        "5",
        '{"prompt": "a"}',
        '{"requestPayload": 3}',
        "[" * 100_000,
        '{"requestPayload": {"Records": "abc"}}',
    ],
)
def test_any_other_body_is_no_failed_invocation(body: str):
    assert failed_invocation(body) is None


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("inbox/aurora.json", "aurora"),
        ("inbox/spring/my cat.json", "my-cat"),
        ("inbox/a+b é%.json", "a-b"),
        ("inbox/日本.json", "prompt"),
        ("inbox/" + "x" * 100 + ".json", "x" * 64),
        ("inbox/rejected.json", "rejected"),
    ],
)
def test_a_job_is_named_after_its_file(key: str, name: str):
    assert re.fullmatch(re.escape(name) + r"-20261122T081500Z-[0-9a-f]{8}", job_name(stem(key), MOMENT, "b", key))


def test_everything_has_its_place_below_the_prefix():
    place = JobPlace("bucket", "p/q", "job")
    assert place.record(1, 2) == Place("bucket", "p/q/job/001-002.json")
    assert place.image(1, 2).key == "p/q/job/001-002.png"
    assert place.image(1, 2, 3).key == "p/q/job/001-002-3.png"
    assert place.dead_letter(0, 0).key == "p/q/dead-letters/job-000-000.json"


BRIDGED = {
    "version": "0",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "time": "2026-11-22T08:15:00Z",
    "detail": {
        "bucket": {"name": "in"},
        "object": {"key": "inbox/a b+c.json", "etag": "e", "version-id": "v", "sequencer": "0055"},
    },
}


def test_eventbridges_object_created_is_an_upload_whose_key_stands_as_it_is():
    (upload,) = uploads(BRIDGED)
    assert (upload.place.bucket, upload.place.key) == ("in", "inbox/a b+c.json")
    assert (upload.version, upload.etag, upload.sequencer) == ("v", "e", "0055")
    thing = {**BRIDGED["detail"]["object"], "version-id": "null"}  # of a bucket whose versioning is suspended
    (again,) = uploads({**BRIDGED, "detail": {**BRIDGED["detail"], "object": thing}})
    assert (again.version, again.etag) == ("", "e")


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Service": "Amazon S3", "Event": "s3:ReducedRedundancyLostObject"},
        {**BRIDGED, "detail-type": "Object Deleted"},
        {"invocationSchemaVersion": "1.0", "job": {"id": "j"}, "tasks": [{"taskId": "t", "s3Key": "inbox/a.json"}]},
        {"Records": [{"eventName": "ObjectRemoved:Delete", "s3": {"bucket": {"name": "in"}, "object": {"key": "a"}}}]},
    ],
)
def test_an_event_that_is_no_upload_is_never_acknowledged_unseen(event):
    with pytest.raises((KeyError, ValueError)):
        uploads(event)


def test_only_the_test_event_is_let_go():
    assert uploads({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "in"}) == ()
