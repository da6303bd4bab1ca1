"""The pump's events beside those AWS documents: the same keys, the same types, the same spelling."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from chalicelib.local.engine import Engine
from chalicelib.local.lambda_events import s3_event, sqs_event
from chalicelib.ports import Place
from tests.local.pumping import eventually, pumping, send, upload

RECORDED = Path(__file__).parent.parent / "events"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text())


def shape(value: Any) -> Any:
    """Keys and types, without the values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """What a part says itself, without its own parts; of them nobody reads who uploaded."""
    return {name: value for name, value in part.items() if not isinstance(value, dict)}


def test_an_upload_arrives_in_the_shape_of_the_event_that_aws_documents(engine: Engine) -> None:
    with pumping(engine) as application:
        upload(engine, "inbox/aurora.json")
        assert eventually(lambda: bool(application.events("on_prompt")))
    sent, documented = application.events("on_prompt")[0]["Records"][0], recorded("s3_put.json")["Records"][0]
    assert shape(sent["s3"]["object"]) == shape(documented["s3"]["object"])
    assert shape(_plain(sent)) == shape(_plain(documented))
    assert sent["s3"]["bucket"]["name"] == engine.names.inbox


def test_the_event_names_version_size_and_hash_of_the_upload(engine: Engine) -> None:
    with pumping(engine) as application:
        version = upload(engine, "inbox/aurora.json", b'{"prompt": "a lake"}')
        assert eventually(lambda: bool(application.events("on_prompt")))
    thing = application.events("on_prompt")[0]["Records"][0]["s3"]["object"]
    assert (thing["versionId"], thing["size"], len(thing["eTag"])) == (version, 20, 32)
    assert re.fullmatch("[0-9A-F]{18}", thing["sequencer"])


@pytest.mark.parametrize(
    ("key", "on_the_wire"),
    [
        ("inbox/plain.json", "inbox/plain.json"),
        ("inbox/two words.json", "inbox/two+words.json"),
        ("inbox/a+b.json", "inbox/a%2Bb.json"),
        ("inbox/café.json", "inbox/caf%C3%A9.json"),
        ("inbox/100%.json", "inbox/100%25.json"),
        ("inbox/夜景.json", "inbox/%E5%A4%9C%E6%99%AF.json"),
        ("inbox/deep/er (1).json", "inbox/deep/er+%281%29.json"),
    ],
)
def test_keys_are_encoded_as_a_form_and_slashes_are_not(engine: Engine, key: str, on_the_wire: str) -> None:
    with pumping(engine) as application:
        upload(engine, key)
        assert eventually(lambda: bool(application.events("on_prompt")))
    thing = application.events("on_prompt")[0]["Records"][0]["s3"]["object"]
    assert (thing["key"], unquote_plus(thing["key"])) == (on_the_wire, key)


def test_two_uploads_of_one_content_are_two_events_with_their_own_sequencers(engine: Engine) -> None:
    with pumping(engine) as application:
        upload(engine, "inbox/twice.json")
        upload(engine, "inbox/twice.json")
        assert eventually(lambda: len(application.events("on_prompt")) == 2)
    things = [event["Records"][0]["s3"]["object"] for event in application.events("on_prompt")]
    assert len({thing["sequencer"] for thing in things}) == 2


def test_the_event_of_a_bucket_without_versions_names_none() -> None:
    event = s3_event(Place("in", "inbox/a.json"), {"ContentLength": 2, "ETag": '"e"'}, 1_700_000_000_000_000_000)
    (record,) = event["Records"]
    assert record["eventTime"] == "2023-11-14T22:13:20.000Z"
    thing = {"key": "inbox/a.json", "size": 2, "eTag": "e", "sequencer": f"00{1_700_000_000_000_000_000:X}"}
    assert record["s3"]["object"] == thing


def test_only_files_below_the_inbox_are_events(engine: Engine) -> None:
    with pumping(engine) as application:
        for key in ("inbox/picture.png", "elsewhere/a.json", "inboxes/a.json", "inbox/last.json"):
            upload(engine, key)
        assert eventually(lambda: len(application.events("on_prompt")) == 2)
    keys = [event["Records"][0]["s3"]["object"]["key"] for event in application.events("on_prompt")]
    assert keys == ["inbox/picture.png", "inbox/last.json"]  # what is no prompt file is refused with a record


def test_a_message_arrives_in_the_shape_of_the_event_that_aws_documents(engine: Engine) -> None:
    with pumping(engine) as application:
        send(engine, "Test message.", myAttribute=("String", "myValue"))
        assert eventually(lambda: bool(application.events("on_attempt")))
    documented = recorded("sqs_message.json")
    del documented["Records"][0]["md5OfMessageAttributes"]  # nobody reads it
    assert shape(application.events("on_attempt")[0]) == shape(documented)


def test_a_message_keeps_body_id_and_attributes(engine: Engine) -> None:
    with pumping(engine) as application:
        message_id = send(engine, "夜景", revision=("Number", "1"), prompt=("String", "オーロラ"))
        assert eventually(lambda: bool(application.events("on_attempt")))
    record = application.events("on_attempt")[0]["Records"][0]
    assert (record["messageId"], record["body"]) == (message_id, "夜景")
    assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:123456789012:{engine.names.queue}"
    assert {name: (value["dataType"], value["stringValue"]) for name, value in record["messageAttributes"].items()} == {
        "revision": ("Number", "1"),
        "prompt": ("String", "オーロラ"),
    }


def test_a_bare_message_has_no_attributes_of_its_own() -> None:
    attributes = {"SentTimestamp": "1545082649183", "ApproximateReceiveCount": "1"}
    message = {"MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "5", "Attributes": attributes}
    assert sqs_event(message, "work")["Records"][0]["messageAttributes"] == {}


def test_binary_attributes_travel_as_base64() -> None:
    attributes = {"blob": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}}
    message = {"MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "5", "Attributes": {}}
    message["MessageAttributes"] = attributes
    assert sqs_event(message, "work")["Records"][0]["messageAttributes"]["blob"]["binaryValue"] == "AAE="
