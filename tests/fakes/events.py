"""The events Lambda hands to a handler, in the exact shape AWS gives them (AWS documentation of S3 event messages, SQS
event source mappings and asynchronous destinations, 2026-11)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from tests.fakes.world import ACCOUNT, REGION, ObjectVersion, QueuedMessage, QueueSettings


def moment(seconds: float) -> str:
    """ISO time in UTC with milliseconds, as S3 and Lambda write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def s3_event(bucket: str, key: str, version: ObjectVersion, versioned: bool) -> str:
    """The JSON text of one ObjectCreated:Put; the key is form-encoded, the ETag without quotes."""
    thing: dict[str, Any] = {
        "key": quote_plus(key, safe="/*"),
        "size": len(version.body),
        "eTag": version.etag.strip('"'),
        "sequencer": version.sequencer,
    }
    if versioned:
        thing["versionId"] = version.version
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": moment(version.modified),
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:EXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "EXAMPLE", "x-amz-id-2": "EXAMPLE"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "inbox",
            "bucket": {"name": bucket, "ownerIdentity": {"principalId": "EXAMPLE"}, "arn": f"arn:aws:s3:::{bucket}"},
            "object": thing,
        },
    }
    return json.dumps({"Records": [record]})


def sqs_event(queue: QueueSettings, message: QueuedMessage) -> dict[str, Any]:
    """One received message as the event source mapping hands it over; Lambda spells `stringValue` in lower case."""
    system = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": str(int(message.sent * 1000)),
        "SenderId": "EXAMPLE",
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received or 0) * 1000)),
    }
    if message.group:
        system["MessageGroupId"] = message.group
    if message.source:
        system["DeadLetterQueueSourceArn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{message.source}"
    record = {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": system,
        "messageAttributes": {
            name: {"stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": kind}
            for name, (kind, value) in message.attributes
        },
        "md5OfBody": hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def invocation_record(
    *, request: str, function: str, tries: int, payload: str, now: float, condition: str, error: dict[str, str]
) -> str:
    """What an on-failure destination receives about an asynchronous event given up."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:$LATEST"
    record = {
        "version": "1.0",
        "timestamp": moment(now),
        "requestContext": {
            "requestId": request,
            "functionArn": arn,
            "condition": condition,
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(payload),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": error,
    }
    return json.dumps(record)
