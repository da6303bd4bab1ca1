"""What botocore's clients answered to one invocation, so that it can hear it again without anything being sent.

A simulator brings a handler to where it stood by running it once more, and telling it the same. What the clients made
of that the first time need not be made again; only at what is new are requests built, signed and read.
"""

import copy
import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody

CALLS = frozenset({"put_object", "get_object", "get_queue_url", "send_message", "invoke_model", "converse"})
STREAMS = ("Body", "body")


class Memory:
    """The answers in their order: a reply whose stream is kept as bytes, or an exception."""

    def __init__(self, kept: tuple[Any, ...] = ()) -> None:
        self.kept = kept
        self._place = len(kept)
        self._before: Callable[[], None] | None = None

    def recall(self, before: Callable[[], None]) -> None:
        """From the first on again; `before` is called before each of them."""
        self._place, self._before = 0, before

    def next(self, ask: Callable[[], Any]) -> Any:
        """The next answer: what is remembered, or else what `ask` brings."""
        if self._place == len(self.kept):
            return self._asked(ask)
        if self._before is not None:
            self._before()
        answer = self.kept[self._place]
        self._place += 1
        if isinstance(answer, Exception):
            raise copy.copy(answer)  # a copy: one raised twice collects frames for ever
        return _fresh(answer)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            reply = ask()
        except (ClientError, BotoCoreError) as error:
            self._keep(copy.copy(error))
            raise
        kept = {name: value.read() if name in STREAMS else value for name, value in reply.items()}
        self._keep(kept)
        return _fresh(kept)

    def _keep(self, answer: Any) -> None:
        self.kept = (*self.kept, answer)
        self._place = len(self.kept)

    def add(self, answers: tuple[Any, ...]) -> None:
        """What another invocation with the same past was answered."""
        self.kept = (*self.kept, *answers)
        self._place = len(self.kept)

    def copy(self) -> "Memory":
        return Memory(self.kept)


class Remembering:
    """A client whose calls go through the memory of whoever is under way, if somebody is."""

    def __init__(self, client: Any, memory: Callable[[], Memory | None]) -> None:
        self._client = client
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return partial(self._called, found) if name in CALLS else found

    def _called(self, call: Callable[..., Any], **parameters: Any) -> Any:
        memory = self._memory()
        return call(**parameters) if memory is None else memory.next(partial(call, **parameters))


def _fresh(reply: Mapping[str, Any]) -> dict[str, Any]:
    """With a stream again, as botocore gives a body."""
    return {
        name: StreamingBody(io.BytesIO(value), len(value)) if name in STREAMS else value
        for name, value in reply.items()
    }
