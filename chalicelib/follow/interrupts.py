"""Ctrl-C, SIGTERM and SIGHUP while jobs are followed: told where events come from, so that they cut nothing in two."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """While this lasts, the first of them is told; a second one ends everything at once.

    A terminal that is closed sends SIGHUP more than once; under `nohup` it is none of ours.
    """
    before = {number: signal.getsignal(number) for number in NUMBERS}
    ours = [number for number in NUMBERS if before[number] is not signal.SIG_IGN or number != signal.SIGHUP]

    def first(number: int, frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN if each == signal.SIGHUP else signal.default_int_handler)
        tell()

    for each in ours:
        signal.signal(each, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
