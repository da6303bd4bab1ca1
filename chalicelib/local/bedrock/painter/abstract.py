"""Pictures for prompts that name nothing known: flowing bands and circles, coloured by the prompt's hash."""

import colorsys
import math

from ..chance import dice
from .colour import Colour, mix
from .stage import Point, Stage


def paint_abstract(stage: Stage, prompt: str, seed: int) -> None:
    """Hues come from the prompt, shapes from the seed."""
    hue = dice("hue", prompt).random()
    chance = dice("abstract", prompt, seed)
    first, second, third = (_colour(hue + shift, value) for shift, value in ((0.0, 0.3), (0.09, 0.62), (0.5, 0.9)))
    stage.gradient(0, stage.height, ((0.0, first), (0.6, second), (1.0, mix(second, third, 0.6))))
    for _ in range(4):
        place = (chance.random() * stage.width, chance.random() * stage.height)
        reach = stage.unit * (220 + 320 * chance.random())
        stage.glow(place, reach, reach, mix(third, (255, 255, 255), 0.2), 0.35)
    for band in range(7):
        stage.fill(
            _ribbon(stage, band, chance.random() * 6, chance.random()),
            mix(mix(first, third, band / 7), second, 0.35 * chance.random()),
        )
    for _ in range(9):
        size = stage.unit * (10 + 60 * chance.random() ** 2)
        stage.ellipse(
            (chance.random() * stage.width, chance.random() * stage.height * 0.7),
            size,
            size,
            mix(third, (255, 255, 255), chance.random() * 0.6),
        )


def _ribbon(stage: Stage, band: int, phase: float, swing: float) -> list[Point]:
    base = stage.height * (0.42 + 0.09 * band)
    points = []
    for step in range(61):
        t = step / 60
        y = (
            base
            + stage.unit * (60 + 50 * swing) * math.sin(4.2 * t + phase)
            + stage.unit * 24 * math.sin(11 * t + 2 * phase)
        )
        points.append((stage.width * t, y))
    return [*points, (stage.width, stage.height), (0, stage.height)]


def _colour(hue: float, value: float) -> Colour:
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue % 1, 0.62 - 0.3 * value, value))
    return red, green, blue
