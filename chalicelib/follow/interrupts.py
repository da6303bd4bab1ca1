"""Ctrl-C, SIGTERM and SIGHUP while jobs are followed: told where events come from, so that they cut nothing in two."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

HANGUP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none
NUMBERS = (signal.SIGINT, signal.SIGTERM, HANGUP)


@contextlib.contextmanager
def interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """While this lasts, the first of them is told; a second one ends everything at once.

    A terminal that is closed sends SIGHUP more than once; under `nohup` it is none of ours.
    """
    before = {number: signal.getsignal(number) for number in NUMBERS}
    ours = [number for number in before if before[number] is not signal.SIG_IGN or number != HANGUP]

    def first(number: int, frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN if each == HANGUP else signal.default_int_handler)
        tell()

    for each in ours:
        signal.signal(each, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
