"""`watch` on this process's terminal, clock and signals."""

import threading
import time
from collections.abc import Sequence

from chalicelib.follow.choice import Wishes, reporter_for
from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.output import console
from chalicelib.stage.watch import Watch
from chalicelib.stage.where import Where


def watching(
    where: Where, jobs: Sequence[str], prefix: str | None, *, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """The exit code. Raises CannotLook."""
    enough = threading.Event()
    wishes = Wishes(as_json=as_json, quiet=quiet, each_attempt=verbose)
    reporter = reporter_for(console(), str, where.models, time.monotonic, wishes)
    with interrupts(enough.set):
        return Watch(where, jobs, prefix, reporter, time.monotonic, enough.wait).to_its_end()
