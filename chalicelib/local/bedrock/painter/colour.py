"""Arithmetic of colours: mixing, lighting, gradients. Pure."""

from collections.abc import Sequence
from itertools import pairwise

Colour = tuple[int, int, int]
Stop = tuple[float, Colour]

LIGHTS = ("day", "dusk", "night")
_LIGHTING = {"day": (1.0, 1.0, 1.0), "dusk": (0.95, 0.8, 0.8), "night": (0.56, 0.62, 0.8)}


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def shaded(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    return mix(colour, (0, 0, 0), 1 - factor) if factor <= 1 else mix(colour, (255, 255, 255), min(1.0, factor - 1))


def lit(colour: Colour, light: str) -> Colour:
    """A thing's own colour as it looks by day, at dusk or at night."""
    red, green, blue = (round(part * factor) for part, factor in zip(colour, _LIGHTING[light], strict=True))
    return red, green, blue


def along(stops: Sequence[Stop], position: float) -> tuple[float, float, float]:
    """The unrounded colour at `position` of a gradient whose stops ascend."""
    if position <= stops[0][0]:
        red, green, blue = stops[0][1]
        return float(red), float(green), float(blue)
    for (before, low), (after, high) in pairwise(stops):
        if position <= after:
            share = (position - before) / (after - before)
            red_, green_, blue_ = (a + (b - a) * share for a, b in zip(low, high, strict=True))
            return red_, green_, blue_
    red, green, blue = stops[-1][1]
    return float(red), float(green), float(blue)
