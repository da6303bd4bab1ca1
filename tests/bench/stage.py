"""A stage for many jobs at once: the real handlers, S3 in memory, and a queue whose cost does not grow with its length.

Several threads may pump. Time is virtual, and moves on only when nobody is at work and nothing is due. `copies` 2 hands
every event and every message over twice, as AWS may.
"""

import heapq
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from threading import Condition, RLock, Thread
from typing import Any

from chalicelib import handlers
from chalicelib.errors import RetakeError
from chalicelib.ports import WireMessage
from tests.bench.model import StandIn
from tests.fakes.aws import Effect
from tests.fakes.events import sqs_event
from tests.fakes.ports import MemoryStore
from tests.fakes.sqs_limits import check_message
from tests.fakes.world import QueuedMessage
from tests.pipeline.bench import Bench

LIMITS = {"MAX_ATTEMPTS": "100", "MAX_COST_USD": "1000"}
TIMEOUT = timedelta(seconds=300)
COME_BACK = 1800.0  # seconds until a message whose handler failed is visible again
MOST_RECEIVES = 5

Deliver = Callable[[], None]


class Line:
    """The work queue, as the pipeline sees it."""

    def __init__(self, stage: "Stage", name: str, handler: str) -> None:
        self.stage = stage
        self.name = name
        self.handler = handler

    def send(self, message: WireMessage, delay_seconds: int = 0) -> None:
        attributes = tuple(message.attributes.items())
        check_message(message.body, attributes, delay_seconds)
        self.stage.sent(self, message.body, attributes, delay_seconds)


class Stage:
    def __init__(self, model: StandIn, copies: int = 1) -> None:
        bench = Bench(model, **LIMITS)  # type: ignore[arg-type]  # a ModelCaller is all that it needs
        self.aws, self.copies = bench.aws, copies
        self.settings = bench.settings
        self.aws.around = self._one_at_a_time
        self.effects: list[Effect] | None = None
        self.failed: list[BaseException] = []
        self.waiting: list[tuple[float, int, Deliver]] = []
        self.order = count()
        self.at_work = 0
        self.changed = Condition()
        self._s3 = RLock()
        self.services = replace(
            bench.services(),
            store=MemoryStore(self.aws),
            work=Line(self, self.settings.queue_name, "on_attempt"),
            dead_letters=Line(self, self.settings.dead_letter_queue_name, "on_dead_letter"),
            journal=lambda line: None,
        )

    def _one_at_a_time(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        """S3 decides one write after the other, whichever thread asks."""
        with self._s3:
            if self.effects is not None:
                self.effects.append(effect)
            return perform()

    def drop(self, name: str, prompt: Mapping[str, Any]) -> None:
        """Upload a prompt file; its event waits."""
        body = json.dumps(prompt).encode()
        self.aws.s3.put(self.settings.inbox_bucket, f"inbox/{name}.json", body, "application/json")
        for event in self.aws.world.asynchronous:
            self._wait_for(event.due, "on_prompt", partial(json.loads, event.payload))
        self.aws.world.asynchronous = ()

    def sent(self, line: Line, body: str, attributes: Any, delay: float) -> None:
        now = self.aws.world.now
        if self.effects is not None:
            self.effects.append(Effect("sqs", "send", line.name))
        made = QueuedMessage(f"message-{next(self.order):07}", body, attributes, now, now + delay, 1, now, "receipt")
        event = sqs_event(self.aws.sqs.settings(line.name), made)
        self._wait_for(now + delay, line.handler, lambda: event)

    def _wait_for(self, due: float, handler: str, event: Callable[[], Mapping[str, Any]]) -> None:
        with self.changed:
            for _ in range(self.copies):
                self._push(due, partial(self._deliver, handler, event, 1))
            self.changed.notify_all()

    def _push(self, due: float, deliver: Deliver) -> None:
        heapq.heappush(self.waiting, (due, next(self.order), deliver))

    def _deliver(self, handler: str, event: Callable[[], Mapping[str, Any]], receive: int) -> None:
        deadline = datetime.fromtimestamp(self.aws.world.now, UTC) + TIMEOUT
        try:
            getattr(handlers, handler)(self.services, event(), deadline)
        except RetakeError as error:
            self.failed.append(error)
            if receive == MOST_RECEIVES:
                raise
            again = partial(self._deliver, handler, event, receive + 1)
            with self.changed:
                self._push(self.aws.world.now + COME_BACK, again)

    def settle(self, threads: int = 1) -> None:
        """Deliver everything, and what follows from it."""
        workers = [Thread(target=self._pump) for _ in range(threads - 1)]
        for worker in workers:
            worker.start()
        self._pump()
        for worker in workers:
            worker.join()

    def _pump(self) -> None:
        while deliver := self._next():
            try:
                deliver()
            finally:
                with self.changed:
                    self.at_work -= 1
                    self.changed.notify_all()

    def _next(self) -> Deliver | None:
        with self.changed:
            while True:
                if self.waiting and (self.waiting[0][0] <= self.aws.world.now or not self.at_work):
                    due, _, deliver = heapq.heappop(self.waiting)
                    self.aws.world.now = max(self.aws.world.now, due)
                    self.at_work += 1
                    return deliver
                if not self.waiting and not self.at_work:
                    return None
                self.changed.wait()

    def outbox(self) -> list[str]:
        """Every key of the outbox bucket."""
        return [key for bucket, key in self.aws.world.objects if bucket == self.settings.outbox_bucket]
