"""What a simulation is given and what can be taken of it: a plan of what goes wrong, who looks on, and snapshots."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.fakes.aws import Effect
from tests.fakes.world import World
from tests.simulator.faults import Fault
from tests.simulator.running import Running

if TYPE_CHECKING:
    from tests.simulator.scheduler import Simulation


class Violation(AssertionError):
    """A promise is broken; the message says which and how."""


@dataclass(frozen=True)
class Snapshot:
    """The moment before an opportunity: who is under way, whose turn it is (none: it is a delivery's), and how many
    opportunities went by."""

    world: World
    running: tuple[Running, ...] = ()
    turn: int | None = None
    passed: int = 0
    order: int = 0
    frozen: bool = False
    deadly: tuple[str, str, str] | None = None


class Plan(Protocol):
    """Who decides what goes wrong."""

    def fault(self, simulation: "Simulation", effect: Effect) -> Fault | None:
        """The fault for the newest of the simulation's opportunities, if any."""

    def latency(self, effect: Effect) -> float | None:
        """Seconds until the effect happens, others going first; None: at once."""

    def passed(self, simulation: "Simulation") -> None:
        """An effect is over, its answer heard."""


class Observer(Protocol):
    """Who looks on: before and after each effect that is carried out."""

    def before(self, simulation: "Simulation", effect: Effect) -> None: ...

    def after(self, simulation: "Simulation", effect: Effect) -> None: ...
