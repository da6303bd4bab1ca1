"""Long random runs: a stage, its jobs, and everything that goes wrong drawn from one seed, which replays it all.

Effects take time here, so that invocations of one job, and of several, overlap in ways that no list of faults
describes.
"""

import random
from dataclasses import replace

from chalicelib.attempt.services import Services as Pipeline
from tests.fakes.aws import Effect, InMemoryAws
from tests.fakes.bedrock import Script
from tests.simulator.faults import DELIVERY, Fault, possible
from tests.simulator.forgery import Forger
from tests.simulator.jobs import Job, Stage
from tests.simulator.plan import Violation
from tests.simulator.promises import check_quiet
from tests.simulator.runs import simulation
from tests.simulator.scheduler import Simulation
from tests.simulator.stagehands import WAYS, Mutate

MOST_FAULTS = 14
MOST_CANCELS = 3
OF_A_CANCEL = 0.04  # at an effect
SECONDS = {"s3": 2.0, "sqs": 2.0, "bedrock": 60.0}


class Chances:
    """A plan that throws dice: how often something goes wrong, and how long effects take, differ from run to run."""

    def __init__(self, dice: random.Random, stage: Stage, cancels: random.Random) -> None:
        self.cancels = cancels
        self.cancels_left = MOST_CANCELS if stage.cancelled else 0
        self.forger = Forger(stage, dice)
        self.dice = dice
        self.often = dice.choice((0.02, 0.05, 0.1, 0.2))
        self.slowly = dice.choice((0.0, 0.3, 1.0))
        self.left = dice.randint(1, MOST_FAULTS)

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        if self.cancels_left and effect.service != DELIVERY and self.cancels.random() < OF_A_CANCEL:
            self.cancels_left -= 1
            return Fault.CANCEL
        if not self.left or self.dice.random() > self.often:
            return None
        self.left -= 1
        return self.dice.choice(possible(effect))

    def latency(self, effect: Effect) -> float | None:
        if effect.service == DELIVERY or self.dice.random() >= self.slowly:
            return None
        return self.dice.uniform(0, SECONDS[effect.service])

    def passed(self, simulation: Simulation) -> None:
        """Goes on to the end; the attacker has his turn."""
        self.forger.perhaps(simulation)


def random_stage(dice: random.Random) -> Stage:
    """One job or two, of up to three attempts in up to two revisions; a queue of any patience."""
    jobs = tuple(random_job(dice, f"job-{number}") for number in range(dice.choice((1, 1, 1, 2))))
    return Stage(
        "random",
        jobs,
        max_receives=dice.choice((1, 2, 3, 5)),
        versioned=dice.random() < 0.5,
        forged=dice.random() < 0.5,
    )


def random_job(dice: random.Random, tag: str) -> Job:
    """A job that is accepted somewhere or nowhere, sometimes blocked, sometimes short of money."""
    attempts, revisions = dice.randint(1, 3), dice.randint(1, 2)
    positions = range(attempts * revisions)
    script = Script(
        seed=dice.randint(1, 1000) * 1000,
        accepts=frozenset(position for position in positions if dice.random() < 0.2),
        wavering=dice.random() < 0.5,
        blocked=frozenset(position for position in positions if dice.random() < 0.05),
    )
    fields = {"max_cost_usd": round(dice.uniform(0.05, 0.4), 2)} if dice.random() < 0.1 else {}
    return Job(tag, attempts, revisions, script, images=dice.choice((1, 1, 1, 2, 3)), fields=fields)


def run_random(seed: int, way: str = "ports", mutate: Mutate | None = None, log: list[str] | None = None) -> Simulation:
    """One run, all of it drawn from the seed. Raises Violation, which says how to see it again."""
    dice = random.Random(seed)
    cancels = random.Random(f"cancels of {seed}")  # their own dice: without them a seed tells the same story
    stage = replace(random_stage(dice), cancelled=cancels.random() < 0.5, patient=cancels.random() < 0.5)

    def own_chance(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
        drawn = replace(pipeline, chance=dice)
        return mutate(drawn, aws) if mutate else drawn

    done = simulation(stage, stage.aws(), Chances(dice, stage, cancels), WAYS[way], own_chance)
    done.log = log
    try:
        done.run()
        check_quiet(done.aws.world, stage, frozen=done.frozen)
    except Violation as violation:
        raise Violation(f"{violation}\n  seen again by: python -m tests.simulator seed {seed} --way {way}") from None
    return done
