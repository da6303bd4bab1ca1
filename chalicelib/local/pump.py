"""The event pump: takes S3 notifications and SQS messages from their queues and invokes the declared functions.

Each function has its own poller and threads, as each has its own concurrency on Lambda. What an outcome means for the
message is deliveries.py's business. Must not know what the handlers do.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore, Event, Thread

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.follow.job_events import Undelivered
from chalicelib.local.deliveries import Deliveries, Message
from chalicelib.local.names import EVENTS_QUEUE

LONG_POLL_SECONDS = 1
BATCH = 10  # the most that ReceiveMessage gives
Deliver = Callable[[str, Message], None]


class Pump:
    """Runs while it is entered; `undelivered` is told of what made no invocation.

    Without `release_polls` stopping takes as long as a poll, up to LONG_POLL_SECONDS. Raises ClientError when a
    function declares a queue that does not exist.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        undelivered: Callable[[Undelivered], None] = lambda undelivered: None,
        release_polls: Callable[[], None] = lambda: None,
    ) -> None:
        self._sqs, self._stop = deliveries.sqs, Event()
        self._undelivered, self._release_polls = undelivered, release_polls
        most = deliveries.rules.concurrency
        self._pollers = [self._poller(EVENTS_QUEUE, most, deliveries.of_bucket)]
        for function in deliveries.functions:
            if function.queue:
                at_once, deliver = min(function.concurrency, most), partial(deliveries.of_queue, function)
                self._pollers.append(self._poller(function.queue, at_once, deliver))

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
        self._release_polls()
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
                self._undelivered(Undelivered(queue, f"{type(error).__name__}: {error}"))

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
