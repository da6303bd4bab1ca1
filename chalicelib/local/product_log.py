"""What the product and Lambda would log, kept apart from what the user came to see.

The product prints its journal on standard output, as Lambda wants it. Here that is shown, on standard error, only with
`--verbose`; a failed invocation always is, in one line.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from chalicelib.follow.reporting import Reporter
from chalicelib.local.invocation import Invocation, log_line


@contextlib.contextmanager
def journal_aside(*, verbose: bool) -> Iterator[None]:
    """While this lasts, standard output is the product's no more; who holds the stream already keeps it."""
    with contextlib.ExitStack() as closing:
        sink = sys.stderr if verbose else closing.enter_context(open(os.devnull, "w", encoding="utf-8"))
        closing.enter_context(contextlib.redirect_stdout(sink))
        yield


def failures_to(reporter: Reporter, *, verbose: bool) -> Callable[[Invocation], None]:
    """Shows failed invocations; the trace only if asked for."""

    def ended(invocation: Invocation) -> None:
        if invocation.failure is not None:
            reporter.say(log_line(invocation, datetime.now(UTC), verbose=verbose), "red")

    return ended
