"""What shines in the sky: stars, moon, sun."""

import math

from ..tones import STAR_DUST, palette
from .colour import Colour, mix
from .layout import Layout
from .stage import Point, Stage

_SEAS = (
    *((2.4, 0.42, 0.3), (3.5, 0.5, 0.2), (1.2, 0.5, 0.24)),
    *((5.2, 0.45, 0.17), (0.2, 0.62, 0.12), (2.9, 0.05, 0.16)),
)
_SUNLIGHT: tuple[tuple[float, float, Colour], ...] = ((9.5, 0.5, (255, 140, 84)), (4.6, 0.6, (255, 190, 110)))


def paint_stars(stage: Stage, layout: Layout) -> None:
    """A sky full of stars of two colours, some with rays."""
    chance = stage.dice("stars")
    warm, cool = palette("stars", stage.light)
    for number in range(210):
        x, y = chance.random() * layout.width, layout.horizon * 0.94 * chance.random() ** 1.25
        size = stage.unit * (1.6 + 3.4 * chance.random() ** 4)
        colour = warm if number % 3 == 0 else cool
        if number % 14 == 0:
            _twinkle(stage, (x, y), stage.unit * (4.5 + 3 * chance.random()), colour)
        else:
            stage.ellipse((x, y), size, size, mix(colour, (40, 60, 120), 0.35 * chance.random()))


def dust_stars(stage: Stage, layout: Layout, night_asked_for: bool) -> None:
    """The faint stars of any night; in tones of the night's own where one was asked for."""
    chance = stage.dice("dust")
    for number in range(90):
        place = (chance.random() * layout.width, layout.horizon * 0.8 * chance.random())
        colour = STAR_DUST[number % 2] if night_asked_for else (112, 130, 170)
        stage.speck(place, stage.unit * 2.4, colour)


def _twinkle(stage: Stage, centre: Point, size: float, colour: Colour) -> None:
    x, y = centre
    stage.glow(centre, size * 4, size * 4, (150, 180, 240), 0.4)
    ray, waist = size * 2.4, size * 0.28
    for dx, dy in ((1, 0), (0, 1)):
        stage.fill(
            [
                (x - ray * dx, y - ray * dy),
                (x + waist * dy, y + waist * dx),
                (x + ray * dx, y + ray * dy),
                (x - waist * dy, y - waist * dx),
            ],
            mix(colour, (90, 120, 190), 0.25),
        )
    stage.mark(centre, size * 1.1, size * 1.1, colour)


def paint_moonlight(stage: Stage, layout: Layout) -> None:
    """The glow around the moon, which lies behind the aurora."""
    centre, radius = _moon(stage, layout)
    if stage.light == "night":
        stage.glow(centre, radius * 5.5, radius * 5.5, (170, 190, 240), 0.34)
    stage.glow(centre, radius * 2.3, radius * 2.3, (255, 246, 220), 0.75 if stage.light == "night" else 0.35)


def paint_moon(stage: Stage, layout: Layout) -> None:
    """A full moon with its seas."""
    chance = stage.dice("seas")
    face, seas = palette("moon", stage.light)
    centre, radius = _moon(stage, layout)
    stage.ellipse(centre, radius, radius, face)
    for angle, distance, size in _SEAS:
        turn = angle + chance.random() * 0.5
        place = (centre[0] + radius * distance * math.cos(turn), centre[1] - radius * distance * math.sin(turn))
        stage.ellipse(place, radius * size, radius * size * 0.86, seas)


def _moon(stage: Stage, layout: Layout) -> tuple[Point, float]:
    chance = stage.dice("moon")
    radius = stage.unit * (52 + 14 * chance.random())
    return (layout.moon_x, layout.horizon * (0.24 + 0.1 * chance.random())), radius


def paint_sunlight(stage: Stage, layout: Layout, sunk: bool) -> None:
    """The glow around the sun, which lies behind everything else in the sky."""
    centre, radius = _sun(stage, layout, sunk)
    for reach, strength, colour in _SUNLIGHT if stage.light != "day" else _SUNLIGHT[1:]:
        stage.glow(centre, radius * reach, radius * reach * 0.7, colour, strength)


def paint_sun(stage: Stage, layout: Layout, sunk: bool) -> None:
    """The sun on the horizon, half of it below when `sunk`."""
    core, rim = palette("sun", stage.light)
    centre, radius = _sun(stage, layout, sunk)
    stage.glow(centre, radius * 2.1, radius * 1.6, (255, 226, 150), 0.85)
    stage.ellipse(centre, radius, radius, rim)
    stage.ellipse(centre, radius * 0.8, radius * 0.8, core)


def _sun(stage: Stage, layout: Layout, sunk: bool) -> tuple[Point, float]:
    radius = stage.unit * 66
    return (layout.sun_x, layout.horizon - (radius * 0.1 if sunk else layout.height * 0.27)), radius
