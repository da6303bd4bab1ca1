"""The promises of the README, held under everything that can go wrong once, and the simulator held to account.

What takes minutes is in test_simulator_long.py; `python -m tests.simulator --help` runs more, or tells one run's story.
"""

import pickle

import pytest

from tests.fakes.aws import Effect
from tests.fakes.bedrock import Script
from tests.simulator.__main__ import main
from tests.simulator.chances import run_random
from tests.simulator.faults import Fault, possible
from tests.simulator.jobs import STAGES, WAVERING, Job, Stage
from tests.simulator.mutations import LOOKS_ONCE, MARK_AS_SUCCESSOR, MUTATIONS, Mutation
from tests.simulator.outbox import Folder, folders, under
from tests.simulator.plan import Snapshot, Violation
from tests.simulator.runs import Schedule, run, simulation
from tests.simulator.scheduler import Simulation
from tests.simulator.spread import explore
from tests.simulator.stagehands import WAYS


def only_folder(done: Simulation, job: Job) -> Folder:
    [folder] = folders(done.aws.world, job).values()
    return folder


def asked(done: Simulation, kind: str) -> list[int]:
    """Positions for which models of a kind were paid, in order."""
    return [call.position for call in done.aws.world.calls if call.kind == kind]


@pytest.mark.parametrize("way", WAYS)
def test_where_nothing_goes_wrong_every_attempt_is_paid_once(way: str) -> None:
    done = run(STAGES["plain"], {}, WAYS[way])
    folder = only_folder(done, WAVERING)
    assert sorted(folder.records) == [(0, 0), (0, 1), (1, 0)]
    assert (asked(done, "image"), asked(done, "verify")) == ([0, 1, 2], [0, 1, 2, 2])
    assert folder.result is not None
    assert (folder.result["status"], folder.result["revision"], folder.result["attempt"]) == ("SUCCESS", 1, 0)


@pytest.mark.parametrize(
    ("stage", "way", "schedules"),
    [("plain", "ports", 250), ("plain", "wire", 250), ("impatient", "ports", 250), ("pair", "ports", 300)],
)
def test_every_promise_holds_whatever_goes_wrong_once(stage: str, way: str, schedules: int) -> None:
    tally = explore(STAGES[stage], way, 1)
    assert [found.told(stage, way) for found in tally.found] == []
    assert tally.branches > schedules


@pytest.mark.parametrize("stage", ["cancelled", "left"])
@pytest.mark.parametrize("way", WAYS)
def test_every_promise_holds_wherever_a_job_is_cancelled(stage: str, way: str) -> None:
    tally = explore(STAGES[stage], way, 1)
    assert [found.told(stage, way) for found in tally.found] == []
    assert tally.branches > 20


@pytest.mark.parametrize("way", WAYS)
def test_cancelled_before_it_begins_nothing_is_paid(way: str) -> None:
    stage = STAGES["left"]
    done = run(stage, {effects("left", "create", "/000-000.json")[0]: Fault.CANCEL}, WAYS[way])
    folder = only_folder(done, stage.jobs[0])
    assert folder.result is not None
    assert (folder.result["status"], sorted(folder.records)) == ("CANCELLED", [(0, 0)])
    assert not done.aws.world.calls


def test_breaking_off_at_known_states_hides_nothing() -> None:
    """Every single fault once more, each run from the upload to the end."""
    stage = STAGES["single"]
    plain = run(stage, {}, WAYS["ports"])
    schedules = [{n: fault} for n, effect in enumerate(plain.opportunities) for fault in possible(effect)]
    results = [only_folder(run(stage, faults, WAYS["ports"]), stage.jobs[0]).result for faults in schedules]
    assert len(results) > 70
    assert {result["status"] for result in results if result} == {"FAIL", "SUCCESS"}


class Keeping(Schedule):
    """A schedule that takes a snapshot before every opportunity."""

    def __init__(self, faults: dict[int, Fault]) -> None:
        super().__init__(faults)
        self.snapshots: list[Snapshot] = []

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        self.snapshots.append(simulation.snapshot())
        return super().fault(simulation, effect)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "faults", [{}, {3: Fault.DUPLICATE, 9: Fault.FREEZE}, {2: Fault.PAUSE, 5: Fault.LOST}, {6: Fault.HANG}]
)
def test_going_on_from_a_snapshot_comes_to_the_same_end(faults: dict[int, Fault], way: str) -> None:
    stage, plan = STAGES["plain"], Keeping(faults)
    whole = simulation(stage, stage.aws(), plan, WAYS[way], None)
    whole.run()
    for snapshot in pickle.loads(pickle.dumps(plan.snapshots)):
        rest = simulation(stage, stage.resumed(snapshot.world), Schedule(faults), WAYS[way], None, snapshot)
        rest.run()
        assert rest.number == whole.number
        assert rest.aws.world == whole.aws.world


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.guard for mutation in MUTATIONS])
def test_a_guard_taken_out_is_missed(mutation: Mutation) -> None:
    """The simulator is no proof unless it can fail."""
    words = explored(mutation, 1) or drawn(mutation) or explored(mutation, 2)
    assert words, "nothing was seen"
    assert words[0] in mutation.breaks, words


def test_a_mark_taken_for_a_successor_is_missed() -> None:
    """The job is cancelled while an attempt is under way, whose process dies before it sends; nobody looks again."""
    outcome = effects("left", "replace", "/000-000.json")[0]
    cancelled = {outcome: Fault.CANCEL}
    missed(MARK_AS_SUCCESSOR, {**cancelled, coming("left", cancelled, "send", ""): Fault.CRASH_BEFORE})


def test_a_cancel_that_does_not_look_again_is_missed() -> None:
    """It stands still before it marks; meanwhile the next attempt begins, and stands still before it pays."""
    cancelled = {effects("left", "invoke", "")[0]: Fault.CANCEL}
    late = {**cancelled, coming("left", cancelled, "create", "/000-001.json"): Fault.PAUSE}
    missed(LOOKS_ONCE, {**late, coming("left", late, "invoke", ""): Fault.PAUSE})


def coming(stage: str, faults: dict[int, Fault], operation: str, target: str) -> int:
    """Where this comes next after the first of these faults."""
    done = run(STAGES[stage], faults, WAYS["ports"])
    return next(
        n
        for n, effect in enumerate(done.opportunities)
        if n > min(faults) and effect.operation == operation and effect.target.endswith(target)
    )


def missed(mutation: Mutation, faults: dict[int, Fault]) -> None:
    """With its guard the job is cancelled, without it a promise breaks."""
    stage = STAGES[mutation.stage]
    result = only_folder(run(stage, faults, WAYS["ports"]), stage.jobs[0]).result
    assert result is not None
    assert result["status"] == "CANCELLED"
    with pytest.raises(Violation) as broken:
        run(stage, faults, WAYS["ports"], mutation.mutate)
    assert str(broken.value)[0] in mutation.breaks, broken.value


def explored(mutation: Mutation, faults: int) -> str | None:
    found = explore(STAGES[mutation.stage], "ports", faults, mutate=mutation.mutate).found
    return found[0].words if found else None


def drawn(mutation: Mutation) -> str | None:
    return next((str(violation) for seed in range(100) if (violation := broken(seed, mutation))), None)


@pytest.mark.parametrize(("way", "seeds"), [("ports", range(200)), ("wire", range(30))])
def test_every_promise_holds_in_random_runs(way: str, seeds: range) -> None:
    for seed in seeds:
        assert run_random(seed, way).quiescent()


def test_a_broken_promise_tells_how_to_see_it_again() -> None:
    [claim] = [mutation for mutation in MUTATIONS if mutation.guard == "claim"]
    told = [str(violation) for seed in range(20) if (violation := broken(seed, claim))]
    assert told
    assert all("python -m tests.simulator seed " in words for words in told)
    [found] = explore(STAGES["plain"], "ports", 1, mutate=claim.mutate).found
    [number, fault] = found.told("plain", "ports").split("replay plain ")[1].split(" ")[0].split(":")
    with pytest.raises(Violation):
        run(STAGES["plain"], {int(number): Fault(fault)}, WAYS["ports"], claim.mutate)


def broken(seed: int, mutation: Mutation) -> Violation | None:
    try:
        run_random(seed, mutate=mutation.mutate)
    except Violation as violation:
        return violation
    return None


def test_the_command_replays_a_schedule_and_a_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "plain", "4:crash-after", "--way", "wire"]) == 0
    story = capsys.readouterr().out
    assert "crash-after" in story
    assert "every promise held" in story
    assert main(["seed", "7"]) == 0
    assert "every promise held" in capsys.readouterr().out


LONG = Job("job-long", attempts=5, revisions=5)


def test_a_job_of_25_attempts_goes_through_where_the_loop_is_allowed() -> None:
    folder = only_folder(run(Stage("long", (LONG,)), {}, WAYS["wire"]), LONG)
    assert folder.result is not None
    assert (folder.result["status"], len(folder.result["attempts"])) == ("FAIL", 25)
    assert "25 attempts" in folder.result["error"]


def test_where_the_loop_is_not_allowed_the_job_ends_and_names_the_cause() -> None:
    done = run(Stage("stopped", (LONG,), loop_allowed=False), {}, WAYS["wire"])
    folder = only_folder(done, LONG)
    assert folder.result is not None
    assert folder.result["status"] == "FAIL"
    assert "recursive loop detection" in folder.result["error"]
    assert "RecursiveLoop: Allow" in folder.result["error"]
    assert len(under(done.aws.world, "dead-letters", LONG)) == 1
    assert len(asked(done, "image")) == 17


def test_a_picture_in_hand_is_not_paid_again_after_three_conflicts() -> None:
    """Three 409s while the image is saved: the picture in hand was once thrown away, and paid for again."""
    first = effects("plain", "create", "/000-000.png")[0]
    assert images_paid("plain", {first + n: Fault.CONFLICT for n in range(3)}) == [0, 1, 2]


def test_three_conflicts_are_not_taken_for_a_result_that_is_there() -> None:
    first = effects("plain", "create", "/result.json")[0]
    assert images_paid("plain", {first + n: Fault.CONFLICT for n in range(3)}) == [0, 1, 2]


def test_a_dead_letter_is_kept_for_the_attempt_that_died() -> None:
    """The first attempt's event comes again after the second's message died."""
    second_begins = effects("impatient", "deliver", "work")[0]
    assert images_paid("impatient", {0: Fault.AGAIN_LAST, second_begins + 1: Fault.CRASH_AFTER}) == [0]


def effects(stage: str, operation: str, target: str) -> list[int]:
    """The numbers of the opportunities at which an undisturbed run does this."""
    plain = run(STAGES[stage], {}, WAYS["ports"])
    return [
        n
        for n, effect in enumerate(plain.opportunities)
        if (effect.operation, effect.target.endswith(target)) == (operation, True)
    ]


def images_paid(stage: str, faults: dict[int, Fault]) -> list[int]:
    return asked(run(STAGES[stage], faults, WAYS["ports"]), "image")


def test_a_blocked_prompt_skips_its_other_attempts() -> None:
    job = Job("job-blocked", script=Script(accepts=frozenset({2}), blocked=frozenset({0})))
    folder = only_folder(run(Stage("blocked", (job,)), {}, WAYS["wire"]), job)
    assert [record["outcome"] for record in folder.records.values()] == ["blocked", "accepted"]
