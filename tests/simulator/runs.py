"""One run: a stage, a schedule of faults, until all is quiet; and what the promises say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.aws import Effect, InMemoryAws
from tests.simulator.faults import Fault
from tests.simulator.jobs import Stage
from tests.simulator.plan import Plan, Snapshot
from tests.simulator.promises import check_quiet
from tests.simulator.scheduler import Simulation
from tests.simulator.stagehands import Build, Mutate, handlers
from tests.simulator.watch import Watch


@dataclass(frozen=True)
class Schedule:
    """Faults by opportunity: effects and deliveries are counted from 0 in the order they come."""

    faults: Mapping[int, Fault]

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        return self.faults.get(simulation.number)

    def latency(self, effect: Effect) -> float | None:
        return None

    def passed(self, simulation: Simulation) -> None:
        """Goes on to the end."""


def simulation(
    stage: Stage, aws: InMemoryAws, plan: Plan, build: Build, mutate: Mutate | None, since: Snapshot | None = None
) -> Simulation:
    """Ready to run, from the snapshot whose world `aws` holds where one is given."""
    functions = handlers(aws, stage.settings, build, mutate, patient=stage.patient)
    return Simulation(aws, functions, plan, Watch(stage.jobs), since)


def run(
    stage: Stage,
    faults: Mapping[int, Fault],
    build: Build,
    mutate: Mutate | None = None,
    log: list[str] | None = None,
) -> Simulation:
    """From the upload until all is quiet; what happens is told in `log` as it happens. Raises Violation."""
    done = simulation(stage, stage.aws(), Schedule(faults), build, mutate)
    done.log = log
    done.run()
    check_quiet(done.aws.world, stage, frozen=done.frozen)
    return done
