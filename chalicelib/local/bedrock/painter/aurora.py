"""Curtains of northern light, bright at their hem, fading upwards through green to violet.

They are painted small, one column a ray, and enlarged smoothly onto the sky.
"""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops

from ..tones import palette
from .colour import Colour, mix
from .layout import Layout
from .stage import Stage

_MOST_COLUMNS = 400
_RAMP = 128
_STRENGTHS = 32
_DIMMING = (1.0, 0.72, 0.5)
_TEAL: Colour = (48, 150, 190)
_VIOLET: Colour = (150, 84, 200)


@dataclass(frozen=True)
class Curtain:
    """Where its hem hangs (a share of the rows), how bright it is, and its waves."""

    hem: float
    brightness: float
    phases: tuple[float, ...]

    @classmethod
    def hung(cls, number: int, lowest: float, chance: Random) -> "Curtain":
        """The `number`th from the front."""
        hem = lowest - 0.15 * number + 0.06 * chance.random()
        return cls(hem, _DIMMING[number], tuple(chance.random() * 2 * math.pi for _ in range(5)))

    def ray(self, t: float) -> tuple[float, float, float]:
        """At `t`, 0 left to 1 right: where the hem is, how tall the ray, how strong, all as shares."""
        hem = self.hem + 0.09 * math.sin(5.1 * t + self.phases[0]) + 0.045 * math.sin(11.7 * t + self.phases[1])
        rays = 0.62 + 0.2 * math.sin(67 * t + self.phases[2]) + 0.12 * math.sin(151 * t + self.phases[3])
        presence = 0.5 + 0.5 * math.sin(7.1 * t + self.phases[4])
        return hem, 0.62 * rays * (0.45 + 0.55 * presence), self.brightness * min(1.0, 0.12 + 1.35 * presence)


def paint_aurora(stage: Stage, layout: Layout, lowest: float) -> None:
    """Three curtains; the front one's hem hangs around `lowest`, a share of the sky's height from its top."""
    chance = stage.dice("aurora")
    columns = min(_MOST_COLUMNS, max(160, stage.width // 2))
    rows = max(64, round(columns * layout.horizon / stage.width))
    light, mask = Image.new("RGB", (columns, rows)), Image.new("L", (columns, rows))
    for number in range(len(_DIMMING)):
        curtain = Curtain.hung(number, lowest, chance)
        colours, depths = _ramp(stage, crisp=number == 0)
        for x in range(columns):
            hem, tall, strength = curtain.ray(x / columns)
            long = max(8, round(rows * tall))
            ray = depths[round(strength * _STRENGTHS)].resize((1, long))
            top = round(rows * hem) - long
            light.paste(colours.resize((1, long)), (x, top), ray)
            mask.paste(ImageChops.lighter(mask.crop((x, top, x + 1, top + long)), ray), (x, top))
    size, smooth = (stage.width, round(layout.horizon)), Image.Resampling.BICUBIC
    stage.image.paste(light.resize(size, smooth), (0, 0), mask.resize(size, smooth))


def _ramp(stage: Stage, crisp: bool) -> tuple[Image.Image, list[Image.Image]]:
    """The colours of one ray from its top to its hem, and its opacity in every strength; soft hems for far curtains."""
    colours, depths = bytearray(), bytearray()
    for row in range(_RAMP):
        colour, opacity = _at_height(1 - row / (_RAMP - 1), stage, crisp)
        colours.extend(colour)
        depths.append(round(255 * opacity))
    depth = Image.frombytes("L", (1, _RAMP), bytes(depths))
    weakened = [
        depth.point([round(level * strength / _STRENGTHS) for level in range(256)])
        for strength in range(_STRENGTHS + 1)
    ]
    return Image.frombytes("RGB", (1, _RAMP), bytes(colours)), weakened


def _at_height(height: float, stage: Stage, crisp: bool) -> tuple[Colour, float]:
    """Colour and opacity of a ray at a height, 0 hem to 1 top."""
    hem, green = palette("aurora", stage.light)
    soft = 1.0 if crisp else min(1.0, height / 0.3) ** 1.5
    if height < 0.1:
        return (hem, min(1.0, height / 0.03)) if crisp else (green, soft)
    if height < 0.24:
        return green, soft
    rise = (height - 0.24) / 0.76
    lower = mix(green, _TEAL, min(1.0, rise * 2))
    return mix(lower, _VIOLET, min(1.0, max(0.0, rise * 1.5 - 0.4))), soft * (1 - rise) ** 1.7
