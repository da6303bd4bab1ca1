"""Which seeds an attempt draws with, so that a job replays exactly and no retry pays for the same image again.

Chance is handed in; nothing here draws by itself.
"""

from collections.abc import Callable


def seeds(
    requested: int,
    position: int,
    count: int,
    images_per_call: int,
    highest: int,
    draw_random: Callable[[int, int], int],
    kept: int | None = None,
) -> tuple[int, ...]:
    """One seed for each call of the attempt at `position`, each 1 to `highest`.

    0 asks for a random seed for every call (`draw_random(lowest, highest)`, both included), of which `kept` is the
    first where there is one. Any other is moved on by position × calls + j, so that no two calls of a job share a seed,
    and wraps past `highest` to 1.
    """
    calls = -(-count // images_per_call)
    if requested == 0:
        drawn = tuple(draw_random(1, highest) for _ in range(calls))
        return (kept, *drawn[1:]) if kept and kept <= highest else drawn
    first = requested + position * calls
    return tuple((first + j - 1) % highest + 1 for j in range(calls))


NEARLY_RIGHT = 0.75  # of the requirements: then what the seed gave is worth keeping, and only the words change


def seed_for_rewrite(share: float, seed: int | None) -> tuple[int | None, str]:
    """The seed a rewritten prompt begins with, None for a fresh one, and why.

    `share` is what the best picture so far met of its requirements, 0 to 1, `seed` the one that drew it.
    """
    if seed is not None and share >= NEARLY_RIGHT:
        return seed, f"seed {seed} is kept: its picture met {share:.0%} of the requirements, so only the words change"
    return None, f"a fresh seed: the best picture met {share:.0%} of the requirements"
