"""`python -m tests.bench`: the three ways side by side; `--scale`: how this one grows. Exit 1: a promise is broken."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.kills import paid_again
from tests.bench.memory import peak_mb
from tests.bench.model import CHECK_SECONDS, IMAGE_SECONDS, Job
from tests.bench.race import race
from tests.bench.rows import Row, rows
from tests.bench.table import KILLED, TIME_AND_MONEY, side_by_side
from tests.bench.ways import NAMES

ATTEMPTS, IMAGES = (1, 5, 25, 100), (1, 5)
QUICK = (1, 5)


def measured(attempts: tuple[int, ...], scale: float, rounds: int, told: Callable[[str], None]) -> Iterator[Row]:
    """The rows of every job, as they are measured."""
    for images in IMAGES:
        for number in attempts:
            job = Job(number, images)
            told(f"{number} attempts of {images} image(s) …")
            yield from rows(job, race(job, scale, rounds), peak_mb, paid_again)


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--scale", action="store_true", help="workers, a full outbox, a flood of prompts, quotas")
    parser.add_argument("--quick", action="store_true", help="jobs of 1 and 5 attempts only; a small flood")
    parser.add_argument("--factor", type=float, default=0.01, help="of the models' latencies (0.01)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved runs of each way (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures, as JSON")
    return parser.parse_args()


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _ways(given: argparse.Namespace) -> dict[str, Any]:
    made = list(measured(QUICK if given.quick else ATTEMPTS, given.factor, given.rounds, _told))
    print(
        f"Image {IMAGE_SECONDS:.0f} s, check {CHECK_SECONDS:.0f} s, run at a factor of {given.factor:g} and scaled "
        f"back; medians of {given.rounds} interleaved rounds on {machine()}.\nAWS answers at once: the time of its own "
        "calls is in no row, their number is. The durable function's own time is its local runner's, too.\n"
        f"Each cell: {' / '.join(NAMES)}.\n"
    )
    print(side_by_side(TIME_AND_MONEY, made), end="\n\nThe process killed once, at each point in turn:\n\n")
    print(side_by_side(KILLED, made))
    return {"machine": machine(), "factor": given.factor, "rounds": given.rounds, "rows": [asdict(row) for row in made]}


def main() -> int:
    given = _arguments()
    if given.scale:
        from tests.bench.scale import measure

        figures, kept = measure(given.quick, _told)
    else:
        figures, kept = _ways(given), True
    if given.json:
        given.json.write_text(json.dumps({**figures, "machine": machine()}, indent=1), encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
