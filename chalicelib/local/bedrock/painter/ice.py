"""The ice that drifts on the water."""

import math
from random import Random

from ..tones import Palette, palette
from .colour import mix
from .layout import Layout
from .stage import Point, Stage


def paint_ice(stage: Stage, layout: Layout) -> None:
    """Floes, small and dense far away, large and few in front, each with a face and an edge."""
    band = layout.water or (layout.land if layout.land else (layout.horizon, float(layout.height)))
    chance = stage.dice("ice")
    top, bottom = band
    depths = sorted(chance.random() ** 1.5 for _ in range(36))
    for number, t in enumerate(depths):
        y = top + (bottom - top) * (0.05 + 0.9 * t)
        size = stage.unit * (12 + 112 * t) * (0.55 + 0.75 * chance.random())
        x = stage.width * ((number * 0.381966 + 0.25 * chance.random()) % 1)
        _floe(stage, (x, y), size, palette("drift ice", stage.light), chance)


def _floe(stage: Stage, centre: Point, size: float, colours: Palette, chance: Random) -> None:
    face, edge, gleam = colours
    corners = 9
    outline = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners + 0.35 * (chance.random() - 0.5)
        reach = size * (0.72 + 0.42 * chance.random())
        outline.append((centre[0] + reach * math.cos(angle), centre[1] + reach * 0.34 * math.sin(angle)))
    thick = max(2.5, size * 0.13)
    lowered = [(x, y + thick) for x, y in outline]
    shadow = [(x, y + thick * 1.9) for x, y in outline]
    water = mix(edge, (4, 14, 34), 0.6)
    stage.fill(shadow, water)
    stage.fill_all(
        [
            lowered,
            *(
                [a, b, (b[0], b[1] + thick), (a[0], a[1] + thick)]
                for a, b in zip(outline, outline[1:] + outline[:1], strict=True)
            ),
        ],
        edge,
    )
    stage.fill(outline, face)
    if size > 30 * stage.unit:
        inner = [
            (centre[0] + (x - centre[0]) * 0.5 - size * 0.1, centre[1] + (y - centre[1]) * 0.42)
            for x, y in outline[1:7]
        ]
        stage.fill(inner, gleam)
        stage.line([outline[2], (centre[0], centre[1]), outline[6]], max(1.0, 1.6 * stage.unit), mix(face, edge, 0.45))
