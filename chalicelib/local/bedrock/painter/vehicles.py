"""Boats, hot-air balloons, cars."""

import math

from ..tones import body, palette
from .colour import shaded
from .outline import outline
from .stage import Point, Stage


def paint_boat(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A sailing boat; the plank along its side is its mark."""
    plank, sail = palette("boat", stage.light)
    hull = body("boat", colour, stage.light)
    x, y = foot
    stage.fill(outline(foot, size, "-60 -6, 0 -10, 60 -6, 0 -2"), shaded(hull, 0.35))
    stage.fill(outline(foot, size, "-50 17, 54 17, 36 -4, -36 -4"), hull)
    stage.line(outline(foot, size, "0 16, 0 102"), max(1.5, size * 0.022), (84, 66, 58))
    stage.fill(outline(foot, size, "3 100, 15 78, 30 50, 42 27, 3 27"), sail)
    stage.fill(outline(foot, size, "-4 86, -22 52, -34 27, -4 27"), shaded(sail, 0.86))
    stage.block((x, y - size * 0.165), size * 0.98, max(4.0, size * 0.045), plank)


def paint_balloon(stage: Stage, centre: Point, size: float, colour: str) -> None:
    """An envelope with gores and a bright band, ropes, and a basket, which is its mark."""
    basket, rope, band = palette("balloon", stage.light)
    cloth = body("balloon", colour, stage.light)
    x, y = centre
    for share, factor in ((1.0, 1.0), (0.66, 0.84), (0.3, 1.12)):
        stage.fill(_gore(centre, size, share), shaded(cloth, factor))
    stage.fill(outline(centre, size, "-25 -39, 25 -39, 19 -49, -19 -49"), band)
    for side in (-1, 1):
        stage.line(outline(centre, size, "10 -58, 8 -80", side), max(2.5, size * 0.02), rope)
    stage.block((x, y + size * 0.79), size * 0.17, max(3.0, size * 0.03), rope)
    stage.block((x, y + size * 0.87), size * 0.16, size * 0.13, basket)


def _gore(centre: Point, size: float, share: float) -> list[Point]:
    """The envelope's outline, narrowed to a share of its width."""
    x, y = centre
    half = size * 0.5
    angles = [step / 30 * math.pi for step in range(31)]
    dome = [(x + half * share * math.cos(angle), y - half * math.sin(angle)) for angle in angles]
    return [*dome, (x - size * 0.13 * share, y + size * 0.58), (x + size * 0.13 * share, y + size * 0.58)]


def paint_car(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A small car from the side; wheels and sill together are its mark."""
    dark, glass = palette("car", stage.light)
    x, y = foot
    coachwork = "-50 8, -50 24, -32 27, -20 42, 16 42, 30 27, 48 24, 50 8"
    stage.fill(outline(foot, size, coachwork), body("car", colour, stage.light))
    for window in ("-25 27, -16 38, -4 38, -4 27", "0 27, 0 38, 13 38, 23 27"):
        stage.fill(outline(foot, size, window), glass)
    stage.block((x, y - size * 0.08), size * 0.9, max(4.0, size * 0.05), dark)
    for side in (-1, 1):
        hub = (x + side * size * 0.29, y - size * 0.07)
        stage.mark(hub, size * 0.2, size * 0.2, dark)
        stage.mark(hub, size * 0.07, size * 0.07, (190, 194, 200))
    stage.mark((x - size * 0.47, y - size * 0.2), size * 0.05, size * 0.05, (255, 240, 190))
