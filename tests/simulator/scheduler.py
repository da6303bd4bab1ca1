"""One thread, a virtual clock: runs what is due, one effect after the other, and lets faults happen.

A handler runs as a greenlet, so that it can be stopped at any effect while others go on. Effects take no time unless a
fault says so; what decides who is next is when things are due. A crash ends the greenlet there, and Lambda's and SQS's
own rules bring the event back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from greenlet import getcurrent, greenlet

from chalicelib.errors import Changed, LostRace
from tests.fakes.aws import Effect, InMemoryAws
from tests.fakes.errors import AwsError, LostAnswer
from tests.fakes.lambdas import Due, Invocation
from tests.fakes.world import START, AsynchronousEvent, ObjectVersion
from tests.simulator.canonical import is_record, told, under_way
from tests.simulator.faults import AFTER_ALL_ELSE, DELIVERY, MINUTE, PAST_ANY_LEASE, Crash, Fault, refusal, unreadable

HANDLER_FAILURES = (AwsError, LostAnswer, BotoCoreError, ClientError, Changed, LostRace)
AGAIN = {Fault.AGAIN_SOON: 0.0, Fault.AGAIN_LATER: PAST_ANY_LEASE, Fault.AGAIN_LAST: AFTER_ALL_ELSE}
HORIZON = 5 * 86_400.0
MOST_STEPS = 20_000

Handler = Callable[[dict[str, Any], datetime], None]


class Violation(AssertionError):
    """A promise is broken; the message says which and how."""


class Plan(Protocol):
    """Who decides what goes wrong."""

    def fault(self, simulation: "Simulation", effect: Effect) -> Fault | None:
        """The fault for the newest of the simulation's opportunities, if any."""

    def latency(self, effect: Effect) -> float | None:
        """Seconds until the effect happens, others going first; None: at once."""

    def passed(self, simulation: "Simulation") -> None:
        """An effect is over, its answer heard."""


class Observer(Protocol):
    """Who looks on: before and after each effect that is carried out, and at every end of an invocation."""

    def before(self, simulation: "Simulation", effect: Effect) -> None: ...

    def after(self, simulation: "Simulation", effect: Effect) -> None: ...


@dataclass
class Running:
    """An invocation under way: when it goes on, in which order among equals; what it did and heard so far, and the
    record it knows, by key and ETag."""

    invocation: Invocation
    thread: greenlet
    wake: float
    order: int
    heard: tuple[Any, ...] = ()
    record: tuple[str, str] = ("", "")


class Simulation:
    def __init__(self, aws: InMemoryAws, handlers: dict[str, Handler], plan: Plan, observer: Observer) -> None:
        self.aws = aws
        self.handlers = handlers
        self.plan = plan
        self.observer = observer
        self.running: list[Running] = []
        self.opportunities: list[Effect] = []
        self.delivered: list[Due] = []
        self.frozen = False
        self.log: list[str] | None = None
        self._hub = getcurrent()
        self._current: Running | None = None
        self._order = 0
        aws.around = self._around

    @property
    def now(self) -> float:
        return self.aws.world.now

    @property
    def clock(self) -> str:
        """Since the start, for a reader."""
        seconds = self.now - START
        return f"{int(seconds // 60):4}:{seconds % 60:05.2f}"

    @property
    def current(self) -> Invocation | None:
        return self._current.invocation if self._current else None

    def run(self) -> None:
        """Until nothing is left to happen."""
        started = self.now
        while self.step():
            if self.now > started + HORIZON or len(self.opportunities) > MOST_STEPS:
                raise Violation("it never comes to rest: messages or invocations go on without end")

    def step(self) -> bool:
        """The next thing that happens: a delivery, or an invocation going on. False when there is none."""
        due = min(self.aws.lambdas.dues(), key=lambda each: (each.when, each.order), default=None)
        ready = min(self.running, key=lambda each: (each.wake, each.order), default=None)
        if due is not None and (ready is None or due.when <= ready.wake):
            self.aws.world.now = max(self.now, due.when)
            self._deliver(due)
        elif ready is not None:
            self.aws.world.now = max(self.now, ready.wake)
            self._resume(ready)
        return due is not None or ready is not None

    def quiescent(self) -> bool:
        return not self.running

    def abandon(self) -> None:
        """End who still stands somewhere: a greenlet that is only let go of is never freed."""
        for running in self.running:
            running.thread.throw()
        self.running = []

    def fingerprint(self) -> bytes:
        """Of this moment, with everybody who is under way."""
        return under_way(self.aws.world, [self._standing(running) for running in self.running], frozen=self.frozen)

    def _standing(self, running: Running) -> tuple[Any, ...]:
        bucket, _, key = running.record[0].partition("/")
        stored = self.aws.world.objects.get((bucket, key))
        current = stored is not None and stored[-1].etag == running.record[1]
        turn = 0 if running is self._current else running.order
        return turn, running.invocation, running.wake, running.heard, current

    def _deliver(self, due: Due) -> None:
        fault = self._opportunity(Effect(DELIVERY, DELIVERY, due.queue or "s3"))
        if fault is Fault.LATER:
            self._postpone(due)
            return
        if fault in AGAIN:
            self.once_more(due, AGAIN[fault])
        invocation = self.aws.lambdas.begin(due)
        if invocation is None:
            self._say(f"AWS moves a message of {due.queue} to its dead letters")
            return
        self._say(f"{invocation.function.name} {invocation.id} begins")
        self.delivered.append(due)
        deadline = datetime.fromtimestamp(invocation.deadline, UTC)
        handler = self.handlers[invocation.function.name]
        thread = greenlet(lambda: handler(invocation.event, deadline), self._hub)
        running = Running(invocation, thread, self.now, self._next_order())
        self.running.append(running)
        self._resume(running)

    def _resume(self, running: Running) -> None:
        self._current, self.aws.caller = running, running.invocation
        try:
            running.thread.switch()
        except Crash:
            self._ended(running, "Runtime.ExitError", "Runtime exited with error: signal: killed")
        except HANDLER_FAILURES as error:
            self._ended(running, type(error).__name__, str(error))
        except (Violation, KeyboardInterrupt):
            raise
        except Exception as error:
            raise Violation(f"a handler raised what no fault explains: {error!r}") from error
        else:
            if running.thread.dead:
                self._ended(running, None, "")
        finally:
            self._current = self.aws.caller = None

    def _ended(self, running: Running, failure: str | None, words: str) -> None:
        self.running.remove(running)
        self._say(f"{running.invocation.id} ends: {failure or 'acknowledged'} {words[:100]}")
        if failure:
            self.aws.lambdas.fail(running.invocation, failure, words)
        else:
            self.aws.lambdas.succeed(running.invocation)

    def _around(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        """Every effect of every handler passes here, on the handler's own greenlet."""
        running = self._current
        if running is None:
            return perform()
        latency = self.plan.latency(effect)
        if latency is not None:
            self._sleep(latency)
        try:
            answer = self._happens(effect, perform)
        except (AwsError, LostAnswer) as error:
            self._hears(running, effect, error)
            raise
        self._hears(running, effect, answer)
        return answer

    def _happens(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        fault = self._opportunity(effect)
        if fault in (Fault.BUSY, Fault.CONFLICT, Fault.SERVER_ERROR):
            raise refusal(fault, effect)
        self._stand_still(fault)
        if fault in (Fault.LOST, Fault.TWICE):
            self._try(effect, perform)
        if fault is Fault.LOST:
            raise LostAnswer(effect.target)
        answer = self._perform(effect, perform)
        if fault is Fault.CRASH_AFTER:
            raise Crash
        return unreadable(effect) if fault is Fault.UNREADABLE else answer

    def _hears(self, running: Running, effect: Effect, answer: Any) -> None:
        running.heard = (*running.heard, (effect.operation, effect.target, told(effect, answer, self.now)))
        if isinstance(answer, ObjectVersion) and is_record(effect.target):
            running.record = (effect.target, answer.etag)
        self.plan.passed(self)

    def _stand_still(self, fault: Fault | None) -> None:
        assert self._current is not None
        match fault:
            case Fault.CRASH_BEFORE:
                raise Crash
            case Fault.DUPLICATE:
                self._duplicate(self._current.invocation)
                self._sleep(0)
            case Fault.PAUSE:
                self._sleep(MINUTE)
            case Fault.FREEZE:
                self.frozen = True
                self._sleep(PAST_ANY_LEASE)
            case Fault.HANG:
                self._sleep(self._current.invocation.deadline - self.now)
                raise Crash
            case _:
                pass

    def _perform(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        self.observer.before(self, effect)
        answer = perform()
        self.observer.after(self, effect)
        return answer

    def _try(self, effect: Effect, perform: Callable[[], Any]) -> None:
        """Carry it out; nobody hears the answer, whatever it is."""
        try:
            self._perform(effect, perform)
        except AwsError as error:
            self._say(f"unheard: {error}")

    def _sleep(self, seconds: float) -> None:
        running = self._current
        assert running is not None
        running.wake, running.order = self.now + seconds, self._next_order()
        self._hub.switch()

    def _duplicate(self, invocation: Invocation) -> None:
        source = invocation.source
        if isinstance(source, AsynchronousEvent):
            self.aws.lambdas.deliver_again(source, 0)
        elif invocation.queue:
            self.aws.sqs.deliver_again(invocation.queue, source, 0)

    def once_more(self, due: Due, delay: float) -> None:
        """AWS delivers a thing a second time by itself, `delay` seconds from now."""
        if isinstance(due.what, AsynchronousEvent):
            self.aws.lambdas.deliver_again(due.what, delay)
        elif due.queue:
            self.aws.sqs.deliver_again(due.queue, due.what, delay)

    def _postpone(self, due: Due) -> None:
        self.once_more(due, PAST_ANY_LEASE)
        if isinstance(due.what, AsynchronousEvent):
            self.aws.lambdas.forget(due.what)
        elif due.queue:
            self.aws.sqs.forget(due.queue, due.what)

    def _opportunity(self, effect: Effect) -> Fault | None:
        self.opportunities.append(effect)
        fault = self.plan.fault(self, effect)
        who = self._current.invocation.id if self._current else "AWS"
        number = len(self.opportunities) - 1
        self._say(f"#{number} {who} {effect.service} {effect.operation} {effect.target} {fault or ''}")
        return fault

    def _say(self, line: str) -> None:
        if self.log is not None:
            self.log.append(f"{self.clock} {line}")

    def _next_order(self) -> int:
        self._order += 1
        return self._order
