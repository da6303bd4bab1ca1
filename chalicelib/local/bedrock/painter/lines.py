"""Lines that nature draws: waves, broken ridges, flat lenses of light on water. Pure."""

import math
from random import Random

from .stage import Point


def wave(width: float, height: float, amplitude: float, chance: Random) -> list[Point]:
    """A gently waving line across the picture, left to right."""
    phases = [chance.random() * 2 * math.pi for _ in range(3)]
    steps = 48
    return [
        (
            width * step / steps,
            height
            + amplitude
            * (
                0.6 * math.sin(5 * step / steps + phases[0])
                + 0.3 * math.sin(12 * step / steps + phases[1])
                + 0.15 * math.sin(29 * step / steps + phases[2])
            ),
        )
        for step in range(steps + 1)
    ]


def lens(centre: Point, half_width: float, half_height: float) -> list[Point]:
    """A flat pointed shape, as light lies on water."""
    x, y = centre
    return [
        (x - half_width, y),
        (x - half_width * 0.4, y - half_height),
        (x + half_width * 0.4, y - half_height),
        (x + half_width, y),
        (x + half_width * 0.4, y + half_height),
        (x - half_width * 0.4, y + half_height),
    ]


def jagged(start: Point, end: Point, roughness: float, depth: int, chance: Random) -> list[Point]:
    """Points from start to end without end, displaced at right angles, finer and finer."""
    if depth == 0:
        return [start]
    shift = (chance.random() - 0.5) * 2 * roughness
    middle = (
        (start[0] + end[0]) / 2 + (end[1] - start[1]) * shift,
        (start[1] + end[1]) / 2 - (end[0] - start[0]) * shift * 0.5,
    )
    return jagged(start, middle, roughness, depth - 1, chance) + jagged(middle, end, roughness, depth - 1, chance)
