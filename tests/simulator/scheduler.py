"""One thread, a virtual clock: runs what is due, one effect after the other, and lets faults happen.

Handlers run as greenlets, so that one can be stopped at any effect while others go on. Effects take no time unless a
fault says so; what decides who is next is when things are due. A crash ends the invocation there, and Lambda's and
SQS's own rules bring the event back. Before every opportunity for a fault a snapshot can be taken and gone on from.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from greenlet import getcurrent

from chalicelib.errors import LostRace, StoreError
from tests.fakes.aws import Effect, InMemoryAws
from tests.fakes.errors import AwsError, LostAnswer
from tests.fakes.lambdas import Due, Invocation
from tests.fakes.world import START, AsynchronousEvent, ObjectVersion, QueuedMessage
from tests.simulator.cancels import ask
from tests.simulator.canonical import digest, is_record, told
from tests.simulator.faults import (
    AFTER_ALL_ELSE,
    DEATHS,
    DELIVERY,
    IN_TRANSIT,
    MINUTE,
    PAST_ANY_LEASE,
    REFUSALS,
    STANDING_STILL,
    Fault,
    kind,
    refusal,
    unreadable,
)
from tests.simulator.plan import Observer, Plan, Snapshot, Violation
from tests.simulator.reactions import Reaction, Reactions, Wants, beginning, one_more
from tests.simulator.running import Answer, Ending, Instant, Live, Request, Running
from tests.simulator.standing import Standing, under_way, with_one_more

HANDLER_FAILURES = (AwsError, LostAnswer, BotoCoreError, ClientError, StoreError, LostRace)
KILLED = Ending("Runtime.ExitError", "Runtime exited with error: signal: killed")
AGAIN = {Fault.AGAIN_SOON: 0.0, Fault.AGAIN_LATER: PAST_ANY_LEASE, Fault.AGAIN_LAST: AFTER_ALL_ELSE}
HORIZON = 5 * 86_400.0
MOST_STEPS = 20_000

Handler = Callable[[dict[str, Any], datetime], None]


class Simulation:
    """Over an AWS that holds the snapshot's world, where one is given."""

    def __init__(
        self,
        aws: InMemoryAws,
        handlers: dict[str, Handler],
        plan: Plan,
        observer: Observer,
        since: Snapshot | None = None,
    ) -> None:
        since = since or Snapshot(aws.world)
        self.aws = aws
        self.handlers = handlers
        self.plan = plan
        self.observer = observer
        self.running = [running.kept() for running in since.running]
        self.opportunities: list[Effect] = []
        self.delivered: list[Due] = []
        self.frozen = since.frozen
        self.deadly = since.deadly
        self.log: list[str] | None = None
        self.endings: dict[bytes, Ending] | None = None  # what is known of handlers that end at an error, if it is kept
        self.reactions: Reactions | None = None  # what is known of handlers with the same past, if it is kept
        self._passed_before = since.passed
        self._order = since.order
        self._hub = getcurrent()
        self._current: Running | None = None
        self._turn = None if since.turn is None else self.running[since.turn]
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

    @property
    def number(self) -> int:
        """Of the newest opportunity, counted from 0 since the upload."""
        return self._passed_before + len(self.opportunities) - 1

    def run(self) -> None:
        """Until nothing is left to happen."""
        started = self.now
        while self.step():
            if self.now > started + HORIZON or len(self.opportunities) > MOST_STEPS:
                raise Violation("it never comes to rest: messages or invocations go on without end")

    def step(self) -> bool:
        """The next thing that happens: a delivery, or an invocation going on. False when there is none."""
        if self._turn is not None:
            running, self._turn = self._turn, None
            self._run_on(running)
            return True
        following, self.aws.world.now = self._following()
        if isinstance(following, Due):
            self._deliver(following)
        elif following is not None:
            self._run_on(following)
        return following is not None

    def _following(self) -> tuple[Due | Running | None, float]:
        """What comes next, and when."""
        due = min(self.aws.lambdas.dues(), key=lambda each: (each.when, each.order), default=None)
        ready = min(self.running, key=lambda each: (each.wake, each.order), default=None)
        if due is not None and (ready is None or due.when <= ready.wake):
            return due, max(self.now, due.when)
        return ready, max(self.now, ready.wake) if ready else self.now

    def quiescent(self) -> bool:
        return not self.running

    def abandon(self) -> None:
        """End who still stands somewhere: a greenlet that is only let go of is never freed."""
        for running in self.running:
            running.end()
        self.running = []

    def snapshot(self) -> Snapshot:
        """Of the moment before the newest opportunity."""
        turn = self.running.index(self._current) if self._current else None
        kept = tuple(running.kept() for running in self.running)
        return Snapshot(self.aws.world.copy(), kept, turn, self.number, self._order, self.frozen, self.deadly)

    def snapshot_after(self, fault: Fault) -> Snapshot:
        """Of this moment, after an effect whose answer never arrives, or arrives at nobody (LOST, CRASH_AFTER)."""
        snapshot = self.snapshot()
        assert snapshot.turn is not None
        running = snapshot.running[snapshot.turn]
        running.standing, (running.heard, running.record) = fault, running.before
        return replace(snapshot, passed=self.number + 1)

    def fingerprint(self) -> bytes:
        """Of this moment, with everybody who is under way; between two turns, of the moment when the next begins."""
        if self._current:
            return self._fingerprint(self._current, self.now)
        return self._fingerprint(*self._following())

    def _fingerprint(self, turn: Due | Running | None, now: float) -> bytes:
        standing = [self._standing(running, turn, now) for running in self.running]
        return under_way(self.aws.world, now, standing, frozen=self.frozen, deadly=self.deadly)

    def once_more(self, due: Due, delay: float) -> None:
        """AWS delivers a thing a second time by itself, `delay` seconds from now."""
        if isinstance(due.what, AsynchronousEvent):
            self.aws.lambdas.deliver_again(due.what, delay)
        elif due.queue:
            self.aws.sqs.deliver_again(due.queue, due.what, delay)

    def _standing(self, running: Running, turn: Due | Running | None, now: float) -> Standing:
        bucket, _, key = running.record[0].partition("/")
        stored = self.aws.world.objects.get((bucket, key))
        current = stored is not None and stored[-1].etag == running.record[1]
        at_it, dies = running is turn, running.standing is Fault.HANG
        order, wake = (0, now) if at_it else (running.order, running.wake)
        return Standing(order, at_it, dies, running.invocation, wake, running.heard, current)

    def _deliver(self, due: Due) -> None:
        fault = self._opportunity(Effect(DELIVERY, DELIVERY, due.queue or "s3"))
        if fault is Fault.LATER:
            self._postpone(due)
            return
        if fault in AGAIN:
            self.once_more(due, AGAIN[fault])
        if fault in IN_TRANSIT:
            due = self._altered(due, fault)
        invocation = self.aws.lambdas.begin(due)
        if invocation is None:
            self._say(f"AWS moves a message of {due.queue} to its dead letters")
            return
        self._say(f"{invocation.function.name} {invocation.id} begins")
        self.delivered.append(due)
        running = Running(invocation, Instant.of(self.aws.world), self.now, self._next_order())
        if self.reactions is not None:
            running.past = beginning(invocation, running.began)
        self.running.append(running)
        self._run_on(running)

    def _altered(self, due: Due, fault: Fault) -> Due:
        """The message as it arrives."""
        assert isinstance(due.what, QueuedMessage)
        assert due.queue is not None
        attributes = (*due.what.attributes, ("traceparent", ("String", "00-1-2-01")))
        if fault is Fault.ADDED:
            arrived = replace(due.what, attributes=attributes)
        else:
            arrived = replace(due.what, body=due.what.body[: len(due.what.body) // 2])
        messages = self.aws.world.messages
        messages[due.queue] = tuple(arrived if each == due.what else each for each in messages[due.queue])
        return replace(due, what=arrived)

    def _run_on(self, running: Running) -> None:
        """Until it ends or stands still."""
        self._current, self.aws.caller, self.aws.memory = running, running.invocation, running.memory
        try:
            awake = True if running.effect else self._begins(running)
            while awake:
                awake = self._does(running)
        finally:
            self._current = self.aws.caller = self.aws.memory = None

    def _does(self, running: Running) -> bool:
        """The effect it stands before, and whatever goes wrong with it; False where it ended or stands still."""
        effect, fault, running.standing = running.effect, running.standing, None
        assert effect is not None
        if self.deadly == kind(effect):
            return self._ended(running, KILLED)
        if fault is None:
            fault = self._opportunity(effect)
            if fault is Fault.KILLS:
                self.deadly = kind(effect)
            if fault in STANDING_STILL:
                self._stand_still(running, fault)
                return False
            if fault is Fault.CRASH_AFTER:
                self._carried_out(running, effect, fault)
        elif fault is Fault.LOST:
            return self._heard(running, effect, LostAnswer(effect.target))
        if fault in DEATHS:
            return self._ended(running, KILLED)
        answer = refusal(fault, effect) if fault in REFUSALS else self._carried_out(running, effect, fault)
        return self._heard(running, effect, answer)

    def _carried_out(self, running: Running, effect: Effect, fault: Fault | None) -> Any:
        """The answer that arrives: a value, or an exception."""
        if running.perform is None:
            self._know_how(running)
        assert running.perform is not None
        answer = self._performed(effect, running.perform)
        if fault in (Fault.LOST, Fault.TWICE) and isinstance(answer, AwsError):
            self._say(f"unheard: {answer}")
        match fault:
            case Fault.LOST:
                return LostAnswer(effect.target)
            case Fault.TWICE:
                return self._performed(effect, running.perform)
            case Fault.UNREADABLE if not isinstance(answer, AwsError):
                return unreadable(effect)
            case _:
                return answer

    def _know_how(self, running: Running) -> None:
        """How its effect is done: as it is remembered, or as the handler says when it has come there again."""
        known = self.reactions.after(running.past) if self.reactions else None
        if known and isinstance(known.what, Wants):
            running.perform = partial(known.what.deed, self.aws)
        else:
            running.catch_up(self._handler(running), self.aws.world)

    def _performed(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        self.observer.before(self, effect)
        try:
            answer = perform()
        except AwsError as error:
            return error
        self.observer.after(self, effect)
        return answer

    def _heard(self, running: Running, effect: Effect, answer: Any) -> bool:
        reaction = self._remembered(running, effect, answer)
        self.plan.passed(self)
        if running.live is None and (ending := (self.endings or {}).get(reaction)):
            return self._ended(running, ending)
        goes_on = self._told(running, answer)
        if self.endings is not None and reaction and running.ended:
            self.endings[reaction] = running.ended
        return goes_on

    def _begins(self, running: Running) -> bool:
        if known := self.reactions.after(running.past) if self.reactions else None:
            return self._does_as_before(running, known)
        running.live = Live(self._handler(running))
        return self._moved(running, running.live.begin)

    def _told(self, running: Running, answer: Any) -> bool:
        """The handler hears the answer and goes on; one that heard exactly the same before need not be run again."""
        instant = Instant.of(self.aws.world)
        past = one_more(running.past, answer, instant) if self.reactions is not None else b""
        known = self.reactions.after(past) if self.reactions and running.live is None else None
        if known is None:
            running.catch_up(self._handler(running), self.aws.world)
        running.answers, running.past = (*running.answers, Answer(answer, instant)), past
        if known:
            return self._does_as_before(running, known)
        live = running.live
        assert live is not None
        return self._moved(running, lambda: live.tell(answer))

    def _does_as_before(self, running: Running, known: Reaction) -> bool:
        self.aws.world.nonces = known.nonces
        running.memory.add(known.remembered)
        if isinstance(known.what, Ending):
            return self._ended(running, known.what)
        return self._stands_before(running, known.what.effect, partial(known.what.deed, self.aws))

    def _remembered(self, running: Running, effect: Effect, answer: Any) -> bytes:
        """Keep what an invocation hears, as far as it matters. For an error, a mark of all that decides its reaction:
        what a handler does next depends on what it has heard, and on nothing else. Empty where nobody asks for it."""
        if self.endings is None:
            running.heard = (*running.heard, (effect.operation,))
            return b""
        words = told(effect, answer, self.now)
        standing = self._standing(running, running, self.now)
        running.before = running.heard, running.record
        running.heard = with_one_more(running.heard, (effect.operation, effect.target, words))
        if isinstance(answer, ObjectVersion) and is_record(effect.target):
            running.record = (effect.target, answer.etag)
        return digest(standing.at(self.now), effect, words) if isinstance(answer, Exception) else b""

    def _moved(self, running: Running, move: Callable[[], Request | None]) -> bool:
        """The handler has gone on: to its end, or to its next effect, and is asleep there if that takes its time."""
        known_before = len(running.memory.kept)
        try:
            request = move()
        except HANDLER_FAILURES as error:
            request = Ending(type(error).__name__, str(error))
        except Exception as error:
            raise Violation(f"a handler raised what no fault explains: {error!r}") from error
        request = request or Ending(None)
        self._keep(running, request, running.memory.kept[known_before:])
        if isinstance(request, Ending):
            return self._ended(running, request)
        return self._stands_before(running, *request)

    def _keep(self, running: Running, request: Request | Ending, remembered: tuple[Any, ...]) -> None:
        """Remember what it did, where that can be done in another AWS, too."""
        if self.reactions is None:
            return
        if isinstance(request, Ending):
            what: Wants | Ending = request
        elif isinstance(request.perform, partial) and request.perform.args == (self.aws,):
            what = Wants(request.effect, request.perform.func)
        else:
            return
        self.reactions.keep(running.past, Reaction(what, self.aws.world.nonces, remembered))

    def _stands_before(self, running: Running, effect: Effect, perform: Callable[[], Any]) -> bool:
        """Awake, or asleep there if the effect takes its time."""
        running.effect, running.perform = effect, perform
        latency = self.plan.latency(effect)
        if latency is not None:
            self._sleep(running, latency)
        return latency is None

    def _ended(self, running: Running, ending: Ending) -> bool:
        running.end()
        running.ended = ending
        self.running.remove(running)
        self._say(f"{running.invocation.id} ends: {ending.failure or 'acknowledged'} {ending.words[:100]}")
        if ending.failure:
            self.aws.lambdas.fail(running.invocation, ending.failure, ending.words)
        else:
            self.aws.lambdas.succeed(running.invocation)
        return False

    def _around(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        """Every effect of every handler passes here, on the handler's own greenlet."""
        if getcurrent() is self._hub:
            return perform()
        return self._hub.switch(Request(effect, perform))

    def _handler(self, running: Running) -> Callable[[], None]:
        invocation = running.invocation
        deadline = datetime.fromtimestamp(invocation.deadline, UTC)
        return lambda: self.handlers[invocation.function.name](invocation.event, deadline)

    def _stand_still(self, running: Running, fault: Fault) -> None:
        running.standing = fault
        match fault:
            case Fault.DUPLICATE:
                self._duplicate(running.invocation)
                self._sleep(running, 0)
            case Fault.CANCEL:
                ask(self.aws)
                self._sleep(running, 0)
            case Fault.PAUSE:
                self._sleep(running, MINUTE)
            case Fault.FREEZE:
                self.frozen = True
                self._sleep(running, PAST_ANY_LEASE)
            case _:
                self._sleep(running, running.invocation.deadline - self.now)

    def _sleep(self, running: Running, seconds: float) -> None:
        running.wake, running.order = self.now + seconds, self._next_order()

    def _duplicate(self, invocation: Invocation) -> None:
        source = invocation.source
        if isinstance(source, AsynchronousEvent):
            self.aws.lambdas.deliver_again(source, 0)
        elif invocation.queue:
            self.aws.sqs.deliver_again(invocation.queue, source, 0)

    def _postpone(self, due: Due) -> None:
        self.once_more(due, PAST_ANY_LEASE)
        if isinstance(due.what, AsynchronousEvent):
            self.aws.lambdas.forget(due.what)
        elif due.queue:
            self.aws.sqs.forget(due.queue, due.what)

    def _opportunity(self, effect: Effect) -> Fault | None:
        self.opportunities.append(effect)
        fault = self.plan.fault(self, effect)
        if self.log is not None:
            who = self._current.invocation.id if self._current else "AWS"
            self._say(f"#{self.number} {who} {effect.service} {effect.operation} {effect.target} {fault or ''}")
        return fault

    def _say(self, line: str) -> None:
        if self.log is not None:
            self.log.append(f"{self.clock} {line}")

    def _next_order(self) -> int:
        self._order += 1
        return self._order
