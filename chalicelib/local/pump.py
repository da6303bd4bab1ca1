"""The event pump: takes S3 notifications and SQS messages from their queues and invokes the declared functions.

Each function has its own poller and threads, as each has its own concurrency on Lambda. What an outcome means for the
message is deliveries.py's business. Must not know what the handlers do.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.follow.job_events import Undelivered
from chalicelib.local.deliveries import Deliveries, Message
from chalicelib.local.functions import Function, Rules
from chalicelib.local.invocation import Invocation
from chalicelib.local.names import EVENTS_QUEUE, Names

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

LONG_POLL_SECONDS = 1
BATCH = 10  # the most that ReceiveMessage gives
Deliver = Callable[[str, Message], None]


@dataclass(frozen=True)
class Listeners:
    """Who is told: `ended` of each invocation, in the thread that made it, `undelivered` of what made none.

    Without `release_polls` stopping takes as long as a poll, up to LONG_POLL_SECONDS.
    """

    ended: Callable[[Invocation], None] = lambda invocation: None
    undelivered: Callable[[Undelivered], None] = lambda undelivered: None
    release_polls: Callable[[], None] = lambda: None


class Pump:
    """Runs while it is entered. Raises ClientError when a function declares a queue that does not exist."""

    def __init__(
        self,
        functions: tuple[Function, ...],
        names: Names,
        s3: "S3Client",
        sqs: "SQSClient",
        rules: Rules = Rules(),  # noqa: B008 - frozen
        listeners: Listeners = Listeners(),
    ) -> None:
        self._sqs, self._listeners, self._stop = sqs, listeners, Event()
        deliveries = Deliveries(functions, names, s3, sqs, rules, listeners.ended)
        self._pollers = [self._poller(EVENTS_QUEUE, rules.concurrency, deliveries.of_bucket)]
        for function in functions:
            if function.queue:
                at_once = min(function.concurrency, rules.concurrency)
                self._pollers.append(self._poller(function.queue, at_once, partial(deliveries.of_queue, function)))

    def _poller(self, queue: str, at_once: int, deliver: Deliver) -> Thread:
        url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        return Thread(target=self._poll, args=(queue, url, at_once, deliver), name=f"poller of {queue}", daemon=True)

    def __enter__(self) -> "Pump":
        for poller in self._pollers:
            poller.start()
        return self

    def stop(self) -> None:
        """Take nothing new, and wait for the invocations under way."""
        self._stop.set()
        self._listeners.release_polls()
        for poller in self._pollers:
            poller.join()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _poll(self, queue: str, url: str, at_once: int, deliver: Deliver) -> None:
        """Receives only as many messages as can be worked on: one that waits here would become visible to others."""
        slots = BoundedSemaphore(at_once)

        def heard(work: "Future[None]") -> None:
            slots.release()
            error = work.exception()
            if error is not None and not self._stop.is_set():  # could not be delivered, or settled: nobody else tells
                self._listeners.undelivered(Undelivered(queue, f"{type(error).__name__}: {error}"))

        with ThreadPoolExecutor(at_once, thread_name_prefix=queue) as pool:
            while not self._stop.is_set():
                free = sum(slots.acquire(timeout=0 if place else 0.2) for place in range(min(at_once, BATCH)))
                messages = self._received(url, free) if free else []
                for _ in range(free - len(messages)):
                    slots.release()
                for message in messages:
                    pool.submit(deliver, url, message).add_done_callback(heard)

    def _received(self, url: str, most: int) -> list[Message]:
        try:
            answer = self._sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=most,
                WaitTimeSeconds=LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except (BotoCoreError, ClientError):
            self._stop.wait(0.2)  # the engine is going, or in another process and not answering; ask again
            return []
        return list(answer.get("Messages", []))
