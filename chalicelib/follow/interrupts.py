"""Ctrl-C, SIGTERM and a terminal that is closed while jobs are followed: told where events come from, so that they cut
nothing in two.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none
NUMBERS = (signal.SIGINT, signal.SIGTERM, *([HANGUP] if HANGUP else []))


@contextlib.contextmanager
def interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """While this lasts, the first of them is told; a second one ends everything at once.

    What nohup ignored stays so.
    """
    before = {number: signal.getsignal(number) for number in NUMBERS}
    if HANGUP and before[HANGUP] is signal.SIG_IGN:
        del before[HANGUP]

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
