"""The state machine of a job as a table, and the waiting time of a put-off attempt."""

import pytest

from chalicelib.job.what_follows import Judged, Move, Standing, what_follows

ROWS: list[tuple[Judged, int, int, Move]] = [
    # judged, revision, attempt of 3 attempts × 2 revisions, what follows
    ("accepted", 0, 0, Move.ACCEPT),
    ("accepted", 1, 2, Move.ACCEPT),
    ("rejected", 0, 0, Move.NEXT_ATTEMPT),
    ("rejected", 0, 1, Move.NEXT_ATTEMPT),
    ("rejected", 0, 2, Move.REWRITE),
    ("rejected", 1, 0, Move.NEXT_ATTEMPT),
    ("rejected", 1, 2, Move.RUN_OUT),
    ("lost", 0, 0, Move.NEXT_ATTEMPT),
    ("lost", 0, 2, Move.REWRITE),
    ("lost", 1, 2, Move.RUN_OUT),
    ("blocked", 0, 0, Move.REWRITE),
    ("blocked", 0, 2, Move.REWRITE),
    ("blocked", 1, 0, Move.RUN_OUT),
]


@pytest.mark.parametrize(("judged", "revision", "attempt", "move"), ROWS)
def test_what_follows_an_attempt(judged: Judged, revision: int, attempt: int, move: Move):
    assert what_follows(judged, Standing(revision, attempt, attempts=3, revisions=2)) is move


@pytest.mark.parametrize(("revision", "attempt", "number"), [(0, 0, 0), (0, 4, 4), (1, 0, 5), (2, 3, 13)])
def test_positions_are_numbered_across_revisions(revision: int, attempt: int, number: int):
    assert Standing(revision, attempt, attempts=5, revisions=3).number == number
