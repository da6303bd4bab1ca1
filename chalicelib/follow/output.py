"""Standard output while jobs run: whoever reads it may go away, its disk may fill up, its terminal may be closed.

That must not cut in two what is under way, and may be paid: it counts as being told to end (interrupts.py), and what
is still to be shown is dropped.
"""

import contextlib
import errno
import os
import signal
import sys
from typing import Any, TextIO, cast

from rich.console import Console

from chalicelib.follow.interrupts import HANGUP

END = HANGUP  # what a terminal sends when it is closed, and `nohup` has ignored


def console() -> Console:
    """What shows jobs on standard output."""
    return Console(highlight=False, file=cast("TextIO", Output(sys.stdout)))


class Output:
    """A stream that is written to until that fails once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._gone = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        if not self._gone:
            try:
                return self._stream.write(text)
            except OSError as error:
                self._end(error)
        return len(text)

    def flush(self) -> None:
        if not self._gone:
            try:
                self._stream.flush()
            except OSError as error:
                self._end(error)

    def _end(self, error: OSError) -> None:
        self._gone = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())  # for what is buffered already, and is written as Python ends
        os.close(nowhere)
        if error.errno != errno.EPIPE:
            with contextlib.suppress(OSError):  # the same terminal
                print(f"standard output: {error.strerror}", file=sys.stderr, flush=True)
        signal.raise_signal(END)
