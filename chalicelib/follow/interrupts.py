"""Ctrl-C, SIGTERM and a terminal that is closed while jobs are followed: told where events come from, so that they cut
nothing in two.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """While this lasts, the first of them is told; a second one ends everything at once.

    What nohup ignored stays so.
    """
    before = {number: signal.getsignal(number) for number in NUMBERS}
    if before[signal.SIGHUP] is signal.SIG_IGN:
        del before[signal.SIGHUP]

    def first(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.default_int_handler)
        tell()

    for each in before:
        signal.signal(each, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
