"""What becomes of a message when its invocation ends: Lambda's two ways of invoking, told apart.

- A queue's message (event source mapping): success deletes it; a failure leaves it, visible again after its timeout,
  until the queue's redrive policy moves it to the dead-letter queue.
- An S3 event (asynchronous invocation): two more tries after set waits, then a record of it goes to the failure
  destination.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.local.functions import BucketTrigger, Function, QueueTrigger, Rules
from chalicelib.local.invocation import Invocation, invocation_record, invoke, killed
from chalicelib.local.lambda_events import notified_place, s3_event, sqs_event
from chalicelib.local.names import EVENTS_QUEUE, Names
from chalicelib.text.characters import illegal_character

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Prepare = Callable[[Mapping[str, Any]], None]
Ended = Callable[[Invocation], None]


class Source(Protocol):
    """A queue to poll, and what to do with one of its messages."""

    @property
    def queue(self) -> str: ...

    @property
    def concurrency(self) -> int: ...

    def deliver(self, url: str, message: Mapping[str, Any]) -> None:
        """Invoke for one received message, and settle it."""


@dataclass(frozen=True)
class QueueSource:
    """The event source mapping of one function."""

    function: Function
    queue: str
    concurrency: int
    sqs: "SQSClient"
    rules: Rules
    prepare: Prepare
    ended: Ended

    @classmethod
    def of_each(
        cls, functions: tuple[Function, ...], sqs: "SQSClient", rules: Rules, prepare: Prepare, ended: Ended
    ) -> tuple["QueueSource", ...]:
        """One for each function that a queue triggers."""
        return tuple(
            cls(function, trigger.queue, min(trigger.concurrency, rules.concurrency), sqs, rules, prepare, ended)
            for function in functions
            if isinstance(trigger := function.trigger, QueueTrigger)
        )

    def deliver(self, url: str, message: Mapping[str, Any]) -> None:
        invocation = invoke(
            self.function,
            sqs_event(message, self.queue),
            str(uuid.uuid4()),
            timeout=self.rules.function_timeout,
            number=_receives(message),
            prepare=self.prepare,
        )
        receipt = message["ReceiptHandle"]
        if invocation.failure is None:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
        elif self.rules.failure_wait is not None:
            self.sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=self.rules.failure_wait
            )
        self.ended(invocation)


@dataclass(frozen=True)
class BucketSource:
    """The asynchronous invocations that S3 makes, from a queue of the engine's own: a killed process loses none."""

    functions: tuple[Function, ...]
    names: Names
    s3: "S3Client"
    sqs: "SQSClient"
    rules: Rules
    prepare: Prepare
    ended: Ended
    now: Callable[[], datetime]

    queue = EVENTS_QUEUE

    @property
    def concurrency(self) -> int:
        return self.rules.concurrency

    def deliver(self, url: str, message: Mapping[str, Any]) -> None:
        notification = json.loads(message["Body"])
        receipt = message["ReceiptHandle"]
        function = self._function(notification) if "Records" in notification else None  # s3:TestEvent has none
        if function is None:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
            return
        invocation = self._invocation(function, notification, message)
        tries = len(self.rules.asynchronous_waits)
        if invocation.failure is not None and invocation.number <= tries:
            wait = self.rules.asynchronous_waits[invocation.number - 1]
            self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=wait)
        else:
            if invocation.failure is not None:
                self._send_to_failure_destination(invocation)
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
        self.ended(invocation)

    def _function(self, notification: Mapping[str, Any]) -> Function | None:
        """The one that is triggered; none by the second notification that moto 5.2 sends of a multipart upload, a Put
        with the ETag of one, which no Put has.
        """
        bucket, key, etag = notified_place(notification)
        if notification["Records"][0]["eventName"].endswith(":Put") and "-" in etag:
            return None
        fired = (
            function
            for function in self.functions
            if isinstance(function.trigger, BucketTrigger) and function.trigger.fires_for(bucket, key)
        )
        return next(fired, None)

    def _invocation(
        self, function: Function, notification: Mapping[str, Any], message: Mapping[str, Any]
    ) -> Invocation:
        """All tries of an event share its request id; tries that ended with their process have used up theirs."""
        request_id, sent = message["MessageId"], int(message["Attributes"]["SentTimestamp"])
        event = s3_event(notification, self._version(notification), request_id, sent)
        number = _receives(message)
        allowed = 1 + len(self.rules.asynchronous_waits)
        if number > allowed:
            return Invocation(function, event, request_id, allowed, 0.0, killed(request_id))
        return invoke(
            function, event, request_id, timeout=self.rules.function_timeout, number=number, prepare=self.prepare
        )

    def _version(self, notification: Mapping[str, Any]) -> str | None:
        """The version that was notified; None where it is gone or the bucket keeps no versions.

        It is the newest with this ETag at that time; two of one content within one second cannot be told apart.
        """
        bucket, key, etag = notified_place(notification)
        if illegal_character(key):  # moto 5.2 lists as XML, which has no such character, and answers 500
            return None
        moment = datetime.fromisoformat(notification["Records"][0]["eventTime"])
        listed = self.s3.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", [])
        found = [
            one["VersionId"]
            for one in listed
            if one["Key"] == key and one["ETag"].strip('"') == etag and one["LastModified"] <= moment
        ]
        return found[0] if found and found[0] != "null" else None

    def _send_to_failure_destination(self, invocation: Invocation) -> None:
        url = self.sqs.get_queue_url(QueueName=self.names.dead_letter_queue)["QueueUrl"]
        self.sqs.send_message(QueueUrl=url, MessageBody=invocation_record(invocation, self.now()))


def _receives(message: Mapping[str, Any]) -> int:
    return int(message["Attributes"]["ApproximateReceiveCount"])
