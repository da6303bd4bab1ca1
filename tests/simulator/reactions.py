"""What handlers did before: for all that one was given and told, what it did next.

A handler is a function of its event, its deadline, the times and nonces it reads, and the answers it hears; nothing
else reaches it, because every invocation has a sandbox of its own. So of two invocations with exactly the same past
only the first is run; the other is taken through what the first one did, until it hears something that the first did
not. Most of what a fault brings about was seen after another fault. The past is told apart word by word here, times and
nonces included: this knows nothing of states that are as good as equal (`canonical`).

What is remembered is only of this process, and of one exploration: one stage, one way, one pipeline.
"""

import hashlib
from typing import Any, NamedTuple

from tests.fakes.aws import Deed, Effect
from tests.fakes.lambdas import Invocation
from tests.fakes.world import ObjectVersion, QueuedMessage
from tests.simulator.running import Ending, Instant

MOST = 40_000  # a few hundred megabytes; what is forgotten is run again


class Wants(NamedTuple):
    """The effect a handler comes to stand before, and how it is done in whichever AWS."""

    effect: Effect
    deed: Deed


class Reaction(NamedTuple):
    """What a handler does next, how many nonces there are then, and what its client made of the answer, if it has one:
    a tuple of none or one."""

    what: Wants | Ending
    nonces: int
    remembered: tuple[Any, ...]


class Reactions:
    """By the mark of a past; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[bytes, Reaction] = {}

    def after(self, past: bytes) -> Reaction | None:
        return self._known.get(past)

    def keep(self, past: bytes, reaction: Reaction) -> None:
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[past] = reaction


def beginning(invocation: Invocation, began: Instant) -> bytes:
    """The mark of a past in which nothing was told yet."""
    return _mark(b"", (invocation.function.name, invocation.event, invocation.deadline, began))


def one_more(past: bytes, answer: Any, instant: Instant) -> bytes:
    """The mark of a past that goes on with an answer."""
    return _mark(past, (exact(answer), instant))


def exact(answer: Any) -> Any:
    """All of an answer that a handler, or its client, can see; a body by its ETag, which is its digest."""
    if isinstance(answer, Exception):
        return type(answer).__name__, answer.args, getattr(answer, "status", None)
    if isinstance(answer, ObjectVersion):
        return answer.etag, answer.content_type, answer.metadata, answer.version, answer.modified
    if isinstance(answer, QueuedMessage):
        return "sent", answer.id
    return answer


def _mark(past: bytes, more: Any) -> bytes:
    return hashlib.blake2b(past + repr(more).encode(), digest_size=16).digest()
