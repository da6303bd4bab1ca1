"""Every schedule up to a number of faults, with equal states gone into only once.

A moment of rest is one when no invocation is under way. From each, the stretch until the next is run without a fault,
with every fault at every opportunity, with every two, and so on. A run starts from a copy of the world, so nothing is
run twice but the stretch at hand. It is broken off where it comes to a state, at rest or between two effects, that was
gone into before with as many faults still to spend: from there on it would only repeat. Breadth first, spread over
processes; each knows what it has gone into itself, the moments of rest are shared.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from tests.fakes.aws import Effect
from tests.fakes.world import World
from tests.simulator.canonical import at_rest
from tests.simulator.faults import Fault, possible
from tests.simulator.jobs import STAGES, Stage
from tests.simulator.promises import check_moment, check_quiet
from tests.simulator.runs import simulation
from tests.simulator.scheduler import Simulation, Violation
from tests.simulator.stagehands import WAYS, Mutate

Faults = dict[int, Fault]
CHUNK = 8


@dataclass(frozen=True)
class Moment:
    """At rest; `faults` led here, `passed` opportunities have gone by, `left` faults may still happen."""

    world: World
    faults: Faults
    passed: int
    left: int
    frozen: bool


@dataclass(frozen=True)
class Stretch:
    """A run from a moment on: what could have gone wrong on it, and where it led; None if it was broken off or ended."""

    opportunities: list[Effect]
    end: Moment | None
    last: bool = False


@dataclass(frozen=True)
class Found:
    """A broken promise and the schedule that breaks it."""

    words: str
    faults: Faults


@dataclass(frozen=True)
class Tally:
    """How many stretches were run, how many came to the end of all, to a known state; moments of rest gone into."""

    stretches: int = 0
    ends: int = 0
    known: int = 0
    moments: int = 1
    found: tuple[Found, ...] = ()

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            self.stretches + other.stretches,
            self.ends + other.ends,
            self.known + other.known,
            self.moments + other.moments,
            self.found + other.found,
        )


class _Known(BaseException):
    """The run has come to a state that was gone into before. Not to be caught by what is simulated."""


@dataclass(frozen=True)
class _Trial:
    """A plan of faults, counted from the moment's start, that breaks off at known states after the last of them."""

    faults: Faults
    left: int
    seen: dict[str, int]

    def fault(self, number: int, effect: Effect) -> Fault | None:
        return self.faults.get(number)

    def latency(self, effect: Effect) -> float | None:
        return None

    def passed(self, simulation: Simulation) -> None:
        if len(simulation.opportunities) <= max(self.faults, default=-1):
            return
        mark = simulation.fingerprint()
        if self.seen.get(mark, -1) >= self.left:
            raise _Known
        self.seen[mark] = self.left


class Explorer:
    """Goes into moments, remembering every state between effects that it has gone into."""

    def __init__(self, stage: Stage, way: str, mutate: Mutate | None = None) -> None:
        self.stage = stage
        self.way = WAYS[way]
        self.mutate = mutate
        self.seen: dict[str, int] = {}

    def expand(self, moments: Iterable[Moment]) -> tuple[dict[str, Moment], Tally]:
        """Every stretch from these moments: the moments they lead to by fingerprint, and the count."""
        reached: dict[str, Moment] = {}
        stretches = ends = known = 0
        for moment in moments:
            for stretch in self._stretches(moment):
                stretches += 1
                if isinstance(stretch, Found):
                    return {}, Tally(stretches, ends, known, 0, (stretch,))
                ends += stretch.last
                if stretch.end is None:
                    known += not stretch.last
                    continue
                mark = at_rest(stretch.end.world, self.stage.jobs, frozen=stretch.end.frozen)
                if mark not in reached or reached[mark].left < stretch.end.left:
                    reached[mark] = stretch.end
        return reached, Tally(stretches, ends, known, 0)

    def _stretches(self, moment: Moment) -> Iterator[Stretch | Found]:
        """With no further fault, then with one more at every later opportunity, as long as there are faults left."""
        waiting: list[tuple[Faults, int]] = [({}, 0)]
        while waiting:
            faults, first = waiting.pop()
            try:
                stretch = self._run(moment, faults)
            except Violation as violation:
                shifted = {number + moment.passed: fault for number, fault in faults.items()}
                yield Found(str(violation), moment.faults | shifted)
                return
            yield stretch
            if len(faults) < moment.left:
                for number in range(first, len(stretch.opportunities)):
                    for fault in possible(stretch.opportunities[number]):
                        waiting.append(({**faults, number: fault}, number + 1))

    def _run(self, moment: Moment, faults: Faults) -> Stretch:
        aws = self.stage.resumed(moment.world.copy())
        trial = _Trial(faults, moment.left - len(faults), self.seen)
        run = simulation(self.stage, aws, trial, self.way, self.mutate)
        run.frozen = moment.frozen
        try:
            more = run.step()
            while not run.quiescent():
                more = run.step()
        except _Known:
            return Stretch(run.opportunities, None)
        if not more:
            check_quiet(aws.world, self.stage.jobs, frozen=run.frozen)
            return Stretch(run.opportunities, None, last=True)
        check_moment(aws.world, self.stage.jobs, frozen=run.frozen)
        end = replace(
            moment,
            world=aws.world,
            faults=moment.faults | {number + moment.passed: fault for number, fault in faults.items()},
            passed=moment.passed + len(run.opportunities),
            left=trial.left,
            frozen=run.frozen,
        )
        return Stretch(run.opportunities, end)


def explore(stage: Stage, way: str, most_faults: int, *, mutate: Mutate | None = None, workers: int = 1) -> Tally:
    """All schedules of up to `most_faults` faults; stops at the first level at which a promise broke."""
    start = Moment(stage.aws().world, {}, 0, most_faults, False)
    if workers == 1:
        explorer = Explorer(stage, way, mutate)
        return _levels(start, lambda level: (explorer.expand([moment]) for moment in level))
    assert mutate is None, "a mutation is a function and stays in its process"
    context = get_context("fork")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(stage.name, way)
    ) as pool:

        def answers(level: list[Moment]) -> Iterator[tuple[dict[str, Moment], Tally]]:
            chunks = [level[start : start + CHUNK] for start in range(0, len(level), CHUNK)]
            return pool.map(_expand, chunks)

        return _levels(start, answers)


def _levels(start: Moment, expand_all) -> Tally:  # type: ignore[no-untyped-def]
    seen: dict[str, int] = {}
    tally, level = Tally(), [start]
    while level and not tally.found:
        following: dict[str, Moment] = {}
        for reached, part in expand_all(level):
            fresh = {mark: moment for mark, moment in reached.items() if seen.get(mark, -1) < moment.left}
            seen |= {mark: moment.left for mark, moment in fresh.items()}
            following |= fresh
            tally = tally.plus(part)
        tally = replace(tally, moments=tally.moments + len(following))
        level = list(following.values())
    return tally


_WORKER: list[Explorer] = []


def _start_worker(stage: str, way: str) -> None:
    _WORKER[:] = [Explorer(STAGES[stage], way)]


def _expand(moments: list[Moment]) -> tuple[dict[str, Moment], Tally]:
    return _WORKER[0].expand(moments)
