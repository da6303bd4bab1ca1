"""The event pump: takes S3 notifications and SQS messages from their queues and invokes the declared functions.

Each function has its own poller and threads, as each has its own concurrency on Lambda. What an outcome means for the
message is the source's business (sources.py). Must not know what the handlers do.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.follow.job_events import Undelivered
from chalicelib.local.functions import Function, Rules
from chalicelib.local.invocation import Invocation
from chalicelib.local.names import Names
from chalicelib.local.output_buckets import OutputBuckets
from chalicelib.local.sources import BucketSource, QueueSource, Source

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

LONG_POLL_SECONDS = 1
BATCH = 10  # the most that ReceiveMessage gives


@dataclass(frozen=True)
class Listeners:
    """Who is told: `ended` of each invocation, in the thread that made it, `undelivered` of what made none.

    Without `release_polls` stopping takes as long as a poll, up to LONG_POLL_SECONDS.
    """

    ended: Callable[[Invocation], None] = lambda invocation: None
    undelivered: Callable[[Undelivered], None] = lambda undelivered: None
    release_polls: Callable[[], None] = lambda: None


class Pump:
    """Runs from `start` to `stop`. Raises ClientError when a function declares a queue that does not exist."""

    def __init__(
        self,
        functions: tuple[Function, ...],
        names: Names,
        s3: "S3Client",
        sqs: "SQSClient",
        rules: Rules = Rules(),  # noqa: B008 - frozen
        listeners: Listeners = Listeners(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._stop = Event()
        self._listeners = listeners
        buckets = OutputBuckets(s3)
        on_prompt = BucketSource(functions, names, s3, sqs, rules, buckets.prepare, listeners.ended, now)
        on_queues = QueueSource.of_each(functions, sqs, rules, buckets.prepare, listeners.ended)
        sources: tuple[Source, ...] = (on_prompt, *on_queues)
        self._pollers = [Poller(source, sqs, self._stop, listeners.undelivered) for source in sources]

    def start(self) -> "Pump":
        for poller in self._pollers:
            poller.start()
        return self

    def stop(self) -> None:
        """Take nothing new, and wait for the invocations under way."""
        self._stop.set()
        self._listeners.release_polls()
        for poller in self._pollers:
            poller.join()

    def __enter__(self) -> "Pump":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class Poller(Thread):
    """Receives only as many messages as can be worked on: one that waits here would become visible to others."""

    def __init__(
        self, source: Source, sqs: "SQSClient", stop: Event, undelivered: Callable[[Undelivered], None]
    ) -> None:
        super().__init__(name=f"poller of {source.queue}", daemon=True)
        self._source = source
        self._sqs = sqs
        self._stop_asked = stop
        self._undelivered = undelivered
        self._slots = BoundedSemaphore(source.concurrency)
        self._url = sqs.get_queue_url(QueueName=source.queue)["QueueUrl"]

    def run(self) -> None:
        with ThreadPoolExecutor(self._source.concurrency, thread_name_prefix=self._source.queue) as pool:
            while not self._stop_asked.is_set():
                free = self._free_slots()
                messages = self._received(free) if free else []
                for _ in range(free - len(messages)):
                    self._slots.release()
                for message in messages:
                    work = pool.submit(self._work, message)
                    work.add_done_callback(self._heard)

    def _heard(self, work: "Future[None]") -> None:
        """A message that could not be delivered, or settled, must be told of: nobody else will."""
        error = work.exception()
        if error is not None and not self._stop_asked.is_set():
            self._undelivered(Undelivered(self._source.queue, f"{type(error).__name__}: {error}"))

    def _free_slots(self) -> int:
        if not self._slots.acquire(timeout=0.2):
            return 0
        free = 1
        while free < BATCH and self._slots.acquire(blocking=False):
            free += 1
        return free

    def _received(self, most: int) -> list[Mapping[str, Any]]:
        try:
            answer = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=most,
                WaitTimeSeconds=LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except (BotoCoreError, ClientError):
            self._stop_asked.wait(0.2)  # the engine is going, or in another process and not answering; ask again
            return []
        return list(answer.get("Messages", []))

    def _work(self, message: Mapping[str, Any]) -> None:
        try:
            self._source.deliver(self._url, message)
        finally:
            self._slots.release()
