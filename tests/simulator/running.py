"""An invocation under way: the real handler on a greenlet of its own, which stands still before every effect.

All that it has heard is kept. So a copy of the moment can be gone on from, in another world or process: there the
handler is run from its beginning, told the same answers at the same times, and comes to stand before the same effect.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from greenlet import getcurrent, greenlet

from tests.fakes.aws import Effect
from tests.fakes.lambdas import Invocation
from tests.fakes.memory import Memory
from tests.fakes.world import World
from tests.simulator.faults import Fault


class Request(NamedTuple):
    """What a handler stands before, and how it is done."""

    effect: Effect
    perform: Callable[[], Any]


class Instant(NamedTuple):
    """All that a handler reads of the world without an effect: the time, and the counter its nonces come from."""

    now: float
    nonces: int

    @classmethod
    def of(cls, world: World) -> "Instant":
        return cls(world.now, world.nonces)

    def set(self, world: World) -> None:
        world.now, world.nonces = self


class Answer(NamedTuple):
    """What a handler heard, an exception or a value, and when."""

    what: Any
    instant: Instant


class Live:
    """The handler itself, from its beginning; whoever makes it is who it answers to."""

    def __init__(self, handler: Callable[[], None]) -> None:
        self._thread = greenlet(handler, getcurrent())

    def begin(self) -> Request | None:
        """Run to the first effect; None where there was none. Raises what the handler raises, as `tell`."""
        request: Request | None = self._thread.switch()
        return request

    def tell(self, answer: Any) -> Request | None:
        """Go on with an answer (an exception is raised in the handler) to the next effect; None at the end."""
        request: Request | None
        if isinstance(answer, Exception):
            request = self._thread.throw(copy.copy(answer))  # a copy: one raised twice collects frames for ever
        else:
            request = self._thread.switch(answer)
        return request

    def end(self) -> None:
        """The process is gone: nothing that it would do on its way out is done."""
        while not self._thread.dead:
            self._thread.throw()


class Ending(NamedTuple):
    """None: acknowledged. Otherwise the failure, as Lambda names and words it."""

    failure: str | None
    words: str = ""


@dataclass(eq=False)
class Running:
    """An invocation: when it goes on, in which order among equals; what it stands before, and the fault for which it
    stands still there; what it heard, as told to it and as far as it matters; the record it knows, by key and ETag;
    these two as they were before the last answer; how it ended; what its clients made of what it heard; and the mark
    of all it was given and told, where reactions are remembered."""

    invocation: Invocation
    began: Instant
    wake: float
    order: int
    effect: Effect | None = None
    standing: Fault | None = None
    answers: tuple[Answer, ...] = ()
    heard: tuple[Any, ...] = ()
    record: tuple[str, str] = ("", "")
    before: tuple[tuple[Any, ...], tuple[str, str]] = ((), ("", ""))
    ended: Ending | None = None
    memory: Memory = field(default_factory=Memory)
    past: bytes = b""
    live: Live | None = None
    perform: Callable[[], Any] | None = None

    def kept(self) -> "Running":
        """All of it but the handler itself."""
        other = copy.copy(self)
        other.live = other.perform = None
        other.memory = self.memory.copy()
        return other

    def catch_up(self, handler: Callable[[], None], world: World) -> None:
        """Bring a handler to where it stands, and can do its effect. Where clients remember what they made of each
        answer, nothing is sent."""
        if self.live is not None:
            return
        instant, answers = Instant.of(world), iter(self.answers)
        self.began.set(world)
        self.live = Live(handler)
        if len(self.memory.kept) == len(self.answers):
            self.memory.recall(lambda: next(answers).instant.set(world))
        request = self.live.begin()
        for answer in answers:
            answer.instant.set(world)
            request = self.live.tell(answer.what)
        instant.set(world)
        assert request is not None, "a handler that was told the same ended earlier"
        assert request.effect == self.effect, f"a handler that was told the same does {request.effect}"
        self.perform = request.perform

    def end(self) -> None:
        if self.live is not None:
            self.live.end()
            self.live = None
