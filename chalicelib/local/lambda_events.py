"""What Lambda hands over, key by key (shapes: AWS documentation, 2026-11; tests/events). Pure.

They have what anybody reads; who uploaded, what was configured, and the hash of a message's attributes are left out.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from chalicelib.local.names import ACCOUNT, REGION
from chalicelib.ports import Place


def s3_event(place: Place, head: Mapping[str, Any], nanoseconds: int) -> dict[str, Any]:
    """Of an object written at this time; `head` is what HeadObject says of it (boto3's capitals)."""
    moment = datetime.fromtimestamp(nanoseconds / 1e9, UTC).isoformat(timespec="milliseconds")
    thing = {
        "key": quote_plus(place.key, safe="/"),
        "size": head["ContentLength"],
        "eTag": head["ETag"].strip('"'),
        "sequencer": f"{nanoseconds:018X}",
    }
    if "VersionId" in head:
        thing["versionId"] = head["VersionId"]
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": moment.replace("+00:00", "Z"),
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": place.bucket}, "object": thing},
    }
    return {"Records": [record]}


def sqs_event(message: Mapping[str, Any], queue: str) -> dict[str, Any]:
    """A batch of one, from a message as ReceiveMessage gives it (boto3's capitals)."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        shaped["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shaped["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shaped
