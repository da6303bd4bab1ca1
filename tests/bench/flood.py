"""Thousands of prompts at once, every delivery doubled, several sandboxes at a time: nothing paid twice, nothing lost.

Memory: what the process still holds when the outbox, the queue and the bill have been emptied, after a small flood and
after the large one. What a sandbox keeps must not grow with the jobs it has seen. Pydantic's reader of JSON keeps up to
16,384 short strings that it has read, which takes thousands of jobs to fill: about a megabyte, and no more.
"""

import gc
import json
import sys
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field

from tests.bench.model import Job, StandIn
from tests.bench.retake import prompt_file
from tests.bench.stage import Stage

JOB = Job(attempts=2)
WARM, SANDBOXES = 200, 4
MAY_GROW = 2 * 1024 * 1024  # bytes; one record kept of each of 3,000 jobs would be five times that
SWITCH = 0.0001  # seconds between two threads, so that handlers run into each other often


@dataclass
class Flooded:
    prompts: int
    deliveries: int = 0
    seconds: float = 0.0
    images: int = 0
    looks: int = 0
    results: int = 0
    put_off: int = 0
    kept_bytes: int = 0
    broken: list[str] = field(default_factory=list)


def flood(prompts: int, warm: int = WARM) -> Flooded:
    """Run both floods; `broken` names each promise that does not hold."""
    model = StandIn(JOB)
    stage = Stage(model, copies=2)
    before, switch = sys.getswitchinterval(), SWITCH
    sys.setswitchinterval(switch)
    tracemalloc.start()
    try:
        _poured(stage, model, warm, first=0)
        held = _emptied(stage, model)
        flooded = _poured(stage, model, prompts, first=warm)
        flooded.kept_bytes = _emptied(stage, model) - held
    finally:
        tracemalloc.stop()
        sys.setswitchinterval(before)
    if flooded.kept_bytes > MAY_GROW:
        flooded.broken.append(f"memory: {flooded.kept_bytes:,} bytes stay of {prompts:,} jobs")
    return flooded


def _poured(stage: Stage, model: StandIn, prompts: int, first: int) -> Flooded:
    flooded, began, ordered = Flooded(prompts), time.perf_counter(), next(stage.order)
    for number in range(first, first + prompts):
        stage.drop(f"{number:06}", prompt_file(JOB, f"job-{number:06}: a cat"))
    stage.settle(SANDBOXES)
    flooded.seconds = time.perf_counter() - began
    flooded.deliveries = next(stage.order) - ordered
    _count(flooded, stage, model)
    return flooded


def _count(flooded: Flooded, stage: Stage, model: StandIn) -> None:
    images = Counter({place: number for (kind, place, _), number in model.bill.items() if kind == "image"})
    looks = Counter({place: number for (kind, place, _), number in model.bill.items() if kind == "look"})
    results = [key for key in stage.outbox() if key.endswith("/result.json")]
    flooded.images, flooded.looks, flooded.results = images.total(), looks.total(), len(results)
    flooded.put_off = len(stage.failed)
    statuses = Counter(_status(stage, key) for key in results)
    strays = [key for key in stage.outbox() if "/rejected/" in key or "/dead-letters/" in key]
    last = {place: number for place, number in looks.items() if place.endswith(f" {JOB.last[0]}")}
    expected = {
        "an image paid twice": images.most_common(1)[0][1] == 1,
        "an image that is missing, or one too many": len(images) == flooded.prompts * JOB.attempts,
        "a rejected picture looked at more often than another": len({looks[p] for p in looks if p not in last}) == 1,
        "an accepted picture looked at more often than another": len(set(last.values())) == 1,
        "a prompt without its result": len(results) == flooded.prompts,
        "a result that is not SUCCESS": statuses == {"SUCCESS": flooded.prompts},
        "a prompt or a message that was refused": not strays,
    }
    flooded.broken += [words for words, holds in expected.items() if not holds]


def _status(stage: Stage, key: str) -> str:
    return str(json.loads(stage.aws.s3.get(stage.settings.outbox_bucket, key).body)["status"])


def _emptied(stage: Stage, model: StandIn) -> int:
    """Bytes that Python holds once AWS and the bill are empty."""
    stage.aws.world.objects.clear()
    for ledger in (model.bill, model.outside.counts):
        ledger.clear()
    stage.failed.clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
