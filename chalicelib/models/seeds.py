"""Which seeds an attempt draws with, so that a job replays exactly and no retry pays for the same image again.

Chance is handed in; nothing here draws by itself.
"""

from collections.abc import Callable


def calls_for(count: int, images_per_call: int) -> int:
    """How many calls `count` images take."""
    return -(-count // images_per_call)


def seeds(
    requested: int,
    position: int,
    count: int,
    images_per_call: int,
    highest: int,
    draw_random: Callable[[int, int], int],
) -> tuple[int, ...]:
    """One seed for each call of the attempt at `position`, each 1 to `highest`.

    0 asks for a random seed for every call (`draw_random(lowest, highest)`, both included). Any other is moved on by
    position × calls + j, so that no two calls of a job share a seed, and wraps past `highest` to 1.
    """
    calls = calls_for(count, images_per_call)
    if requested == 0:
        return tuple(draw_random(1, highest) for _ in range(calls))
    first = requested + position * calls
    return tuple((first + j - 1) % highest + 1 for j in range(calls))
