"""A row for each job and way: everything that is measured about it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.kills import PaidAgain
from tests.bench.memory import configured_mb
from tests.bench.model import Job
from tests.bench.prices import aws_calls, orchestration_usd
from tests.bench.race import Timing
from tests.bench.ways import NAMES

LAMBDA_SECONDS = 900  # the longest that an invocation may run (AWS documentation of Lambda, 2026-11)
RETAKE_SECONDS = 300  # the timeout this project deploys with (.chalice/config.json)
DURABLE_SECONDS = 31_622_400  # of an execution (AWS documentation of DurableConfig, 2026-11)
DURABLE_OPERATIONS = 3_000  # of an execution, not to be raised (AWS documentation of Lambda quotas, read 2026-09)


@dataclass(frozen=True)
class Row:
    attempts: int
    images: int
    way: str
    seconds: float
    ratio: float
    own_ms: float
    peak_mb: float
    memory_mb: int
    gb_seconds: float
    aws_calls: int
    orchestration_usd: float
    paid_again: PaidAgain
    finishes: bool
    why: str


def rows(
    job: Job,
    timings: dict[str, Timing],
    peak: Callable[[str, Job], float],
    killed: Callable[[str, Job], PaidAgain],
) -> Iterator[Row]:
    """The job's rows, a way each."""
    for name in NAMES:
        timing, peak_mb = timings[name], peak(name, job)
        memory = configured_mb(peak_mb)
        finishes, why = within_limits(name, timing)
        yield Row(
            attempts=job.attempts,
            images=job.images,
            way=name,
            seconds=timing.seconds,
            ratio=timing.ratio,
            own_ms=timing.own_ms,
            peak_mb=peak_mb,
            memory_mb=memory,
            gb_seconds=timing.seconds * memory / 1024,
            aws_calls=aws_calls(timing.outcome, timing.calls),
            orchestration_usd=orchestration_usd(timing.outcome, timing.calls),
            paid_again=killed(name, job),
            finishes=finishes,
            why=why,
        )


def within_limits(name: str, timing: Timing) -> tuple[bool, str]:
    """Whether the job comes to its end at real latencies, and what it has to fit into."""
    if name == "loop":
        return timing.seconds < LAMBDA_SECONDS, f"{timing.seconds:.0f} of {LAMBDA_SECONDS} s"
    if name == "durable":
        operations, again = timing.outcome.operations, math.ceil(timing.seconds / LAMBDA_SECONDS)
        fits = operations <= DURABLE_OPERATIONS and timing.seconds < DURABLE_SECONDS
        return fits, f"{again} invocation(s), {operations:,} of {DURABLE_OPERATIONS:,} operations"
    longest = timing.outcome.longest
    return longest < RETAKE_SECONDS, f"longest invocation {longest:.0f} of {RETAKE_SECONDS} s"
