"""An exploration from its start to its end, in this process or spread over several.

It goes level by level: all branches of one level are run, up to the moments of rest that make the next. Each process
remembers the states between effects that it has gone into itself; moments of rest are told apart here, for all.
"""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from tests.simulator.explore import Branch, Explorer, Tally, first_time
from tests.simulator.jobs import STAGES, Stage
from tests.simulator.stagehands import Mutate

CHUNK = 4
MANY = 200  # branches of a level: with fewer, what branches off is shared out, too, or one process would have it all

Expanded = tuple[list[Branch], Tally]


def explore(stage: Stage, way: str, most_faults: int, *, mutate: Mutate | None = None, workers: int = 1) -> Tally:
    """All schedules of up to `most_faults` faults; stops where a promise broke."""
    explorer = Explorer(stage, way, most_faults, mutate)
    start = explorer.start()
    if workers == 1:
        return _levels(start, lambda level: iter([explorer.expand(level, deeper=True)]))
    assert mutate is None, "a mutation is a function and stays in its process"
    context, names = get_context("fork"), (stage.name, way, most_faults)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=names) as pool:

        def spread(level: list[Branch]) -> Iterator[Expanded]:
            chunks = [level[first : first + CHUNK] for first in range(0, len(level), CHUNK)]
            return pool.map(_expand, chunks, [len(level) >= MANY] * len(chunks))

        return _levels(start, spread)


def _levels(start: Branch, expand: Callable[[list[Branch]], Iterator[Expanded]]) -> Tally:
    seen: dict[bytes, int] = {}
    tally, level = Tally(moments=1), [start]
    while level and not tally.found:
        following: list[Branch] = []
        for reached, part in expand(level):
            tally = tally.plus(part)
            if tally.found:
                break
            following += [one for one in reached if one.mark is None or first_time(seen, one.mark, one.left)]
        tally = replace(tally, moments=tally.moments + sum(one.mark is not None for one in following))
        level = following
    return tally


_WORKER: list[Explorer] = []


def _start_worker(stage: str, way: str, most_faults: int) -> None:
    gc.freeze()  # what was there before the fork, and
    gc.set_threshold(100_000)  # what is remembered, would be looked through each time; a run leaves little behind
    _WORKER[:] = [Explorer(STAGES[stage], way, most_faults)]


def _expand(branches: list[Branch], deeper: bool) -> Expanded:
    return _WORKER[0].expand(branches, deeper=deeper)
