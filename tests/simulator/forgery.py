"""An attacker who may send messages to the work queue, and knows every job's name and position.

What he sends is drawn from the run's dice: any position, any spending, a body of another shape, or one cut short, and
attributes that a tracing library would add. Must not know what the pipeline makes of it.
"""

import json
import random

from tests.fakes.world import World
from tests.simulator.jobs import WORK, Job, Stage
from tests.simulator.outbox import folders
from tests.simulator.scheduler import Simulation

Attributes = tuple[tuple[str, tuple[str, str]], ...]
MOST = 6


class Forger:
    """Sends up to `MOST` messages in the name of jobs that have begun; a name that no job has yet is anybody's to take,
    one that a cancel only holds, too."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self.stage = stage
        self.dice = dice
        self.left = dice.randint(1, MOST) if stage.forged else 0

    def perhaps(self, simulation: Simulation) -> None:
        """One message now and then."""
        if not self.left or self.dice.random() < 0.5:
            return
        names = [(job, name) for job in self.stage.jobs for name in self._begun(simulation.aws.world, job)]
        if names:
            self.left -= 1
            job, name = self.dice.choice(names)
            simulation.aws.sqs.send(WORK, self._body(job.file), self._attributes(name))

    def _begun(self, world: World, job: Job) -> list[str]:
        first = {name: folder.record(0, 0) for name, folder in folders(world, job).items()}
        return sorted(name for name, record in first.items() if record and record["request"])

    def _body(self, file: bytes) -> str:
        fields = json.loads(file)
        shapes: tuple[dict[str, object], ...] = (
            {},
            {"max_retry_attempts": 9, "max_prompt_revisions": 9},
            {"max_retry_attempts": 1, "max_prompt_revisions": 1},
            {"max_cost_usd": 5.0},
            {"nova_canvas_number_of_images": 5},
            {"prompt": "something else altogether"},
        )
        text = json.dumps(fields | self.dice.choice(shapes))
        return text[: self.dice.randint(40, len(text))] if self.dice.random() < 0.2 else text

    def _attributes(self, name: str) -> Attributes:
        known: dict[str, tuple[str, str]] = {
            "job": ("String", name),
            "revision": ("Number", str(self.dice.randint(0, 3))),
            "attempt": ("Number", str(self.dice.randint(0, 3))),
        }
        if self.dice.random() < 0.7:
            known["spent_usd"] = ("Number", self.dice.choice(("0.01", "1.99", "4.99")))
        if self.dice.random() < 0.3:
            known["prompt"] = ("String", "a picture of the attacker")
        return tuple(known.items())
