"""Lambda in memory: who is invoked with what, and what becomes of the event afterwards.

Asynchronous events are tried three times, then told to the failure destination; queue messages come one at a time and
are deleted when the handler returns; and a chain in which a function has run 16 times is cut unless the function may
loop. Nothing is run here: `begin` gives an invocation, whoever runs it reports to `succeed` or `fail`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.events import invocation_record, sqs_event
from tests.fakes.sqs import SQS
from tests.fakes.world import AsynchronousEvent, Lineage, QueuedMessage, World

CHAIN_LIMIT = 16
RETRY_DELAYS = (60, 120)


@dataclass(frozen=True)
class Function:
    """Seconds; `loop_allowed` is RecursiveLoop: Allow; `failures` the queue of its on-failure destination."""

    name: str
    timeout: float = 300
    loop_allowed: bool = True
    failures: str | None = None


@dataclass(frozen=True)
class Due:
    """Something that can be delivered at `when`."""

    when: float
    order: str
    queue: str | None
    what: AsynchronousEvent | QueuedMessage


@dataclass(frozen=True)
class Invocation:
    """One run of a handler; tries of one event share a request, never an `id`; `lineage` counts itself."""

    id: str
    function: Function
    event: dict[str, Any]
    deadline: float
    lineage: Lineage
    queue: str | None
    source: AsynchronousEvent | QueuedMessage


class Lambda:
    def __init__(self, world: World, sqs: SQS, functions: tuple[Function, ...], mappings: dict[str, str]) -> None:
        self.world = world
        self.sqs = sqs
        self.functions = {function.name: function for function in functions}
        self.mappings = mappings

    def dues(self) -> Iterator[Due]:
        """Everything that waits, in no order."""
        for event in self.world.asynchronous:
            yield Due(event.due, event.request, None, event)
        for queue in self.mappings:
            for message in self.world.messages[queue]:
                yield Due(message.visible, message.id, queue, message)

    def begin(self, due: Due) -> Invocation | None:
        """Hand a thing over; None where AWS itself disposes of it (received too often, or the chain is too long)."""
        if isinstance(due.what, AsynchronousEvent):
            return self._begin_event(due.what)
        assert due.queue is not None
        return self._begin_message(due.queue, due.what)

    def succeed(self, invocation: Invocation) -> None:
        """The handler returned: the message is deleted."""
        if isinstance(invocation.source, QueuedMessage) and invocation.queue and invocation.source.receipt:
            self.sqs.delete(invocation.queue, invocation.source.receipt)

    def fail(self, invocation: Invocation, kind: str, words: str) -> None:
        """The handler raised or died: a message comes back by itself, an event is tried again or given up."""
        event = invocation.source
        if isinstance(event, QueuedMessage):
            return
        tries = event.tries + 1
        if tries <= len(RETRY_DELAYS):
            due = self.world.now + RETRY_DELAYS[tries - 1]
            self.world.asynchronous += (replace(event, tries=tries, due=due),)
        elif invocation.function.failures is not None:
            self._tell_failure(
                invocation, invocation.function.failures, tries, {"errorMessage": words, "errorType": kind}
            )

    def deliver_again(self, event: AsynchronousEvent, delay: float) -> None:
        """S3 or Lambda hands an event over once more on its own account, under a request id of its own."""
        serial = self.world.next_serial()
        again = replace(event, request=f"request-{serial:06}", due=self.world.now + delay, tries=0)
        self.world.asynchronous += (again,)

    def forget(self, event: AsynchronousEvent) -> None:
        """Take an event out of Lambda's queue."""
        self.world.asynchronous = tuple(other for other in self.world.asynchronous if other is not event)

    def _begin_event(self, event: AsynchronousEvent) -> Invocation:
        self.forget(event)
        function = self.functions[event.function]
        return self._invocation(event.request, function, json.loads(event.payload), event.lineage, None, event)

    def _begin_message(self, queue: str, message: QueuedMessage) -> Invocation | None:
        settings = self.sqs.settings(queue)
        function = self.functions[self.mappings[queue]]
        if settings.max_receives is not None and message.receives >= settings.max_receives:
            self.sqs.bury(queue, message)
            return None
        if not function.loop_allowed and dict(message.lineage).get(function.name, 0) >= CHAIN_LIMIT:
            self.sqs.bury(queue, message)
            return None
        taken = self.sqs.take(queue, message)
        request = f"request-{self.world.next_serial():06}"
        return self._invocation(request, function, sqs_event(settings, taken), message.lineage, queue, taken)

    def _invocation(
        self,
        request: str,
        function: Function,
        event: dict[str, Any],
        lineage: Lineage,
        queue: str | None,
        source: AsynchronousEvent | QueuedMessage,
    ) -> Invocation:
        counts = dict(lineage)
        counts[function.name] = counts.get(function.name, 0) + 1
        deadline = self.world.now + function.timeout
        name = f"{request}/{self.world.next_serial()}"
        return Invocation(name, function, event, deadline, tuple(sorted(counts.items())), queue, source)

    def _tell_failure(self, invocation: Invocation, queue: str, tries: int, error: dict[str, str]) -> None:
        event = invocation.source
        assert isinstance(event, AsynchronousEvent)
        record = invocation_record(
            request=event.request,
            function=event.function,
            tries=tries,
            payload=event.payload,
            now=self.world.now,
            condition="RetriesExhausted",
            error=error,
        )
        self.sqs.send(queue, record, lineage=invocation.lineage)
