"""`python -m tests.simulator`: replay one schedule or seed with its whole story, or run more than the tests do."""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.simulator.chances import run_random
from tests.simulator.faults import Fault
from tests.simulator.jobs import STAGES
from tests.simulator.plan import Violation
from tests.simulator.runs import run
from tests.simulator.scheduler import Simulation
from tests.simulator.spread import collect_rarely, explore
from tests.simulator.stagehands import WAYS

CHUNK = 50


def main(arguments: list[str] | None = None) -> int:
    """0: every promise held; 1: one was broken, and it is told which and how."""
    options = _parser().parse_args(arguments)
    match options.command:
        case "replay":
            return _shown(lambda log: run(STAGES[options.stage], options.faults, WAYS[options.way], log=log))
        case "seed":
            return _shown(lambda log: run_random(options.seed, options.way, log=log))
        case "explore":
            return _explored(options.stage, options.way, options.faults, options.workers)
        case _:
            return _drawn(options.first, options.count, options.way, options.workers)


def random_runs(first: int, count: int, way: str, workers: int) -> Iterator[str]:
    """What broke in `count` runs from seed `first` on."""
    chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=collect_rarely) as pool:
        for broken in pool.map(_run_seeds, chunks, [way] * len(chunks)):
            yield from broken


def _run_seeds(seeds: range, way: str) -> list[str]:
    broken = []
    for seed in seeds:
        try:
            run_random(seed, way)
        except Violation as violation:
            broken.append(str(violation))
    return broken


def _shown(replay: Callable[[list[str]], Simulation]) -> int:
    log: list[str] = []
    try:
        done = replay(log)
    except Violation as violation:
        print(*log, sep="\n")
        print(f"BROKEN {violation}")
        return 1
    print(*log, sep="\n")
    print(f"every promise held, after {len(done.opportunities)} effects and deliveries")
    return 0


def _explored(stage: str, way: str, faults: int, workers: int) -> int:
    began = time.monotonic()
    tally = explore(STAGES[stage], way, faults, workers=workers)
    print(f"{tally.told}; {time.monotonic() - began:.0f} s")
    for found in tally.found:
        print(f"BROKEN {found.told(stage, way)}")
    return 1 if tally.found else 0


def _drawn(first: int, count: int, way: str, workers: int) -> int:
    began = time.monotonic()
    broken = list(random_runs(first, count, way, workers))
    print(f"{count:,} runs, {len(broken):,} broken; {time.monotonic() - began:.0f} s")
    print(*(f"BROKEN {words}" for words in broken), sep="\n")
    return 1 if broken else 0


def _faults(text: str) -> dict[int, Fault]:
    pairs = [] if text == "none" else [pair.split(":") for pair in text.split(",")]
    return {int(number): Fault(fault) for number, fault in pairs}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replay = commands.add_parser("replay", help="one schedule of faults, told step by step")
    replay.add_argument("stage", choices=STAGES)
    replay.add_argument("faults", type=_faults, help="as 4:hang,13:crash-after; none for none")
    seed = commands.add_parser("seed", help="one random run, told step by step")
    seed.add_argument("seed", type=int)
    all_schedules = commands.add_parser("explore", help="all schedules of up to so many faults")
    all_schedules.add_argument("stage", choices=STAGES)
    all_schedules.add_argument("faults", type=int)
    draw = commands.add_parser("random", help="many random runs")
    draw.add_argument("count", type=int)
    draw.add_argument("--first", type=int, default=0, help="the first seed")
    for command in (replay, seed, all_schedules, draw):
        command.add_argument("--way", choices=WAYS, default="ports", help="ports in memory, or botocore's requests")
    for command in (all_schedules, draw):
        command.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
