"""`watch` and `cancel` on this process's terminal, clock and signals."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from chalicelib.follow.choice import Wishes, reporter_for
from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.output import console
from chalicelib.follow.reporting import Reporter
from chalicelib.stage.cancel import Cancelling
from chalicelib.stage.watch import Watch
from chalicelib.stage.where import Where


def watching(
    where: Where, jobs: Sequence[str], prefix: str | None, *, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """The exit code. Raises CannotGoOn."""
    with _terminal(where, Wishes(as_json=as_json, quiet=quiet, each_attempt=verbose)) as (reporter, wait):
        return Watch(where, jobs, prefix, reporter, time.monotonic, wait).to_its_end()


def ending(where: Where, prefix: str | None, jobs: Sequence[str], *, ahead: bool, as_json: bool) -> int:
    """The exit code. Raises CannotGoOn."""
    with _terminal(where, Wishes(as_json=as_json, quiet=False, each_attempt=False)) as (reporter, wait):
        return Cancelling(where, reporter, lambda: datetime.now(UTC), wait, ahead).to_its_end(prefix, jobs)


@contextmanager
def _terminal(where: Where, wishes: Wishes) -> Iterator[tuple[Reporter, Callable[[float], bool]]]:
    """Who shows what happens, and what waits seconds; that says True once the user has enough."""
    enough = threading.Event()
    with interrupts(enough.set):
        yield reporter_for(console(), str, where.models, time.monotonic, wishes), enough.wait
