"""Every schedule up to a number of faults, with equal states gone into only once.

A branch is a snapshot and what goes wrong at it. It is run on, with nothing more going wrong, until all is quiet or it
comes to a state, at rest or between two effects, that was gone into before with as many faults still to spend: from
there on it would only repeat. Every opportunity on the way is a snapshot again, with a branch for each fault that can
happen there. Nothing is dropped: every schedule is run, or comes to a state equal to one that another schedule is run
on from.

Branches with more faults to spend go first. Then a state is seldom come to with few and later again with more, which
would be all of its branches twice; the order changes how much is repeated, and nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.fakes.aws import Effect
from tests.fakes.world import START
from tests.simulator.canonical import at_rest
from tests.simulator.faults import Fault, common, possible, with_one_cancel
from tests.simulator.jobs import Stage
from tests.simulator.plan import Snapshot, Violation
from tests.simulator.promises import check_moment, check_quiet
from tests.simulator.reactions import Reactions
from tests.simulator.running import Ending
from tests.simulator.runs import simulation
from tests.simulator.scheduler import HORIZON, Simulation
from tests.simulator.seen import Seen
from tests.simulator.stagehands import WAYS, Mutate

Faults = dict[int, Fault]
Alphabet = Callable[[Effect], tuple[Fault, ...]]
MANY_FAULTS = 3  # from here on only the common ones, or it would take hours
AFTERWARDS = (Fault.CRASH_AFTER, Fault.LOST)  # the effect is done as if all went well: a snapshot has it


@dataclass(frozen=True)
class Branch:
    """A snapshot and what goes wrong at it, if anything; `faults` led here, that one included, `left` may follow."""

    since: Snapshot
    fault: Fault | None
    faults: Faults
    left: int


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
    """How many branches were run, how many of them to the end of all, to a known state; moments of rest gone into."""

    branches: int = 0
    ends: int = 0
    known: int = 0
    moments: int = 0
    found: tuple[Found, ...] = ()

    @property
    def told(self) -> str:
        return (
            f"{self.branches:,} branches from {self.moments:,} moments of rest; {self.ends:,} came to the end of all, "
            f"{self.known:,} to a known state"
        )

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            self.branches + other.branches,
            self.ends + other.ends,
            self.known + other.known,
            self.moments + other.moments,
            self.found + other.found,
        )


class _Known(BaseException):
    """The run has come to a state that was gone into before. Not to be caught by what is simulated."""


class _Trial:
    """A plan: the branch's fault first, then none; and a branch for all that could have gone wrong instead."""

    def __init__(self, branch: Branch, seen: Seen, faults: Alphabet) -> None:
        self.branch = branch
        self.seen = seen
        self.faults = faults
        self.others: list[Branch] = []
        self.moments = 0
        self._going_well: Effect | None = None

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        self._going_well = None
        if self.branch.fault is not None and len(simulation.opportunities) == 1:
            return self.branch.fault
        if self.branch.left:
            self._going_well = effect
            since = simulation.snapshot()
            self.others += [
                self._instead(simulation, since, fault) for fault in self.faults(effect) if fault not in AFTERWARDS
            ]
        return None

    def _instead(self, simulation: Simulation, since: Snapshot, fault: Fault) -> Branch:
        faults = {**self.branch.faults, simulation.number: fault}
        return Branch(since, None if fault in AFTERWARDS else fault, faults, self.branch.left - 1)

    def latency(self, effect: Effect) -> float | None:
        return None

    def passed(self, simulation: Simulation) -> None:
        self.known(simulation)
        for fault in self.faults(self._going_well) if self._going_well else ():
            if fault in AFTERWARDS:
                self.others.append(self._instead(simulation, simulation.snapshot_after(fault), fault))
        self._going_well = None

    def known(self, simulation: Simulation) -> None:
        """Break off where it would only repeat."""
        if simulation.now > START + HORIZON:
            raise Violation("it never comes to rest: messages or invocations go on without end")
        self._goes_into(simulation.fingerprint())

    def rests(self, simulation: Simulation, stage: Stage) -> None:
        """Nobody is under way: what must hold then does; and it is known, or not."""
        world, frozen = simulation.aws.world, simulation.frozen
        check_moment(world, stage, frozen=frozen)
        self._goes_into(at_rest(world, stage.jobs, frozen=frozen, deadly=simulation.deadly))
        self.moments += 1

    def _goes_into(self, mark: bytes) -> None:
        if not self.seen.first_time(mark, self.branch.left):
            raise _Known


class Explorer:
    """Runs branches, remembering every state that was gone into."""

    def __init__(self, stage: Stage, way: str, most_faults: int, seen: Seen, mutate: Mutate | None = None) -> None:
        self.stage = stage
        self.way = WAYS[way]
        self.mutate = mutate
        self.most_faults = most_faults
        self.faults = possible if most_faults < MANY_FAULTS else common
        self.seen = seen
        self.endings: dict[bytes, Ending] = {}
        self.reactions: Reactions | None = Reactions()

    def start(self) -> Branch:
        """Just after the upload."""
        return Branch(Snapshot(self.stage.aws().world), None, {}, self.most_faults)

    def expand(self, branches: Iterable[Branch], *, deeper: bool) -> tuple[list[Branch], Tally]:
        """Run them and, if `deeper`, all that branches off; what is left to run."""
        waiting: dict[int, list[Branch]] = {left: [] for left in range(self.most_faults, -1, -1)}
        for branch in branches:
            waiting[branch.left].append(branch)
        after, tally = [], Tally()
        while not tally.found and (most := next(filter(None, waiting.values()), None)):
            branch = most.pop()
            trial = _Trial(branch, self.seen, self._alphabet(branch))
            try:
                part = self._run(branch, trial)
            except Violation as violation:
                part = Tally(1, found=(Found(str(violation), branch.faults),))
            tally = tally.plus(part)
            for other in trial.others:
                (waiting[other.left] if deeper else after).append(other)
        return after, tally

    def _alphabet(self, branch: Branch) -> Alphabet:
        if self.stage.cancelled:
            return with_one_cancel(self.faults, branch.faults.values(), branch.left)
        return self.faults

    def _run(self, branch: Branch, trial: _Trial) -> Tally:
        aws = self.stage.resumed(branch.since.world.copy())
        run = simulation(self.stage, aws, trial, self.way, self.mutate, branch.since)
        run.endings, run.reactions = self.endings, self.reactions
        try:
            while run.step():
                if run.quiescent():
                    trial.rests(run, self.stage)
                else:
                    trial.known(run)
        except _Known:
            return Tally(1, known=1, moments=trial.moments)
        finally:
            run.abandon()
        check_quiet(aws.world, self.stage, frozen=run.frozen)
        return Tally(1, ends=1, moments=trial.moments)
