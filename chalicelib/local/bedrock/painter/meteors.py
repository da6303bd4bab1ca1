"""A meteor shower: bright heads, tails that thin out into the sky."""

import math

from ..tones import Palette, palette
from .colour import mix
from .layout import Layout
from .stage import Point, Stage

_NUMBER = 9
_PIECES = 9
"""A tail is drawn in so many pieces, each nearer to the sky behind it."""


def paint_meteors(stage: Stage, layout: Layout) -> None:
    """A shower that comes from the corner away from the moon."""
    chance = stage.dice("meteors")
    rightwards = layout.moon_x < layout.width / 2
    slope = math.atan(0.5 + 0.3 * chance.random())
    backwards = (-math.cos(slope) if rightwards else math.cos(slope), -math.sin(slope))
    for number in range(_NUMBER):
        place = (layout.width * (number + chance.random()) / _NUMBER, layout.horizon * (0.1 + 0.52 * chance.random()))
        _streak(stage, place, backwards, stage.unit * (90 + 170 * chance.random()), palette("meteors", stage.light))


def _streak(stage: Stage, place: Point, backwards: Point, length: float, colours: Palette) -> None:
    head, tail = colours
    thick = max(1.6, 2.6 * stage.unit)
    for piece in range(_PIECES, 0, -1):
        share = piece / _PIECES
        far = _along(place, backwards, length * share, 0)
        colour = mix(tail, stage.colour_at(far), share**0.8 * 0.95)
        half = thick * (1 - share * 0.8)
        start, end = length * (share - 1 / _PIECES), length * share
        corners = ((start, -half), (end, -half * 0.7), (end, half * 0.7), (start, half))
        stage.fill([_along(place, backwards, ahead, aside) for ahead, aside in corners], colour)
    stage.glow(place, thick * 7, thick * 7, (190, 225, 255), 0.6)
    stage.fill(
        [_along(place, backwards, ahead, aside) for ahead, aside in ((0, -thick), (length / 8, 0), (0, thick))], tail
    )
    stage.mark(_along(place, backwards, thick * 2, 0), thick * 2.4, thick * 2.4, tail)
    stage.mark(place, thick * 2.2, thick * 2.2, head)


def _along(place: Point, direction: Point, ahead: float, aside: float) -> Point:
    (x, y), (dx, dy) = place, direction
    return x + dx * ahead - dy * aside, y + dy * ahead + dx * aside
