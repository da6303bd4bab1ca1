"""A moment when somebody is under way: what makes two of them the same, beside what the world holds (`canonical`).

Of an invocation under way nothing is left out: what it was given, what it did and heard, and whether the record it
knows is still the one that is stored, decide what it does next. It keeps no moment but its deadline. Only one that
stands still until it is killed does nothing any more: of it counts what it was given, when it dies, and whether it paid
for an image that it has not saved.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from tests.fakes.lambdas import Invocation
from tests.fakes.world import World
from tests.simulator.canonical import Deadly, ahead, asked, digest, short, source, state

CONFLICT = ("AwsError", "ConditionalRequestConflict")


class Standing(NamedTuple):
    """An invocation under way: its place among all of them, whether it is its turn, whether it dies when it is; when
    that is; what it heard, and whether the record it knows is still the one stored."""

    order: int
    at_it: bool
    dies: bool
    invocation: Invocation
    wake: float
    heard: tuple[Any, ...]
    current: bool

    def at(self, now: float) -> tuple[Any, ...]:
        given = self.invocation.function.name, source(self.invocation.source, now)
        times = ahead(self.invocation.deadline, now), ahead(self.wake, now)
        if self.dies:
            return given, times, self.at_it, _pays(self.heard)
        return given, times, self.at_it, _text(self.heard), self.current


def under_way(world: World, now: float, running: list[Standing], *, frozen: bool, deadly: Deadly = None) -> bytes:
    """A moment between two effects, or between two turns."""
    standing = [each.at(now) for each in sorted(running, key=lambda each: each.order)]
    return digest(frozen, deadly, *state(world, now), asked(world.calls, set()), standing)


@lru_cache(maxsize=4_000)
def _text(heard: tuple[Any, ...]) -> str:
    return short(repr(heard))


def _pays(heard: tuple[Any, ...]) -> bool:
    """Whether it paid for an image and has not saved what came of it: of one that will only be killed, all that any
    promise asks for (`watch`)."""
    done = [operation for operation, *_ in heard]
    return "invoke" in done and "replace" not in done[done.index("invoke") :]


def with_one_more(heard: tuple[Any, ...], answer: tuple[str, str, Any]) -> tuple[Any, ...]:
    """A create that is answered by 409 is sent again by the port itself: whoever called it hears the last answer."""
    while answer[0] == "create" and answer[2] != CONFLICT and heard and heard[-1] == (*answer[:2], CONFLICT):
        heard = heard[:-1]
    return (*heard, answer)
