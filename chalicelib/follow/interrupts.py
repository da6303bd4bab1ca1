"""Ctrl-C and SIGTERM while jobs are followed: told where events come from, so that they cut nothing in two."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """While this lasts, the first of them is told; a second one ends everything at once."""
    before = {number: signal.getsignal(number) for number in NUMBERS}

    def first(number: int, frame: FrameType | None) -> None:
        for each in NUMBERS:
            signal.signal(each, signal.default_int_handler)
        tell()

    for each in NUMBERS:
        signal.signal(each, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
