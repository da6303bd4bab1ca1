"""Cats, dogs and horses on the ground, birds in the air, fish out of the water."""

import math

from ..tones import body, palette
from .colour import Colour, mix, shaded
from .outline import outline
from .stage import Point, Stage

_PUPIL: Colour = (22, 18, 18)


def paint_cat(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A sitting cat seen from the front; its collar is its mark."""
    collar, eyes = palette("cat", stage.light)
    fur = body("cat", colour, stage.light)
    dark, pale = shaded(fur, 0.78), mix(fur, (255, 255, 255), 0.35)
    x, y = foot
    stage.line(outline(foot, size, "20 6, 42 8, 50 20, 44 36"), size * 0.09, dark)
    stage.fill(outline(foot, size, "-26 0, -27 20, -20 42, -12 58, 12 58, 20 42, 27 20, 26 0"), fur)
    stage.ellipse((x, y - size * 0.24), size * 0.13, size * 0.2, pale)
    for side in (-1, 1):
        stage.ellipse((x + side * size * 0.11, y - size * 0.03), size * 0.09, size * 0.05, pale)
        stage.fill(outline(foot, size, "20 72, 20 100, 4 86", side), fur)
        stage.fill(outline(foot, size, "17 78, 17.5 93, 8 86", side), (222, 150, 160))
    stage.ellipse((x, y - size * 0.73), size * 0.225, size * 0.185, fur)
    stage.block((x, y - size * 0.55), size * 0.24, max(4.0, size * 0.045), collar)
    for side in (-1, 1):
        eye = (x + side * size * 0.09, y - size * 0.75)
        stage.mark(eye, size * 0.105, size * 0.115, eyes)
        stage.ellipse(eye, size * 0.012, size * 0.04, _PUPIL)
    stage.fill(outline(foot, size, "-2.5 68, 2.5 68, 0 65"), (210, 110, 120))


def paint_dog(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A dog standing, seen from the side; its collar is its mark."""
    collar, dark = palette("dog", stage.light)
    fur = body("dog", colour, stage.light)
    x, y = foot
    stage.line(outline(foot, size, "-36 50, -50 62, -52 76"), size * 0.06, fur)
    for legs in ("-32 34, -20 34, -23 0, -31 0", "22 34, 34 34, 31 0, 23 0"):
        stage.fill(outline(foot, size, legs), shaded(fur, 0.8))
    back = "-40 52, -38 34, -20 27, 16 27, 32 36, 40 62, 30 70, 14 56, -30 57"
    stage.fill(outline(foot, size, back), fur)
    for legs in ("-38 40, -25 40, -29 0, -38 0", "16 40, 29 40, 25 0, 16 0"):
        stage.fill(outline(foot, size, legs), fur)
    stage.ellipse((x + size * 0.4, y - size * 0.76), size * 0.16, size * 0.14, fur)
    stage.fill(outline(foot, size, "42 84, 66 74, 66 66, 40 63"), fur)
    stage.fill(outline(foot, size, "30 86, 22 62, 30 58, 38 82"), dark)
    stage.mark((x + size * 0.655, y - size * 0.72), size * 0.07, size * 0.06, dark)
    stage.mark((x + size * 0.45, y - size * 0.79), size * 0.04, size * 0.04, _PUPIL)
    stage.fill(outline(foot, size, "22 66, 40 57, 42 62, 24 72"), collar)
    stage.block((x + size * 0.32, y - size * 0.64), size * 0.1, max(4.0, size * 0.05), collar)


def paint_horse(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A horse from the side; its mane is its mark."""
    mane, pale = palette("horse", stage.light)
    coat = body("horse", colour, stage.light)
    x, y = foot
    for leg in ("-34 52, -22 52, -29 26, -30 0, -36 0, -35 26", "20 52, 32 52, 33 26, 32 0, 26 0, 27 26"):
        stage.fill(outline(foot, size, leg), shaded(coat, 0.74))
    stage.line(outline(foot, size, "-47 68, -58 56, -60 34"), size * 0.07, shaded(mane, 0.8))
    trunk = "-50 66, -46 74, -30 78, 5 74, 20 80, 34 102, 42 114, 47 112, 64 94, 66 86, 58 85, 46 92, 36 72, 30 52"
    stage.fill(outline(foot, size, f"{trunk}, 10 44, -20 45, -36 48, -48 56"), coat)
    for leg, hoof in (
        ("-45 58, -28 54, -32 27, -33 0, -40 0, -39 27", -0.365),
        ("12 58, 29 54, 20 27, 19 0, 12 0, 13 27", 0.155),
    ):
        stage.fill(outline(foot, size, leg), coat)
        stage.block((x + size * hoof, y - size * 0.065), size * 0.085, size * 0.13, pale)
    stage.fill(outline(foot, size, "6 75, 20 92, 34 110, 42 116, 40 106, 28 90, 20 76"), mane)
    stage.block((x + size * 0.22, y - size * 0.87), size * 0.08, size * 0.1, mane)
    stage.fill(outline(foot, size, "40 112, 40 124, 47 113"), coat)
    stage.fill(outline(foot, size, "50 107.5, 56 102, 63 95, 60 90, 55 95"), pale)
    stage.mark((x + size * 0.47, y - size * 1.03), size * 0.035, size * 0.035, _PUPIL)


def paint_bird(stage: Stage, centre: Point, size: float, colour: str, number: int) -> None:
    """A bird on the wing; its beak is its mark."""
    facing = 1 if stage.dice("birds").random() < 0.5 else -1
    beak, tip = palette("bird", stage.light)
    plumage = body("bird", colour, stage.light)
    x, y = centre
    lift = 1 + 0.15 * math.sin(number * 2.4)
    stage.fill(outline(centre, size, "-26 2, -50 6, -46 -5, -24 -6", facing), shaded(plumage, 0.8))
    stage.fill(outline(centre, size * lift, "-2 4, -20 34, -50 50, -34 26, -16 2", facing), shaded(plumage, 0.8))
    stage.ellipse(centre, size * 0.28, size * 0.1, plumage)
    stage.ellipse((x + facing * size * 0.26, y - size * 0.05), size * 0.1, size * 0.085, plumage)
    stage.fill(outline(centre, size, "8 4, 12 36, -6 66, -2 34, -12 2", facing), plumage)
    stage.fill(outline(centre, size, "8 45, -6 66, -3 41", facing), tip)
    stage.mark((x - facing * size * 0.01, y - size * 0.54), size * 0.06, size * 0.07, tip)
    stage.fill(outline(centre, size, "33 9, 48 3, 33 1", facing), beak)
    stage.mark((x + facing * size * 0.38, y - size * 0.045), size * 0.09, size * 0.07, beak)


def paint_fish(stage: Stage, centre: Point, size: float, colour: str, number: int) -> None:
    """A leaping fish with drops around; its belly is its mark."""
    facing = 1 if stage.dice(f"fish {number}").random() < 0.5 else -1
    belly, eye = palette("fish", stage.light)
    scales = body("fish", colour, stage.light)
    x, y = centre
    for fin in ("-46 4, -66 16, -60 -2, -70 -14", "-10 30, 6 44, 16 32"):
        stage.fill(outline(centre, size, fin, facing), shaded(scales, 0.8))
    back = "-50 4, -36 16, -20 29, 0 34, 20 31, 36 22, 50 4"
    stage.fill(outline(centre, size, f"{back}, 42 -2, 20 5, 0 6, -20 5, -36 2, -50 -2", facing), scales)
    stage.fill(outline(centre, size, "-30 9, 0 16, 30 12, 40 3, 20 6.5, 0 7.5, -20 6.5", facing), belly)
    stage.block((x, y - size * 0.115), size * 0.14, max(4.0, size * 0.06), belly)
    stage.mark((x + facing * size * 0.36, y - size * 0.15), size * 0.06, size * 0.06, eye)
    for drop in range(5):
        place = (x - facing * size * (0.7 - 0.3 * drop), y + size * (0.34 + 0.08 * (drop % 2)))
        stage.ellipse(place, size * 0.025, size * 0.035, (206, 232, 242))
