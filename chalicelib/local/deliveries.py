"""What becomes of a message when its invocation ends: Lambda's two ways of invoking, told apart.

- A queue's message (event source mapping): success deletes it; a failure leaves it, visible again after its timeout,
  until the queue's redrive policy moves it to the dead-letter queue.
- An S3 event (asynchronous invocation): two more tries after set waits, then a record of it goes to the failure
  destination. It comes from a queue of the engine's own, so that a killed process loses none.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from chalicelib.local.functions import Function, Rules
from chalicelib.local.invocation import Invocation, invocation_record, invoke, killed
from chalicelib.local.lambda_events import sqs_event
from chalicelib.local.names import Names

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Deliveries:
    """Invokes for one received message, and settles it; `ended` is told of each invocation."""

    functions: tuple[Function, ...]
    names: Names
    sqs: "SQSClient"
    rules: Rules
    ended: Callable[[Invocation], None]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def of_queue(self, function: Function, url: str, message: Message) -> None:
        """A message of the queue that a function listens on."""
        invocation = self._invoked(function, sqs_event(message, function.queue), str(uuid.uuid4()), message)
        if invocation.failure is None:
            self._done(url, message)
        elif self.rules.failure_wait is not None:
            self._again(url, message, self.rules.failure_wait)
        self.ended(invocation)

    def of_bucket(self, url: str, message: Message) -> None:
        """An event of S3."""
        event, waits = json.loads(message["Body"]), self.rules.asynchronous_waits
        about = event["Records"][0]["s3"]
        written = about["bucket"]["name"], unquote_plus(about["object"]["key"])
        function = next((function for function in self.functions if function.fires_for(*written)), None)
        if function is None:
            self._done(url, message)
            return
        invocation = self._asynchronous(function, event, message)
        failure = invocation.failure
        if failure is not None and invocation.number <= len(waits):
            self._again(url, message, waits[invocation.number - 1])
        else:
            if failure is not None:
                destination = self.sqs.get_queue_url(QueueName=self.names.dead_letter_queue)["QueueUrl"]
                record = invocation_record(invocation, failure, self.now())
                self.sqs.send_message(QueueUrl=destination, MessageBody=record)
            self._done(url, message)
        self.ended(invocation)

    def _asynchronous(self, function: Function, event: Message, message: Message) -> Invocation:
        """All tries of an event share its message's id; those that ended with their process have used up theirs."""
        request_id, allowed = message["MessageId"], 1 + len(self.rules.asynchronous_waits)
        if int(message["Attributes"]["ApproximateReceiveCount"]) > allowed:
            return Invocation(function, event, request_id, allowed, killed(request_id))
        return self._invoked(function, event, request_id, message)

    def _done(self, url: str, message: Message) -> None:
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _again(self, url: str, message: Message, seconds: int) -> None:
        self.sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
        )

    def _invoked(self, function: Function, event: Message, request_id: str, message: Message) -> Invocation:
        number = int(message["Attributes"]["ApproximateReceiveCount"])
        return invoke(function, event, request_id, timeout=self.rules.function_timeout, number=number)
