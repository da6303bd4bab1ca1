"""The sky: its gradient, clouds, rainbow, lightning."""

import math

from ..tones import Palette, palette
from .colour import Colour, Stop
from .layout import Layout
from .stage import Point, Stage

HIDES_THE_HORIZON = {"mountains", "hills", "city"}

# Skies nobody asked for; away from every tone that means one was.
_PLAIN_SKIES: dict[str, tuple[tuple[Stop, ...], ...]] = {
    "day": (
        ((0.0, (86, 150, 190)), (0.55, (158, 205, 218)), (1.0, (236, 240, 226))),
        ((0.0, (120, 160, 188)), (0.5, (190, 210, 214)), (1.0, (247, 232, 210))),
        ((0.0, (70, 138, 168)), (0.6, (150, 208, 206)), (1.0, (240, 246, 232))),
    ),
    "dusk": (
        ((0.0, (86, 78, 132)), (0.45, (176, 122, 158)), (0.8, (244, 176, 160)), (1.0, (255, 222, 190))),
        ((0.0, (64, 92, 140)), (0.5, (168, 150, 180)), (1.0, (255, 206, 180))),
    ),
    "night": (((0.0, (30, 58, 104)), (0.5, (52, 96, 142)), (1.0, (132, 168, 190))),),
}


def paint_sky(stage: Stage, layout: Layout, elements: set[str]) -> None:
    """The gradient from zenith to horizon."""
    stage.gradient(0, layout.horizon + 2, _stops(stage, elements))


def horizon_colour(stage: Stage, elements: set[str]) -> Colour:
    """The colour that far things fade into."""
    return _stops(stage, elements)[-1][1]


def _stops(stage: Stage, elements: set[str]) -> tuple[Stop, ...]:
    low, high = palette("twilight", "dusk")
    if "night sky" in elements:
        zenith, middle = palette("night sky", "night")
        upper = (*_flat(0.0, zenith), *_flat(0.36, middle))
        if "twilight" in elements:
            early = 0.2 if elements & HIDES_THE_HORIZON else 0.0
            return (
                *upper,
                (0.64 - early / 2, (98, 66, 122)),
                *_flat(0.8 - early, low),
                *_flat(0.93 - early, high),
                (1.0, high),
            )
        if "sun" in elements:
            return (*upper, (0.72, (62, 64, 128)), (0.88, (176, 96, 122)), (1.0, (250, 178, 120)))
        return (*upper, (0.8, (38, 68, 128)), (1.0, (74, 116, 166)))
    if "twilight" in elements and elements & HIDES_THE_HORIZON:
        return (
            (0.0, (58, 54, 112)),
            (0.16, (132, 76, 124)),
            *_flat(0.33, low),
            *_flat(0.54, high),
            (0.8, (255, 206, 138)),
        )
    if "twilight" in elements:
        return (
            (0.0, (58, 54, 112)),
            (0.3, (132, 76, 124)),
            *_flat(0.55, low),
            *_flat(0.82, high),
            (1.0, (255, 206, 138)),
        )
    if "daylight" in elements:
        zenith, middle = palette("daylight", "day")
        return (*_flat(0.0, zenith), *_flat(0.48, middle), (1.0, (214, 236, 250)))
    skies = _PLAIN_SKIES[stage.light]
    return skies[stage.dice("sky").randrange(len(skies))]


def _flat(position: float, colour: Colour) -> tuple[Stop, Stop]:
    """A stop held long enough to be recognised."""
    return (position, colour), (position + 0.02, colour)


def paint_clouds(stage: Stage, layout: Layout) -> None:
    """Heaps of cloud with a lit upper side and a shaded foot, flat enough to be told from haze."""
    chance = stage.dice("clouds")
    for index in range(4):
        centre = layout.width * ((index + 0.5 + 0.5 * (chance.random() - 0.5)) / 4)
        foot = layout.horizon * (0.2 + 0.5 * chance.random())
        size = stage.unit * (80 + 60 * chance.random())
        _heap(stage, (centre, foot), size, palette("clouds", stage.light))


def _heap(stage: Stage, place: Point, size: float, colours: Palette) -> None:
    chance = stage.dice(f"heap {place}")
    bright, shade, middle = colours
    x, foot = place
    lobes = [
        (x + size * offset, size * (0.62 - 0.42 * abs(offset)) * (0.8 + 0.4 * chance.random()))
        for offset in (-1.0, -0.6, -0.2, 0.25, 0.65, 1.05)
    ]
    outline = [_dome(centre, foot, radius * 1.25, radius) for centre, radius in lobes]
    stage.fill_all(outline, shade)
    raised = [
        _dome(centre - radius * 0.05, foot - radius * 0.12, radius * 1.14, radius * 0.88) for centre, radius in lobes
    ]
    stage.fill_all(raised, middle)
    lifted = [
        _dome(centre - radius * 0.1, foot - radius * 0.28, radius * 1.02, radius * 0.72) for centre, radius in lobes
    ]
    stage.fill_all(lifted, bright)


def _dome(x: float, foot: float, radius: float, height: float) -> list[Point]:
    steps = 14
    return [
        (x - radius * math.cos(math.pi * step / steps), foot - height * math.sin(math.pi * step / steps))
        for step in range(steps + 1)
    ]


def paint_rainbow(stage: Stage, layout: Layout) -> None:
    """A wide bow standing on the horizon."""
    radius = layout.width * 0.44
    thickness = max(3.0, 9 * stage.unit)
    centre = (layout.width * 0.5, layout.horizon + radius * 0.16)
    for index, colour in enumerate(palette("rainbow", stage.light)):
        bow = [
            (
                centre[0] + (radius - index * thickness) * math.cos(angle / 60 * math.pi),
                centre[1] - (radius - index * thickness) * math.sin(angle / 60 * math.pi),
            )
            for angle in range(61)
        ]
        stage.line(bow, thickness * 1.08, colour)


def paint_lightning(stage: Stage, layout: Layout) -> None:
    """A forked bolt with its light on the air around."""
    chance = stage.dice("lightning")
    core, halo = palette("lightning", stage.light)
    x, y = layout.width * (0.3 + 0.4 * chance.random()), layout.horizon * 0.1
    points = [(x, y)]
    while y < layout.horizon * 0.96:
        x, y = x + stage.unit * 70 * (chance.random() - 0.5), y + stage.unit * (28 + 26 * chance.random())
        points.append((x, y))
    fork = [points[len(points) // 2]]
    for _ in range(4):
        fork.append((fork[-1][0] + stage.unit * 36 * chance.random(), fork[-1][1] + stage.unit * 30))
    for line, share in ((points, 1.0), (fork, 0.6)):
        stage.hard_line(line, max(7.0, 12 * stage.unit * share), halo)
        stage.hard_line(line, 5 * stage.unit * share, core)


def paint_wisps(stage: Stage, layout: Layout) -> None:
    """Thin high haze that makes a plain sky less empty; too faint to be clouds that were asked for."""
    chance = stage.dice("wisps")
    for _ in range(7):
        place = (layout.width * chance.random(), layout.horizon * (0.12 + 0.6 * chance.random()))
        long = stage.unit * (160 + 240 * chance.random())
        stage.glow(place, long, long * (0.05 + 0.05 * chance.random()), (255, 246, 238), 0.5)
