"""Jobs a second with several workers, models and AWS at once: processes, since a sandbox of Lambda is one.

Each worker has an AWS of its own, for two jobs share no key. More workers than cores can only share them.
"""

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.bench.model import Job, StandIn
from tests.bench.retake import prompt_file
from tests.bench.stage import Stage

JOB = Job(attempts=2)
WORKERS = (1, 2, 4, 8)
TURN = 5


@dataclass(frozen=True)
class Throughput:
    """Medians over the rounds; `ratio` to one worker of the same round.

    Jobs for each second of CPU tell what a neighbour on the machine cannot take away: whether workers cost each other.
    """

    workers: int
    jobs_per_second: float
    ratio: float
    jobs_per_cpu_second: float


def throughput(seconds: float, rounds: int) -> list[Throughput]:
    """Every number of workers once a round."""
    with ProcessPoolExecutor(max(WORKERS), mp_context=get_context("spawn")) as pool:
        list(pool.map(worked, [(time.time(), 0.5)] * max(WORKERS)))  # every worker has loaded its modules
        measured = [{workers: _rate(pool, workers, seconds) for workers in WORKERS} for _ in range(rounds)]
    return [
        Throughput(
            workers,
            statistics.median(one[workers][0] for one in measured),
            statistics.median(one[workers][0] / one[1][0] for one in measured),
            statistics.median(one[workers][1] for one in measured),
        )
        for workers in WORKERS
    ]


def _rate(pool: ProcessPoolExecutor, workers: int, seconds: float) -> tuple[float, float]:
    """Jobs a second of all the workers, and jobs for each second of CPU."""
    start = time.time() + 0.2
    told = list(pool.map(worked, [(start, seconds)] * workers))
    return sum(jobs / wall for jobs, wall, _ in told), sum(one[0] for one in told) / sum(one[2] for one in told)


def worked(task: tuple[float, float]) -> tuple[int, float, float]:
    """Jobs done from a moment on, for about so many seconds; the seconds, and those of CPU."""
    start, seconds = task
    stage, done = Stage(StandIn(JOB)), 0
    time.sleep(max(0.0, start - time.time()))
    began = time.process_time()
    while time.time() < start + seconds:
        for turn in range(TURN):
            stage.drop(f"{done}-{turn}", prompt_file(JOB))
        stage.settle()
        done += TURN
    return done, time.time() - start, time.process_time() - began
