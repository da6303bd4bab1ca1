"""The scale, measured and told: workers, a full outbox, a flood of prompts, and what AWS itself allows."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.bench.depth import Depth, depth
from tests.bench.flood import Flooded, flood
from tests.bench.quotas import paper
from tests.bench.table import markdown
from tests.bench.throughput import Throughput, throughput

PROMPTS, JOBS_BEFORE = 3_000, 100_000
Told = Callable[[str], None]


def measure(quick: bool, told: Told) -> tuple[dict[str, Any], bool]:
    """The figures, printed; and whether every promise held."""
    told("workers …")
    workers = throughput(seconds=1.0 if quick else 4.0, rounds=1 if quick else 3)
    _print_workers(workers)
    told("a full outbox …")
    deep = depth(2_000 if quick else JOBS_BEFORE)
    _print_depth(deep)
    told("a flood of prompts …")
    flooded = flood(100 if quick else PROMPTS, warm=50 if quick else 200)
    _print_flood(flooded)
    print(paper())
    broken = [*flooded.broken, *([] if deep.same_calls else ["job 1 and the last job ask for different things"])]
    for words in broken:
        print(f"BROKEN: {words}")
    figures = {"workers": [asdict(one) for one in workers], "depth": asdict(deep), "flood": asdict(flooded)}
    return figures, not broken


def _print_workers(workers: list[Throughput]) -> None:
    print("Jobs of two attempts through the handlers, models and AWS answering at once:\n")
    lines = [
        [str(one.workers), f"{one.jobs_per_second:.0f}", f"{one.ratio:.2f} ×", f"{one.jobs_per_cpu_second:.0f}"]
        for one in workers
    ]
    print(markdown(("workers", "jobs a second", "to one worker", "jobs a CPU second"), lines), end="\n\n")


def _print_depth(deep: Depth) -> None:
    same = "the same" if deep.same_calls else "NOT the same"
    print(
        f"Job {deep.jobs_before + 1:,} of an outbox with {deep.objects_before:,} objects beside job 1 of an empty one:"
        f" {deep.last_ms:.2f} ms and {deep.first_ms:.2f} ms of CPU, {deep.ratio:.3f} × ± {deep.spread:.3f};"
        f" {len(deep.calls_last)} and {len(deep.calls_first)} calls, {same}.\n"
    )


def _print_flood(flooded: Flooded) -> None:
    print(
        f"{flooded.prompts:,} prompts at once, every delivery doubled, four sandboxes: {flooded.deliveries:,}"
        f" deliveries in {flooded.seconds:.0f} s (with memory traced); {flooded.images:,} images paid,"
        f" {flooded.looks:,} looks, {flooded.results:,} results, {flooded.put_off} deliveries that failed and"
        f" came again; {flooded.kept_bytes / 1024:+.0f} KB held afterwards.\n"
    )
