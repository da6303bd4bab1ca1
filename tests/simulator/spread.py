"""An exploration from its start to its end, in this process or spread over several.

It goes by the faults that are left to spend, the most first: what branches off makes the next level. The last two
levels are run together, because most branches are there, and to hand them from process to process would take longer
than to run them. All processes remember together what was gone into.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tests.simulator.explore import Branch, Explorer, Tally
from tests.simulator.jobs import STAGES, Stage
from tests.simulator.seen import SeenByAll, SeenHere
from tests.simulator.stagehands import Mutate

CHUNK = 8  # branches that are handed over together; those of one snapshot lie side by side

Expanded = tuple[list[Branch], Tally]
Chunks = Iterable[list[Branch]]


def explore(stage: Stage, way: str, most_faults: int, *, mutate: Mutate | None = None, workers: int = 1) -> Tally:
    """All schedules of up to `most_faults` faults; stops where a promise broke."""
    if workers == 1:
        explorer = Explorer(stage, way, most_faults, SeenHere(), mutate)
        return _levels(explorer.start(), lambda chunks, deeper: map(partial(explorer.expand, deeper=deeper), chunks))
    assert mutate is None, "a mutation is a function and stays in its process"
    seen, context = SeenByAll(), get_context("fork")
    start, given = Explorer(stage, way, most_faults, seen).start(), (stage.name, way, most_faults, seen)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=given) as pool:
        return _levels(start, lambda chunks, deeper: pool.map(partial(_expand, deeper=deeper), chunks))


def _levels(start: Branch, expand: Callable[[Chunks, bool], Iterator[Expanded]]) -> Tally:
    tally, level = Tally(moments=1), [start]
    while level:
        deeper = level[0].left <= 1
        following: list[Branch] = []
        for others, part in expand(_chunks(level), deeper):
            tally = tally.plus(part)
            if tally.found:
                return tally
            following += others
        level = following
    return tally


def _chunks(level: list[Branch]) -> Chunks:
    return (level[first : first + CHUNK] for first in range(0, len(level), CHUNK))


_WORKER: list[Explorer] = []


def collect_rarely() -> None:
    """Of a process that only runs: its collector would look through all that was there before and is remembered, time
    and again (a seventh of the time of random runs), and a run leaves little behind."""
    gc.freeze()
    gc.set_threshold(100_000)


def _start_worker(stage: str, way: str, most_faults: int, seen: SeenByAll) -> None:
    collect_rarely()
    _WORKER[:] = [Explorer(STAGES[stage], way, most_faults, seen)]


def _expand(branches: list[Branch], *, deeper: bool) -> Expanded:
    return _WORKER[0].expand(branches, deeper=deeper)
