"""Seeds: a job replays exactly, and no two calls of it draw the same image."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.seeds import seeds

CANVAS = 2147483646
STABILITY = 4294967294


def no_chance(lowest: int, highest: int) -> int:
    raise AssertionError("chance was asked although a seed was given")


@pytest.mark.parametrize(
    ("requested", "position", "count", "images_per_call", "highest", "expected"),
    [
        (77, 0, 1, 5, CANVAS, (77,)),
        (77, 3, 1, 5, CANVAS, (80,)),
        (77, 3, 5, 5, CANVAS, (80,)),  # one call for five images: seed + position
        (77, 0, 3, 1, STABILITY, (77, 78, 79)),
        (77, 2, 3, 1, STABILITY, (83, 84, 85)),  # one call for each: seed + position · count + j
        (CANVAS, 0, 1, 5, CANVAS, (CANVAS,)),
        (CANVAS, 1, 1, 5, CANVAS, (1,)),
        (CANVAS - 1, 3, 1, 5, CANVAS, (2,)),
        (STABILITY - 1, 0, 3, 1, STABILITY, (STABILITY - 1, STABILITY, 1)),
    ],
)
def test_a_given_seed_moves_on_with_the_position_and_wraps_to_one(
    requested, position, count, images_per_call, highest, expected
):
    assert seeds(requested, position, count, images_per_call, highest, no_chance) == expected


def test_zero_draws_a_random_seed_for_every_call():
    asked = []

    def chance(lowest: int, highest: int) -> int:
        asked.append((lowest, highest))
        return 40 + len(asked)

    assert seeds(0, 9, 3, 1, STABILITY, chance) == (41, 42, 43)
    assert asked == [(1, STABILITY)] * 3


@given(st.integers(1, CANVAS), st.integers(1, 12), st.integers(1, 5), st.sampled_from([(1, STABILITY), (5, CANVAS)]))
def test_no_two_calls_of_a_job_share_a_seed(requested, positions, count, family):
    images_per_call, highest = family
    drawn = [
        seed
        for position in range(positions)
        for seed in seeds(requested, position, count, images_per_call, highest, no_chance)
    ]
    assert len(set(drawn)) == len(drawn)
    assert all(1 <= seed <= highest for seed in drawn)
