"""Boats, hot-air balloons, cars."""

import math

from ..tones import body, palette
from .colour import shaded
from .stage import Point, Stage


def paint_boat(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A sailing boat; the plank along its side is its mark."""
    plank, sail = palette("boat", stage.light)
    hull = body("boat", colour, stage.light)
    x, y = foot
    stage.fill([(x - size * 0.6, y + size * 0.06), (x, y + size * 0.1), (x + size * 0.6, y + size * 0.06), (x, y + size * 0.02)], shaded(hull, 0.35))
    stage.fill([(x - size * 0.5, y - size * 0.17), (x + size * 0.54, y - size * 0.17), (x + size * 0.36, y + size * 0.04), (x - size * 0.36, y + size * 0.04)], hull)
    stage.line([(x, y - size * 0.16), (x, y - size * 1.02)], max(1.5, size * 0.022), (84, 66, 58))
    stage.fill([(x + size * 0.03, y - size * 1.0), (x + size * 0.42, y - size * 0.27), (x + size * 0.03, y - size * 0.27)], sail)
    stage.fill([(x - size * 0.04, y - size * 0.86), (x - size * 0.34, y - size * 0.27), (x - size * 0.04, y - size * 0.27)], shaded(sail, 0.86))
    stage.block((x, y - size * 0.165), size * 0.98, max(4.0, size * 0.045), plank)


def paint_balloon(stage: Stage, centre: Point, size: float, colour: str) -> None:
    """An envelope with gores, ropes and a basket, which is its mark."""
    basket, rope, band = palette("balloon", stage.light)
    cloth = body("balloon", colour, stage.light)
    x, y = centre
    envelope = [(x + size * 0.5 * math.cos(a / 30 * math.pi), y - size * 0.5 * math.sin(a / 30 * math.pi)) for a in range(31)]
    stage.fill([*envelope, (x - size * 0.13, y + size * 0.58), (x + size * 0.13, y + size * 0.58)], cloth)
    for share, factor in ((0.66, 0.84), (0.3, 1.12)):
        gore = [(x + size * 0.5 * share * math.cos(a / 30 * math.pi), y - size * 0.5 * math.sin(a / 30 * math.pi)) for a in range(31)]
        stage.fill([*gore, (x - size * 0.13 * share, y + size * 0.58), (x + size * 0.13 * share, y + size * 0.58)], shaded(cloth, factor))
    stage.fill([(x - size * 0.25, y + size * 0.39), (x + size * 0.25, y + size * 0.39), (x + size * 0.19, y + size * 0.49), (x - size * 0.19, y + size * 0.49)], band)
    for side in (-1, 1):
        stage.line([(x + side * size * 0.1, y + size * 0.58), (x + side * size * 0.08, y + size * 0.8)], max(2.5, size * 0.02), rope)
    stage.block((x, y + size * 0.79), size * 0.17, max(3.0, size * 0.03), rope)
    stage.block((x, y + size * 0.87), size * 0.16, size * 0.13, basket)


def paint_car(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A small car from the side; wheels and sill together are its mark."""
    dark, glass = palette("car", stage.light)
    paintwork = body("car", colour, stage.light)
    x, y = foot
    stage.fill([(x - size * 0.5, y - size * 0.08), (x - size * 0.5, y - size * 0.24), (x - size * 0.32, y - size * 0.27), (x - size * 0.2, y - size * 0.42), (x + size * 0.16, y - size * 0.42), (x + size * 0.3, y - size * 0.27), (x + size * 0.48, y - size * 0.24), (x + size * 0.5, y - size * 0.08)], paintwork)
    stage.fill([(x - size * 0.25, y - size * 0.27), (x - size * 0.16, y - size * 0.38), (x - size * 0.04, y - size * 0.38), (x - size * 0.04, y - size * 0.27)], glass)
    stage.fill([(x, y - size * 0.27), (x, y - size * 0.38), (x + size * 0.13, y - size * 0.38), (x + size * 0.23, y - size * 0.27)], glass)
    stage.block((x, y - size * 0.08), size * 0.9, max(4.0, size * 0.05), dark)
    for side in (-1, 1):
        stage.mark((x + side * size * 0.29, y - size * 0.07), size * 0.2, size * 0.2, dark)
        stage.mark((x + side * size * 0.29, y - size * 0.07), size * 0.07, size * 0.07, (190, 194, 200))
    stage.mark((x - size * 0.47, y - size * 0.2), size * 0.05, size * 0.05, (255, 240, 190))
