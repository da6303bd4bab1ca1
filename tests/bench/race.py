"""Times of the three ways, in turn: a round runs each once, the next round begins with another.

Models sleep for their latency times a scale. What is told is time at real latencies: the seconds in which a model was
at work are scaled back, everything else stays as it was measured on this machine. AWS's own time is in none of it.
"""

import statistics
import time
from dataclasses import dataclass

from tests.bench.model import LARGE, Job, Outcome, StandIn
from tests.bench.outside import Outside
from tests.bench.ways import NAMES, way


@dataclass(frozen=True)
class Timing:
    """Medians over the rounds; `ratio` is the median of each round's own ratio to the loop."""

    seconds: float
    own_ms: float
    ratio: float
    outcome: Outcome
    calls: dict[str, int]


@dataclass(frozen=True)
class _Run:
    seconds: float
    own: float
    outcome: Outcome
    calls: dict[str, int]


def race(job: Job, scale: float, rounds: int, side: int = LARGE) -> dict[str, Timing]:
    """Each way's timing of a job."""
    runs: dict[str, list[_Run]] = {name: [] for name in NAMES}
    for name in NAMES:
        _run(name, Job(1, job.images), 0.0, side)  # what is loaded or made once is no part of a round
    for number in range(rounds):
        for turn in range(len(NAMES)):
            name = NAMES[(number + turn) % len(NAMES)]
            runs[name].append(_run(name, job, scale, side))
    return {name: _summed_up(runs[name], runs["loop"], job) for name in NAMES}


def _run(name: str, job: Job, scale: float, side: int) -> _Run:
    model = StandIn(job, Outside(), scale, side)
    run = way(name)
    began = time.perf_counter()
    outcome = run(model, False)
    wall = time.perf_counter() - began
    assert outcome.accepted, f"{name} did not accept the last picture of {job}"
    waited = model.waited
    return _Run(model.real(wall, waited), wall - waited, outcome, dict(model.outside.counts))


def _summed_up(runs: list[_Run], loops: list[_Run], job: Job) -> Timing:
    return Timing(
        seconds=statistics.median(run.seconds for run in runs),
        own_ms=1000 * statistics.median(run.own for run in runs) / job.attempts,
        ratio=statistics.median(run.seconds / loop.seconds for run, loop in zip(runs, loops, strict=True)),
        outcome=runs[-1].outcome,
        calls=runs[-1].calls,
    )
