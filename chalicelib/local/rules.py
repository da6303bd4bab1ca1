"""How Lambda is to behave on this machine. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """The defaults are AWS's own, tests and `run` hand in shorter ones. All times in seconds.

    `failure_wait` None: a failed message stays hidden for the rest of the queue's visibility timeout, as on AWS.
    `concurrency` is the most invocations of one function at a time.
    """

    function_timeout: float = 300.0
    asynchronous_waits: tuple[int, ...] = (60, 120)
    failure_wait: int | None = None
    concurrency: int = 8
