"""SQS's JSON protocol: the operations of the pipeline, of the event source mapping, and of a test that looks in."""

import hashlib
import json
import struct
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from tests.fakes.aws import InMemoryAws
from tests.fakes.errors import AwsError
from tests.fakes.http import Answer, body_of, header, json_answer
from tests.fakes.world import Attributes, QueuedMessage


def answer(aws: InMemoryAws, request: AWSPreparedRequest) -> Answer:
    operation = (header(request, "X-Amz-Target") or "").partition(".")[2]
    parameters = json.loads(body_of(request))
    try:
        return json_answer(OPERATIONS[operation](aws, parameters))
    except AwsError as error:
        code = f"com.amazonaws.sqs#{error.code}"
        legacy = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}.get(error.code, error.code)
        words = {"__type": code, "message": error.words}
        return json_answer(words, error.status, **{"x-amzn-query-error": f"{legacy};Sender"})


def _queue(parameters: dict[str, Any]) -> str:
    return str(parameters["QueueUrl"]).rsplit("/", 1)[-1]


def _queue_url(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    name = parameters["QueueName"]
    return {"QueueUrl": aws.carry_out("sqs", "queue_url", name, lambda there: there.sqs.settings(name).url)}


def _create_queue(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    settings = parameters.get("Attributes", {})
    redrive = json.loads(settings.get("RedrivePolicy", "{}"))
    queue = aws.sqs.create_queue(
        parameters["QueueName"],
        visibility=float(settings.get("VisibilityTimeout", 30)),
        max_receives=int(redrive["maxReceiveCount"]) if redrive else None,
        dead_letters=redrive["deadLetterTargetArn"].rsplit(":", 1)[-1] if redrive else None,
    )
    return {"QueueUrl": queue.url}


def _queue_attributes(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    queue = aws.sqs.settings(_queue(parameters))
    return {"Attributes": {"QueueArn": queue.arn, "VisibilityTimeout": str(int(queue.visibility))}}


def _send(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    attributes = tuple(
        (name, (value["DataType"], value["StringValue"]))
        for name, value in parameters.get("MessageAttributes", {}).items()
    )
    queue = _queue(parameters)

    def send(there: InMemoryAws) -> QueuedMessage:
        delay = parameters.get("DelaySeconds", 0)
        group = parameters.get("MessageGroupId")
        return there.sqs.send(queue, parameters["MessageBody"], attributes, delay, there.lineage, group)

    sent: QueuedMessage = aws.carry_out("sqs", "send", queue, send)
    told = {"MessageId": sent.id, "MD5OfMessageBody": _md5(sent.body.encode())}
    return told | ({"MD5OfMessageAttributes": md5_of_attributes(attributes)} if attributes else {})


def _receive(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    most = parameters.get("MaxNumberOfMessages", 1)
    taken = aws.sqs.receive(_queue(parameters), most, parameters.get("VisibilityTimeout"))
    return {"Messages": [_received(message) for message in taken]} if taken else {}


def _received(message: QueuedMessage) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": _md5(message.body.encode()),
        "Attributes": {
            "ApproximateReceiveCount": str(message.receives),
            "SentTimestamp": str(int(message.sent * 1000)),
            **({"MessageGroupId": message.group} if message.group else {}),
        },
    }
    if message.attributes:
        entry["MessageAttributes"] = {
            name: {"DataType": kind, "StringValue": value} for name, (kind, value) in message.attributes
        }
    return entry


def _delete(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    aws.sqs.delete(_queue(parameters), parameters["ReceiptHandle"])
    return {}


def _change_visibility(aws: InMemoryAws, parameters: dict[str, Any]) -> dict[str, Any]:
    aws.sqs.change_visibility(_queue(parameters), parameters["ReceiptHandle"], parameters["VisibilityTimeout"])
    return {}


OPERATIONS = {
    "GetQueueUrl": _queue_url,
    "CreateQueue": _create_queue,
    "GetQueueAttributes": _queue_attributes,
    "SendMessage": _send,
    "ReceiveMessage": _receive,
    "DeleteMessage": _delete,
    "ChangeMessageVisibility": _change_visibility,
}


def md5_of_attributes(attributes: Attributes) -> str:
    """As SQS computes it: names sorted; length-prefixed name and type; a transport byte; length-prefixed value."""
    digest = hashlib.md5(usedforsecurity=False)
    for name, (kind, value) in sorted(attributes):
        for text in (name, kind):
            digest.update(struct.pack("!I", len(text.encode())) + text.encode())
        digest.update(b"\x01" + struct.pack("!I", len(value.encode())) + value.encode())
    return digest.hexdigest()


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
