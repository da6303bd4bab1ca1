"""What must hold at every step: looked at before and after each effect that is carried out.

Saved things stay as they are, nothing is written where it does not belong, and nobody pays while somebody else is at
it. A process that lives on past its lease (`frozen`) may pay a second time, as the README says; nobody ever a third.
"""

from typing import Any

from chalicelib.job.request import DEFAULT_PREFIX
from tests.fakes.aws import Effect
from tests.fakes.world import Call, ObjectVersion
from tests.simulator.cancels import last_allowed
from tests.simulator.jobs import DESK, OUTBOX, PREFIX, Job
from tests.simulator.outbox import IMAGE, RECORD, folders, read_json
from tests.simulator.plan import Violation
from tests.simulator.scheduler import Running, Simulation

WRITES = {"create", "replace", "put"}


class WatchWrites:
    """An observer of what is written: where, and over what. `prefixes` are the jobs' output prefixes."""

    def __init__(self, prefixes: tuple[str, ...] = (PREFIX,)) -> None:
        self.places = (*(f"{prefix}/" for prefix in prefixes), f"{DEFAULT_PREFIX}/rejected/")
        self._earlier: ObjectVersion | None = None

    def before(self, simulation: Simulation, effect: Effect) -> None:
        if effect.service == "s3":
            self._earlier = _stored(simulation, effect)
        if effect.operation == "delete":
            raise Violation(f"7: something is deleted: {effect.target}")

    def after(self, simulation: Simulation, effect: Effect) -> None:
        if effect.service == "s3" and effect.operation in WRITES:
            self._written(simulation, effect)

    def _written(self, simulation: Simulation, effect: Effect) -> None:
        bucket, _, key = effect.target.partition("/")
        if bucket == DESK:
            return
        if bucket != OUTBOX or not key.startswith(self.places):
            raise Violation(f"7: written outside the outbox prefix: {effect.target}")
        earlier, now = self._earlier, _stored(simulation, effect)
        assert now is not None
        name = key.rsplit("/", 1)[-1]
        if RECORD.fullmatch(name) and "/dead-letters/" not in key:
            _check_record(key, earlier, now)
        elif earlier is not None and (earlier.body != now.body or not IMAGE.fullmatch(name)):
            raise Violation(f"{5 if IMAGE.fullmatch(name) else 3}: written over: {effect.target}")


class Watch(WatchWrites):
    """Of what is paid for, too, by the jobs of a stage."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        super().__init__()
        self.jobs = {job.tag: job for job in jobs}
        self._calls = 0

    def before(self, simulation: Simulation, effect: Effect) -> None:
        super().before(simulation, effect)
        self._calls = len(simulation.aws.world.calls)

    def after(self, simulation: Simulation, effect: Effect) -> None:
        super().after(simulation, effect)
        for call in simulation.aws.world.calls[self._calls :]:
            if call.kind == "image":
                self._paid(simulation, call)

    def _paid(self, simulation: Simulation, call: Call) -> None:
        world = simulation.aws.world
        job = self.jobs[call.tag]
        same = [other for other in world.calls if (other.kind, other.tag) == ("image", call.tag)]
        position = f"{call.tag} position {call.position}"
        if call.position > (last := last_allowed(world, job, frozen=simulation.frozen)):
            raise Violation(f"8: paid for {position}, and was cancelled to end with {last}")
        if not 0 <= call.position < job.attempts * job.revisions:
            raise Violation(f"6: paid for {position}, outside the job's own")
        earlier = [other for other in same if other.position == call.position and other is not call]
        if len(earlier) > 1:
            raise Violation(f"1: a third payment for {position}")
        revision, attempt = divmod(call.position, job.attempts)
        prompts = {other.detail for other in same if other.position // job.attempts == revision}
        if len(prompts) > 1:
            raise Violation(f"5: revision {revision} of {call.tag} has several prompts: {sorted(prompts)}")
        if simulation.frozen or not earlier:
            return
        if any(folder.image(revision, attempt) for folder in folders(world, job).values()):
            raise Violation(f"1: paid for {position} again although its image is saved")
        if any(_at_it(running) for running in simulation.running if running.invocation.id == earlier[0].invocation):
            raise Violation(f"1: paid for {position} again while the first is still at it")


def _at_it(running: Running) -> bool:
    """Whether an invocation that paid has not yet saved what came of it; afterwards the attempt is anybody's."""
    done = [operation for operation, *_ in running.heard]
    return "replace" not in done[done.index("invoke") :]


def _stored(simulation: Simulation, effect: Effect) -> ObjectVersion | None:
    bucket, _, key = effect.target.partition("/")
    versions = simulation.aws.world.objects.get((bucket, key))
    return versions[-1] if versions else None


def _check_record(key: str, earlier: ObjectVersion | None, now: ObjectVersion) -> None:
    new = read_json(now.body)
    if new["generations"] > 2:
        raise Violation(f"1: {key} counts {new['generations']} generations")
    if earlier is None or earlier.body == now.body:
        return
    old = read_json(earlier.body)
    if old["status"] == "cancelling":
        if new["status"] != "outcome" or not new["next"]["result"] or new["generations"]:
            raise Violation(f"8: in {key}, where nobody was to begin, an attempt is {new['status']}")
        return
    if old["status"] == "outcome":
        raise Violation(
            f"5: the outcome in {key} was changed from {old['outcome']} to {new['outcome'] or new['status']}"
        )
    for name in ("prompt", "negative_prompt", "initial_prompt"):
        if old[name] != new[name]:
            raise Violation(f"5: {name} in {key} was changed")
    if old["judged"] and old["judged"] != new["judged"]:
        raise Violation(f"5: the verdict in {key} was changed from {old['judged']} to {new['judged']}")
    for one, other in zip(old["images"], new["images"], strict=False):
        if _verdicts(other)[: len(one["verdicts"])] != _verdicts(one):
            raise Violation(f"5: a verdict in {key} was changed")


def _verdicts(image: dict[str, Any]) -> list[Any]:
    return list(image["verdicts"])
