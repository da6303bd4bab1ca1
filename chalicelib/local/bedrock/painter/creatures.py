"""Cats, dogs, horses, birds, fish and people."""

import math

from ..tones import body, palette
from .colour import Colour, mix, shaded
from .stage import Point, Stage


def placed(foot: Point, size: float, shape: list[tuple[float, float]], facing: int = 1) -> list[Point]:
    """A shape given in shares of `size`, upwards positive, standing at `foot`."""
    return [(foot[0] + facing * size * x, foot[1] - size * y) for x, y in shape]


def paint_cat(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A sitting cat seen from the front; its collar is its mark."""
    collar, eyes = palette("cat", stage.light)
    fur = body("cat", colour, stage.light)
    dark, pale = shaded(fur, 0.78), mix(fur, (255, 255, 255), 0.35)
    x, y = foot
    tail = [(0.2, 0.06), (0.42, 0.08), (0.5, 0.2), (0.44, 0.36)]
    stage.line(placed(foot, size, tail), size * 0.09, dark)
    stage.fill(placed(foot, size, [(-0.26, 0.0), (-0.27, 0.2), (-0.2, 0.42), (-0.12, 0.58), (0.12, 0.58), (0.2, 0.42), (0.27, 0.2), (0.26, 0.0)]), fur)
    stage.ellipse((x, y - size * 0.24), size * 0.13, size * 0.2, pale)
    for side in (-1, 1):
        stage.ellipse((x + side * size * 0.11, y - size * 0.03), size * 0.09, size * 0.05, pale)
        stage.fill(placed(foot, size, [(side * 0.2, 0.72), (side * 0.2, 1.0), (side * 0.04, 0.86)]), fur)
        stage.fill(placed(foot, size, [(side * 0.17, 0.78), (side * 0.175, 0.93), (side * 0.08, 0.86)]), (222, 150, 160))
    stage.ellipse((x, y - size * 0.73), size * 0.225, size * 0.185, fur)
    stage.block((x, y - size * 0.55), size * 0.24, max(4.0, size * 0.045), collar)
    for side in (-1, 1):
        stage.mark((x + side * size * 0.09, y - size * 0.75), size * 0.105, size * 0.115, eyes)
        stage.ellipse((x + side * size * 0.09, y - size * 0.75), size * 0.012, size * 0.04, (20, 20, 24))
    stage.fill(placed(foot, size, [(-0.025, 0.68), (0.025, 0.68), (0.0, 0.65)]), (210, 110, 120))


def paint_dog(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A dog standing, seen from the side; its collar is its mark."""
    collar, dark = palette("dog", stage.light)
    fur = body("dog", colour, stage.light)
    shade = shaded(fur, 0.8)
    x, y = foot
    stage.line(placed(foot, size, [(-0.36, 0.5), (-0.5, 0.62), (-0.52, 0.76)]), size * 0.06, fur)
    for leg in (-0.3, 0.24):
        stage.fill(placed(foot, size, [(leg - 0.02, 0.34), (leg + 0.1, 0.34), (leg + 0.07, 0.0), (leg - 0.01, 0.0)]), shade)
    stage.fill(placed(foot, size, [(-0.4, 0.52), (-0.38, 0.34), (-0.2, 0.27), (0.16, 0.27), (0.32, 0.36), (0.4, 0.62), (0.3, 0.7), (0.14, 0.56), (-0.3, 0.57)]), fur)
    for leg in (-0.38, 0.16):
        stage.fill(placed(foot, size, [(leg, 0.4), (leg + 0.13, 0.4), (leg + 0.09, 0.0), (leg + 0.0, 0.0)]), fur)
    stage.ellipse((x + size * 0.4, y - size * 0.76), size * 0.16, size * 0.14, fur)
    stage.fill(placed(foot, size, [(0.42, 0.84), (0.66, 0.74), (0.66, 0.66), (0.4, 0.63)]), fur)
    stage.fill(placed(foot, size, [(0.3, 0.86), (0.22, 0.62), (0.3, 0.58), (0.38, 0.82)]), dark)
    stage.mark((x + size * 0.655, y - size * 0.72), size * 0.07, size * 0.06, dark)
    stage.mark((x + size * 0.45, y - size * 0.79), size * 0.04, size * 0.04, (24, 20, 20))
    stage.fill(placed(foot, size, [(0.22, 0.66), (0.4, 0.57), (0.42, 0.62), (0.24, 0.72)]), collar)
    stage.block((x + size * 0.32, y - size * 0.64), size * 0.1, max(4.0, size * 0.05), collar)


_HORSE = [(-0.5, 0.66), (-0.46, 0.74), (-0.3, 0.78), (0.05, 0.74), (0.2, 0.8), (0.34, 1.02), (0.42, 1.14), (0.47, 1.12), (0.64, 0.94),
          (0.66, 0.86), (0.58, 0.85), (0.46, 0.92), (0.36, 0.72), (0.3, 0.52), (0.1, 0.44), (-0.2, 0.45), (-0.36, 0.48), (-0.48, 0.56)]


def paint_horse(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A horse from the side; its mane is its mark."""
    mane, pale = palette("horse", stage.light)
    coat = body("horse", colour, stage.light)
    x, y = foot
    for leg, bend in ((-0.34, -0.03), (0.2, 0.05)):
        stage.fill(placed(foot, size, [(leg, 0.52), (leg + 0.12, 0.52), (leg + 0.08 + bend, 0.26), (leg + 0.07 + bend, 0.0), (leg + 0.01 + bend, 0.0), (leg + 0.02 + bend, 0.26)]), shaded(coat, 0.74))
    stage.line(placed(foot, size, [(-0.47, 0.68), (-0.58, 0.56), (-0.6, 0.34)]), size * 0.07, shaded(mane, 0.8))
    stage.fill(placed(foot, size, _HORSE), coat)
    for leg, bend in ((-0.45, 0.03), (0.12, -0.02)):
        stage.fill(placed(foot, size, [(leg, 0.58), (leg + 0.17, 0.54), (leg + 0.1 + bend, 0.27), (leg + 0.09 + bend, 0.0), (leg + 0.02 + bend, 0.0), (leg + 0.03 + bend, 0.27)]), coat)
        stage.block((x + size * (leg + 0.055 + bend), y - size * 0.065), size * 0.085, size * 0.13, pale)
    stage.fill(placed(foot, size, [(0.06, 0.75), (0.2, 0.92), (0.34, 1.1), (0.42, 1.16), (0.4, 1.06), (0.28, 0.9), (0.2, 0.76)]), mane)
    stage.block((x + size * 0.22, y - size * 0.87), size * 0.08, size * 0.1, mane)
    stage.fill(placed(foot, size, [(0.4, 1.12), (0.4, 1.24), (0.47, 1.13)]), coat)
    stage.fill(placed(foot, size, [(0.5, 1.075), (0.56, 1.02), (0.63, 0.95), (0.6, 0.9), (0.55, 0.95)]), pale)
    stage.mark((x + size * 0.47, y - size * 1.03), size * 0.035, size * 0.035, (22, 18, 18))


def paint_bird(stage: Stage, centre: Point, size: float, colour: str, number: int) -> None:
    """A bird on the wing; its beak is its mark."""
    facing = 1 if stage.dice("birds").random() < 0.5 else -1
    beak, tip = palette("bird", stage.light)
    plumage = body("bird", colour, stage.light)
    x, y = centre
    far = [(-0.02, 0.04), (-0.2, 0.34), (-0.5, 0.5), (-0.34, 0.26), (-0.16, 0.02)]
    near = [(0.08, 0.04), (0.12, 0.36), (-0.06, 0.66), (-0.02, 0.34), (-0.12, 0.02)]
    stage.fill(placed(centre, size, [(-0.26, 0.02), (-0.5, 0.06), (-0.46, -0.05), (-0.24, -0.06)], facing), shaded(plumage, 0.8))
    stage.fill(placed(centre, size, far, facing), shaded(plumage, 0.8))
    stage.ellipse(centre, size * 0.28, size * 0.1, plumage)
    stage.ellipse((x + facing * size * 0.26, y - size * 0.05), size * 0.1, size * 0.085, plumage)
    stage.fill(placed(centre, size, near, facing), plumage)
    stage.fill(placed(centre, size, [(0.05, 0.5), (-0.06, 0.66), (-0.03, 0.45)], facing), tip)
    stage.mark((x - facing * size * 0.02, y - size * 0.56), size * 0.05, size * 0.06, tip)
    stage.fill(placed(centre, size, [(0.33, 0.08), (0.46, 0.03), (0.33, 0.02)], facing), beak)
    stage.mark((x + facing * size * 0.37, y - size * 0.045), size * 0.08, size * 0.06, beak)


def paint_fish(stage: Stage, centre: Point, size: float, colour: str, number: int) -> None:
    """A leaping fish with drops around; its belly is its mark."""
    facing = 1 if stage.dice(f"fish {number}").random() < 0.5 else -1
    belly, eye = palette("fish", stage.light)
    scales = body("fish", colour, stage.light)
    spine = []
    for step in range(13):
        t = step / 12
        spine.append((-0.5 + t, 0.2 * math.sin(math.pi * t), 0.15 * math.sin(math.pi * min(1.0, 0.12 + 0.88 * t)) ** 0.8))
    back = [(x, y + half) for x, y, half in spine]
    under = [(x, y - half) for x, y, half in reversed(spine)]
    stage.fill(placed(centre, size, [(-0.46, 0.04), (-0.66, 0.16), (-0.6, -0.02), (-0.7, -0.14)], facing), shaded(scales, 0.8))
    stage.fill(placed(centre, size, [(-0.1, 0.3), (0.06, 0.44), (0.16, 0.32)], facing), shaded(scales, 0.8))
    stage.fill(placed(centre, size, back + under, facing), scales)
    stage.fill(placed(centre, size, [(x, y - half * 0.35) for x, y, half in spine[3:11]] + [(x, y - half * 0.85) for x, y, half in reversed(spine[3:11])], facing), belly)
    stage.block((centre[0], centre[1] - size * 0.1), size * 0.12, max(4.0, size * 0.05), belly)
    stage.mark((centre[0] + facing * size * 0.36, centre[1] - size * 0.1), size * 0.06, size * 0.06, eye)
    for number in range(5):
        place = (centre[0] - facing * size * (0.7 - 0.3 * number), centre[1] + size * (0.34 + 0.08 * (number % 2)))
        stage.ellipse(place, size * 0.025, size * 0.035, (206, 232, 242))


_COATS: tuple[Colour, ...] = ((176, 64, 58), (58, 104, 136), (196, 152, 76), (92, 120, 84), (128, 92, 140))


def paint_person(stage: Stage, foot: Point, size: float, number: int) -> None:
    """Someone standing; the face is the mark."""
    skin, cloth = palette("people", stage.light)
    x, y = foot
    coat = _COATS[number % len(_COATS)]
    for side in (-1, 1):
        stage.fill(placed(foot, size, [(side * 0.01, 0.46), (side * 0.11, 0.46), (side * 0.09, 0.0), (side * 0.02, 0.0)]), cloth)
        stage.fill(placed(foot, size, [(side * 0.1, 0.8), (side * 0.15, 0.78), (side * 0.19, 0.46), (side * 0.14, 0.45)]), shaded(coat, 0.85))
    stage.block((x, y - size * 0.42), size * 0.2, size * 0.1, cloth)
    stage.fill(placed(foot, size, [(-0.12, 0.44), (0.12, 0.44), (0.13, 0.8), (0.06, 0.84), (-0.06, 0.84), (-0.13, 0.8)]), coat)
    stage.block((x, y - size * 0.81), size * 0.13, size * 0.07, cloth)
    stage.ellipse((x, y - size * 0.935), size * 0.085, size * 0.08, (72, 50, 42))
    stage.mark((x, y - size * 0.905), size * 0.125, size * 0.13, skin)
