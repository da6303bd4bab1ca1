"""`cancel` on this process's terminal, clock and signals."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.follow.choice import Wishes, reporter_for
from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.output import console
from chalicelib.stage.cancel import Cancelling
from chalicelib.stage.where import Where


def ending(where: Where, prefix: str | None, jobs: Sequence[str], *, ahead: bool, as_json: bool) -> int:
    """The exit code. Raises CannotLook."""
    enough = threading.Event()
    wishes = Wishes(as_json=as_json, quiet=False, each_attempt=False)
    reporter = reporter_for(console(), str, where.models, time.monotonic, wishes)
    with interrupts(enough.set):
        cancelling = Cancelling(where, reporter, lambda: datetime.now(UTC), enough.wait, ahead)
        return cancelling.to_its_end(prefix, jobs)
