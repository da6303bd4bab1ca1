"""Which model draws when: pure tables."""

import pytest

from chalicelib.models.ladder import Strategy, in_turn
from chalicelib.models.seeds import seed_for_rewrite, seeds

PRICES = {"dear": 0.14, "cheap": 0.04, "middle": 0.08}
CHAIN = tuple(PRICES)


@pytest.mark.parametrize(
    ("strategy", "revision", "number", "order"),
    [
        ("fallback", 2, 7, "dear cheap middle"),
        ("rotate", 0, 0, "dear cheap middle"),
        ("rotate", 0, 1, "cheap middle dear"),
        ("rotate", 1, 5, "middle dear cheap"),
        ("escalate", 0, 4, "cheap middle dear"),
        ("escalate", 1, 5, "middle dear cheap"),
        ("escalate", 2, 9, "dear middle cheap"),
        ("escalate", 9, 40, "dear middle cheap"),
    ],
)
def test_the_model_whose_turn_it_is_comes_first(strategy: Strategy, revision: int, number: int, order: str) -> None:
    assert in_turn(CHAIN, strategy, revision, number, PRICES.__getitem__) == order.split()


@pytest.mark.parametrize("strategy", ["fallback", "rotate", "escalate"])
def test_every_model_has_its_turn_in_the_end(strategy: Strategy) -> None:
    for number in range(9):
        assert sorted(in_turn(CHAIN, strategy, number // 3, number, PRICES.__getitem__)) == sorted(CHAIN)


@pytest.mark.parametrize(("share", "seed", "kept"), [(0.75, 7, 7), (0.74, 7, None), (1.0, None, None), (0, 7, None)])
def test_a_seed_is_kept_where_the_picture_was_nearly_right(share: float, seed: int | None, kept: int | None) -> None:
    chosen, why = seed_for_rewrite(share, seed)
    assert chosen == kept
    assert "seed" in why


def test_a_kept_seed_is_the_first_of_random_ones_and_never_in_place_of_the_users() -> None:
    assert seeds(0, 3, 2, 1, 1000, lambda low, high: high, 7) == (7, 1000)
    assert seeds(0, 3, 2, 1, 5, lambda low, high: high, 7) == (5, 5)
    assert seeds(10, 0, 1, 1, 1000, lambda low, high: high, 7) == (10,)
