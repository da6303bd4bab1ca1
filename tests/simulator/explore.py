"""Every schedule up to a number of faults, with equal states gone into only once.

A moment of rest is one when no invocation is under way. From each, the stretch until the next is run without a fault,
with every fault at every opportunity, with every two, and so on. A run starts from a copy of the world, so nothing is
run twice but the stretch at hand. It is broken off where it comes to a state, at rest or between two effects, that was
gone into before with as many faults still to spend: from there on it would only repeat. Where a lone process dies, the
handler has no more say, so the world as it was then is taken from the run without that death. Nothing is dropped: every
schedule is run, or comes to a state equal to one that another schedule is run on from. Breadth first, spread over
processes; each knows what it has gone into itself, the moments of rest are shared.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import NamedTuple

from tests.fakes.aws import Effect, InMemoryAws
from tests.fakes.lambdas import Invocation
from tests.fakes.world import World
from tests.simulator.canonical import at_rest
from tests.simulator.faults import Fault, possible
from tests.simulator.jobs import STAGES, Stage
from tests.simulator.promises import check_moment, check_quiet
from tests.simulator.runs import simulation
from tests.simulator.scheduler import Simulation, Violation
from tests.simulator.stagehands import WAYS, Mutate

Faults = dict[int, Fault]
CHUNK = 4
MANY = 16
DEATHS = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.HANG)


@dataclass(frozen=True)
class Moment:
    """At rest; `faults` led here, `passed` opportunities have gone by, `left` faults may still happen."""

    world: World
    faults: Faults
    passed: int
    left: int
    frozen: bool


class Lone(NamedTuple):
    """The world just before an effect of the only invocation under way."""

    world: World
    invocation: Invocation


@dataclass(frozen=True)
class Stretch:
    """A run from a moment on: what could have gone wrong on it, and where it led (None: broken off, or ended)."""

    opportunities: list[Effect]
    end: Moment | None
    last: bool = False
    lone: Mapping[int, "Lone"] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A broken promise and the schedule that breaks it."""

    words: str
    faults: Faults

    def told(self, stage: str, way: str) -> str:
        """With the command that shows it again."""
        listed = ",".join(f"{number}:{fault}" for number, fault in sorted(self.faults.items()))
        return f"{self.words}\n  seen again by: python -m tests.simulator replay {stage} {listed or 'none'} --way {way}"


@dataclass(frozen=True)
class Tally:
    """How many stretches were run, how many came to the end of all, to a known state; moments of rest gone into."""

    stretches: int = 0
    ends: int = 0
    known: int = 0
    moments: int = 0
    found: tuple[Found, ...] = ()

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            self.stretches + other.stretches,
            self.ends + other.ends,
            self.known + other.known,
            self.moments + other.moments,
            self.found + other.found,
        )


class Task(NamedTuple):
    """Stretches from a moment: one for each of `beginnings`, and with `deeper` all that add further faults to it."""

    moment: Moment
    beginnings: list[Faults]
    deeper: bool


Expanded = tuple[dict[bytes, Moment], Tally]


class _Known(BaseException):
    """The run has come to a state that was gone into before. Not to be caught by what is simulated."""


@dataclass(frozen=True)
class _Trial:
    """A plan of faults, counted from the moment's start, that breaks off at known states after the last of them."""

    faults: Faults
    left: int
    seen: dict[bytes, int]
    lone: dict[int, Lone]

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        number = len(simulation.opportunities) - 1
        if self.left and simulation.current and len(simulation.running) == 1:
            self.lone[number] = Lone(simulation.aws.world.copy(), simulation.current)
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
        self.seen: dict[bytes, int] = {}

    def expand(self, tasks: Iterable[Task]) -> Expanded:
        """Every stretch that these tasks ask for: the moments they lead to by fingerprint, and the count."""
        reached: dict[bytes, Moment] = {}
        stretches = ends = known = 0
        for stretch in (stretch for task in tasks for stretch in self._stretches(task)):
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
        return reached, Tally(stretches, ends, known)

    def tasks(self, level: list[Moment]) -> Iterator[Task]:
        """The level's work: whole moments where there are many, so that one process meets its own states again.

        The first moments, few and with the most faults to spend, are cut up by the first fault that happens.
        """
        for moment in level:
            if moment.left < 2 or len(level) >= MANY:
                yield Task(moment, [{}], deeper=True)
                continue
            plain = self._run(moment, {}, {})
            yield Task(moment, [{}], deeper=False)
            for first in _one_more({}, plain.opportunities):
                yield Task(moment, [first], deeper=True)

    def _stretches(self, task: Task) -> Iterator[Stretch | Found]:
        waiting = list(task.beginnings)
        while waiting:
            faults = waiting.pop()
            try:
                stretch = self._run(task.moment, faults, self.seen)
                yield stretch
                if task.deeper and len(faults) < task.moment.left:
                    following = _one_more(faults, stretch.opportunities)
                    for faults in following:
                        if dead := self._dead(task.moment, faults, stretch):
                            yield dead
                        else:
                            waiting.append(faults)
            except Violation as violation:
                yield Found(str(violation), task.moment.faults | _counted_from_start(task.moment, faults))
                return

    def _run(self, moment: Moment, faults: Faults, seen: dict[bytes, int]) -> Stretch:
        aws = self.stage.resumed(moment.world.copy())
        trial = _Trial(faults, moment.left - len(faults), seen, {})
        run = simulation(self.stage, aws, trial, self.way, self.mutate)
        run.frozen = moment.frozen
        try:
            more = run.step()
            while not run.quiescent():
                more = run.step()
        except _Known:
            return Stretch(run.opportunities, None, lone=trial.lone)
        finally:
            run.abandon()
        if not more:
            check_quiet(aws.world, self.stage, frozen=run.frozen)
            return Stretch(run.opportunities, None, last=True)
        end = self._rest(moment, faults, aws, len(run.opportunities), frozen=run.frozen)
        return Stretch(run.opportunities, end, lone=trial.lone)

    def _dead(self, moment: Moment, faults: Faults, base: Stretch) -> Stretch | None:
        """The stretch in which, after all of `base` up to there, the last of `faults` kills the only process."""
        number = max(faults)
        lone = base.lone.get(number + 1 if faults[number] is Fault.CRASH_AFTER else number)
        if faults[number] not in DEATHS or lone is None or not _still_at(lone, base.lone.get(number)):
            return None
        aws = self.stage.resumed(lone.world.copy())
        if faults[number] is Fault.HANG:
            if any(due.when <= lone.invocation.deadline for due in aws.lambdas.dues()):
                return None
            aws.world.now = lone.invocation.deadline
        aws.lambdas.fail(lone.invocation, "Runtime.ExitError", "Runtime exited with error: signal: killed")
        frozen = moment.frozen or Fault.FREEZE in faults.values()
        end = self._rest(moment, faults, aws, number + 1, frozen=frozen)
        return Stretch(base.opportunities[: number + 1], end)

    def _rest(self, moment: Moment, faults: Faults, aws: InMemoryAws, passed: int, *, frozen: bool) -> Moment:
        check_moment(aws.world, self.stage, frozen=frozen)
        since = moment.faults | _counted_from_start(moment, faults)
        return Moment(aws.world, since, moment.passed + passed, moment.left - len(faults), frozen)


def _still_at(now: Lone, before: Lone | None) -> bool:
    return before is not None and now.invocation is before.invocation


def _one_more(faults: Faults, opportunities: list[Effect]) -> Iterator[Faults]:
    """The same faults and one more, at every opportunity after the last of them."""
    for number in range(max(faults, default=-1) + 1, len(opportunities)):
        for fault in possible(opportunities[number]):
            yield {**faults, number: fault}


def _counted_from_start(moment: Moment, faults: Faults) -> Faults:
    return {number + moment.passed: fault for number, fault in faults.items()}


def explore(stage: Stage, way: str, most_faults: int, *, mutate: Mutate | None = None, workers: int = 1) -> Tally:
    """All schedules of up to `most_faults` faults; stops where a promise broke."""
    start = Moment(stage.aws().world, {}, 0, most_faults, False)
    explorer = Explorer(stage, way, mutate)
    if workers == 1:
        return _levels(start, lambda level: (explorer.expand([Task(each, [{}], deeper=True)]) for each in level))
    assert mutate is None, "a mutation is a function and stays in its process"
    context, names = get_context("fork"), (stage.name, way)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=names) as pool:

        def spread(level: list[Moment]) -> Iterator[Expanded]:
            tasks = list(explorer.tasks(level))
            return pool.map(_expand, [tasks[first : first + CHUNK] for first in range(0, len(tasks), CHUNK)])

        return _levels(start, spread)


def _levels(start: Moment, expand_all: Callable[[list[Moment]], Iterator[Expanded]]) -> Tally:
    seen: dict[bytes, int] = {}
    tally, level = Tally(moments=1), [start]
    while level and not tally.found:
        following: dict[bytes, Moment] = {}
        for reached, part in expand_all(level):
            tally = tally.plus(part)
            if tally.found:
                break
            fresh = {mark: moment for mark, moment in reached.items() if seen.get(mark, -1) < moment.left}
            seen |= {mark: moment.left for mark, moment in fresh.items()}
            following |= fresh
        tally = replace(tally, moments=tally.moments + len(following))
        level = list(following.values())
    return tally


_WORKER: list[Explorer] = []


def _start_worker(stage: str, way: str) -> None:
    gc.set_threshold(100_000)  # a run leaves little behind, and what is remembered is looked through each time
    _WORKER[:] = [Explorer(STAGES[stage], way)]


def _expand(tasks: list[Task]) -> Expanded:
    return _WORKER[0].expand(tasks)
