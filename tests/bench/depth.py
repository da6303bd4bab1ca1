"""Job 1 beside job 100,000 of one outbox: the same calls, the same time.

Both outboxes are served in turn by the same handlers; the full one holds the objects of the jobs before. An S3 in
memory costs the same for any number of keys, so what could grow is what we ask of it: a listing, a longer read.
"""

import gc
import statistics
import time
from dataclasses import dataclass

from tests.bench.model import Job, StandIn
from tests.bench.retake import prompt_file
from tests.bench.stage import Stage
from tests.fakes.aws import Effect
from tests.fakes.world import ObjectVersion

JOB = Job(attempts=2)
ROUNDS, TURN = 15, 10  # jobs of each stage in a round


@dataclass(frozen=True)
class Depth:
    """Milliseconds of CPU of one job; `spread` is half the distance of the middle half of the rounds' ratios."""

    jobs_before: int
    objects_before: int
    first_ms: float
    last_ms: float
    ratio: float
    spread: float
    calls_first: list[str]
    calls_last: list[str]

    @property
    def same_calls(self) -> bool:
        return self.calls_first == self.calls_last


def depth(jobs_before: int, rounds: int = ROUNDS) -> Depth:
    """Time and calls of a job in an empty outbox and in a full one."""
    first, last = Stage(StandIn(JOB)), Stage(StandIn(JOB))
    objects = fill(last, jobs_before)
    gc.collect()
    gc.freeze()  # or the collector would look through the fake S3 again and again
    pairs = [(_milliseconds(first, number), _milliseconds(last, number)) for number in range(rounds + 1)][1:]
    gc.unfreeze()
    ratios = sorted(theirs / ours for ours, theirs in pairs)
    quarter = len(ratios) // 4
    return Depth(
        jobs_before=jobs_before,
        objects_before=objects,
        first_ms=statistics.median(ours for ours, _ in pairs),
        last_ms=statistics.median(theirs for _, theirs in pairs),
        ratio=statistics.median(ratios),
        spread=(ratios[-1 - quarter] - ratios[quarter]) / 2,
        calls_first=_calls(first),
        calls_last=_calls(last),
    )


def fill(stage: Stage, jobs: int) -> int:
    """Put what `jobs` jobs leave behind into the outbox, as the model of one that was really run; how many objects."""
    bucket = stage.settings.outbox_bucket
    stage.drop("model", prompt_file(JOB))
    stage.settle()
    left = {key: stage.aws.s3.get(bucket, key) for key in stage.outbox()}
    (name,) = {key.split("/")[1] for key in left}
    made: dict[tuple[str, str], tuple[ObjectVersion, ...]] = {}
    for number in range(jobs - 1):
        for key, version in left.items():
            made[bucket, key.replace(name, f"{name}-{number:06}")] = (version,)
    stage.aws.world.objects.update(made)
    return len(made) + len(left)


def _milliseconds(stage: Stage, number: int) -> float:
    for turn in range(TURN):
        stage.drop(f"{number:03}-{turn}", prompt_file(JOB))
    began = time.process_time()
    stage.settle()
    return 1000 * (time.process_time() - began) / TURN


def _calls(stage: Stage) -> list[str]:
    """What one more job asks of AWS, in order; names of jobs left out."""
    stage.effects = []
    stage.drop("counted", prompt_file(JOB))
    stage.settle()
    effects, stage.effects = stage.effects, None
    return [_named(effect) for effect in effects]


def _named(effect: Effect) -> str:
    return f"{effect.service} {effect.operation} {effect.target.rpartition('/')[2]}"
