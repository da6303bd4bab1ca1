"""From what moto gives to what Lambda hands over, key by key (shapes: AWS documentation, 2026-11; tests/events).

Pure. moto's notification lacks a true sequencer and the version, and encodes the slashes of a key; that is mended here.
Who asked, and for whom, nobody reads: as moto has it.
The same notification always gives the same event, as two deliveries of one event are the same on AWS.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from chalicelib.local.names import ACCOUNT, REGION


def notified_place(notification: Mapping[str, Any]) -> tuple[str, str, str]:
    """Bucket, key (decoded) and ETag of a notification's only record."""
    about = notification["Records"][0]["s3"]
    return about["bucket"]["name"], unquote_plus(about["object"]["key"]), about["object"]["eTag"]


def s3_event(notification: Mapping[str, Any], version: str | None, identity: str, sent: int) -> dict[str, Any]:
    """`identity` and `sent` (ms) are the notification's own message id and time; `version` None: no versioning."""
    record = notification["Records"][0]
    last = hashlib.sha256(identity.encode()).hexdigest()[:4].upper()
    thing = record["s3"]["object"] | {
        "key": quote_plus(notified_place(notification)[1], safe="/"),
        "sequencer": f"00{sent:012X}{last}",
        "versionId": version,  # moto names it for some ways to upload only
    }
    if version is None:
        del thing["versionId"]
    return {"Records": [record | {"s3": record["s3"] | {"object": thing}}]}


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
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return {"Records": [record]}


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        shaped["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shaped["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shaped
