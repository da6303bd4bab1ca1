"""What grows: trees and flowers."""

import math
from random import Random

from ..tones import body, palette
from .colour import mix, shaded
from .layout import Layout, spread
from .stage import Point, Stage


def ground(layout: Layout, share: float) -> float:
    """A height on the land, 0 at its far edge, 1 at the bottom of the picture."""
    top, bottom = layout.land or (layout.horizon, float(layout.height))
    return top + (bottom - top) * share


def paint_wood(stage: Stage, layout: Layout) -> None:
    """A wood of pines that thins out towards the middle."""
    chance = stage.dice("trees")
    _far_wood(stage, layout, chance)
    places = spread(10, layout.width * 0.03, layout.width * 0.97, chance)
    for number, x in enumerate(sorted(places, key=lambda place: -abs(place - layout.width / 2))):
        aside = abs(x / layout.width - 0.5) * 2
        size = stage.unit * (130 + 170 * aside) * (0.8 + 0.35 * chance.random())
        paint_pine(stage, (x, ground(layout, 0.1 + 0.2 * aside + 0.1 * chance.random())), size, number)


def _far_wood(stage: Stage, layout: Layout, chance: Random) -> None:
    trunk, dark, light = palette("trees", stage.light)
    foot = ground(layout, 0.04)
    shapes = []
    x = 0.0
    while x < layout.width:
        tall = stage.unit * (34 + 40 * chance.random())
        shapes.append([(x - tall * 0.3, foot), (x, foot - tall), (x + tall * 0.3, foot)])
        x += stage.unit * (10 + 14 * chance.random())
    stage.fill_all(shapes, mix(mix(dark, light, 0.5), (150, 170, 190) if stage.light == "day" else trunk, 0.3))


def paint_pine(stage: Stage, foot: Point, size: float, number: int) -> None:
    """One tree; its trunk is its mark."""
    chance = stage.dice(f"pine {number}")
    trunk, dark, light = palette("trees", stage.light)
    x, y = foot
    wide = max(4.0, size * 0.06)
    left: list[list[Point]] = []
    right: list[list[Point]] = []
    for level in range(5):
        t = level / 5
        top, low = y - size * (1 - 0.16 * level), y - size * (0.70 - 0.145 * level)
        half = size * (0.1 + 0.21 * t) * (0.92 + 0.16 * chance.random())
        left.append(
            [(x, top), (x + size * 0.03, low), (x - half * 0.5, low - size * 0.012), (x - half, low + size * 0.03)]
        )
        right.append([(x, top), (x + half, low + size * 0.03), (x + half * 0.5, low - size * 0.012), (x, low)])
    stage.fill_all(right, dark)
    stage.fill_all(left, light)
    stage.block((x, y - size * 0.06), wide, size * 0.13, trunk)


def paint_flower_field(stage: Stage, layout: Layout, colour: str) -> None:
    """Many flowers, the near ones larger."""
    chance = stage.dice("flowers")
    rows = sorted((chance.random(), x) for x in spread(26, 0, layout.width, chance))
    for number, (depth, x) in enumerate(rows):
        paint_flower(stage, (x, ground(layout, 0.5 + 0.46 * depth)), stage.unit * (14 + 18 * depth), colour, number)


def paint_flower(stage: Stage, foot: Point, size: float, colour: str, number: int) -> None:
    """One flower; its yellow centre is its mark."""
    chance = stage.dice(f"flower {number}")
    petals = body("flowers", colour, stage.light)
    centre, green = palette("flowers", stage.light)
    x, y = foot
    head = (x + size * (chance.random() - 0.5), y - size * (2.4 + chance.random()))
    stage.line([foot, (x, y - size), head], max(2.5, size * 0.16), green)
    stage.fill([(x, y - size * 0.7), (x + size * 0.9, y - size * 1.5), (x + size * 0.3, y - size * 0.6)], green)
    turn = chance.random()
    for petal in range(6):
        angle = math.pi * 2 * petal / 6 + turn
        place = (head[0] + size * 0.55 * math.cos(angle), head[1] + size * 0.55 * math.sin(angle))
        stage.ellipse(place, size * 0.42, size * 0.42, petals if petal % 2 else shaded(petals, 0.93))
    stage.mark(head, size * 0.62, size * 0.62, centre)
