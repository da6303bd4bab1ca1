"""What the simulator saves itself must hide nothing: states that are shared, handlers that are not run again."""

import random

import pytest

from tests.simulator.explore import Explorer, Tally
from tests.simulator.jobs import STAGES
from tests.simulator.reactions import MOST, Reaction, Reactions
from tests.simulator.running import Ending
from tests.simulator.seen import SeenByAll, SeenHere
from tests.simulator.spread import explore


def explored(way: str, *, remembering: bool) -> tuple[dict[bytes, int], Tally]:
    """All single faults: the states gone into, each with the faults left to spend, and how many branches were run."""
    seen = SeenHere()
    explorer = Explorer(STAGES["single"], way, 1, seen)
    if not remembering:
        explorer.reactions = None
    _, tally = explorer.expand([explorer.start()], deeper=True)
    return seen.left, tally


@pytest.mark.parametrize("way", ["ports", "wire"])
def test_handlers_that_are_not_run_again_come_to_the_same_states(way: str) -> None:
    states, tally = explored(way, remembering=True)
    assert (states, tally) == explored(way, remembering=False)
    assert len(states) > 100


def test_processes_that_share_what_they_have_seen_leave_nothing_out() -> None:
    alone, together = (explore(STAGES["single"], "ports", 1, workers=workers) for workers in (1, 2))
    assert together.found == alone.found == ()
    assert together.branches >= alone.branches  # more only where both came to a state at once
    assert together.moments >= alone.moments


def test_a_table_for_all_answers_as_one_of_this_process_does() -> None:
    dice, here, shared = random.Random(5), SeenHere(), SeenByAll(places=1 << 12)
    marks = [dice.randbytes(16) for _ in range(400)]
    asked = [(dice.choice(marks), dice.randrange(4)) for _ in range(4_000)]
    answers = [here.first_time(mark, left) for mark, left in asked]
    assert answers == [shared.first_time(mark, left) for mark, left in asked]
    assert 400 < sum(answers) < 1_600


def test_a_table_that_is_full_calls_every_new_state_new() -> None:
    dice, full = random.Random(6), SeenByAll(places=8)
    marks = [dice.randbytes(16) for _ in range(20)]
    assert all(full.first_time(mark, 0) for mark in marks)
    assert sum(full.first_time(mark, 0) for mark in marks) == 12


def test_what_was_remembered_first_is_forgotten_first() -> None:
    reactions, reaction = Reactions(), Reaction(Ending(None), 0, ())
    for number in range(MOST + 1):
        reactions.keep(number.to_bytes(4), reaction)
    assert reactions.after((0).to_bytes(4)) is None
    assert reactions.after((1).to_bytes(4)) is reaction
    assert reactions.after(MOST.to_bytes(4)) is reaction
