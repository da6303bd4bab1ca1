"""Lambda's events, reduced; and names that are the same for every delivery of the same upload."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib.events import failed_invocation, letters, uploads
from chalicelib.outbox_keys import image_key, job_name, letter_key, record_key, stem

MOMENT = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def s3_record(key: str, **thing: str) -> dict[str, object]:
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


def test_a_message_without_a_name_gets_one_from_its_id_and_time():
    record = {
        "messageId": "id-1",
        "body": "{}",
        "attributes": {"SentTimestamp": "1795335300000", "ApproximateReceiveCount": "4"},
        "messageAttributes": {"revision": {"stringValue": "1", "dataType": "Number", "stringListValues": []}},
    }
    letter = letters({"Records": [record]})[0]
    assert letter.wire.attributes == {"revision": ("Number", "1")}
    assert re.fullmatch(r"message-20261122T081500Z-[0-9a-f]{8}", letter.job)
    assert letter.receives == 4
    assert letters({"Records": [{**record, "messageId": "id-2"}]})[0].job != letter.job


def test_a_failed_invocation_is_unwrapped():
    body = (
        '{"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": {"Records": ['
        '{"eventTime": "2026-11-22T08:15:00Z", "s3": {"bucket": {"name": "b"}, "object": {"key": "inbox/a.json"}}}]},'
        '"responsePayload": {"errorMessage": "disk full"}}'
    )
    found = failed_invocation(body)
    assert found is not None
    assert (found[0][0].place.key, found[1]) == ("inbox/a.json", "disk full")


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "5", '{"prompt": "a"}', '{"requestPayload": 3}', "[" * 100_000])
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
    assert record_key("p/q", "job", 1, 2) == "p/q/job/001-002.json"
    assert image_key("p/q", "job", 1, 2) == "p/q/job/001-002.png"
    assert image_key("p/q", "job", 1, 2, 3) == "p/q/job/001-002-3.png"
    assert letter_key("p/q", "job", 0, 0) == "p/q/dead-letters/job-000-000.json"
