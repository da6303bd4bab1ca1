"""Drawings from tables: what stands alone (`shapes.toml`) and what spreads over land and sky (`scenery.toml`)."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from .canvas import Canvas, Colour, Point, mix, rgb, shaded
from .vocabulary import SHAPES

MASSES: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "scenery.toml").read_text("utf-8"))
PIGMENTS = {
    **{"red": rgb("#d02c30"), "blue": rgb("#3068c8"), "green": rgb("#3e9654"), "yellow": rgb("#f6ce3e")},
    **{"orange": rgb("#f08a30"), "purple": rgb("#864eb2"), "pink": rgb("#f492b2"), "white": rgb("#f2f0ec")},
    **{"black": rgb("#2c2a30"), "brown": rgb("#8c5c3a"), "grey": rgb("#8e9096")},
}
Band = tuple[float, ...]
"""Top and bottom, and how far aside where that is settled."""
Single = tuple[str, str]
"""A shape's name and its colour."""


def spread(canvas: Canvas, name: str, bands: Mapping[str, Band], haze: Colour) -> None:
    """All of a mass, the farthest first; `bands` are the top and bottom of each kind of home."""
    mass, chance = MASSES[name], canvas.dice(name)
    number, far, near = mass["scatter"]
    top, bottom, *aside = bands[mass["home"]]
    tones = [mix(rgb(tone), haze, mass.get("haze", 0)) for tone in mass.get("tones", {}).get(canvas.light, "").split()]
    start, depths = chance.random(), sorted(chance.random() ** 1.4 for _ in range(number))
    for index, t in enumerate(depths):
        even = (start + index * 0.618034 + 0.2 * chance.random() / number) % 1
        x = canvas.width * ((even if number < 60 else chance.random()) * 1.1 - 0.05)
        size = canvas.unit * (far + (near - far) * t) * (0.8 + 0.4 * chance.random() if number > 1 else 1)
        place = (aside[0] if aside else x, top + (bottom - top) * t)
        side = 1 if chance.random() < 0.5 else -1
        _glow(canvas, place, mass, size)
        _draw(
            canvas,
            place,
            size / 100 * side,
            mass["shapes"][index % len(mass["shapes"])],
            tones,
            haze,
            mass.get("haze", 0),
        )
    if "mist" in mass:
        canvas.mist(bottom, canvas.height * mass["mist"], haze)


def settle(canvas: Canvas, singles: Sequence[Single], bands: Mapping[str, Band]) -> None:
    """What stands alone, each with a stretch of ground, water or sky of its own."""
    for homes in (("sky",), ("land", "water")):
        chance = canvas.dice(f"places {homes}")
        here = [each for each in singles if SHAPES[each[0]]["home"] in homes]
        chance.shuffle(here)
        room, wide = canvas.width * 0.94, [float(SHAPES[name]["room"]) * canvas.unit for name, _ in here]
        scale = min(1.4, room / sum(wide)) if wide else 1.0
        gap, x, settled = (room - sum(wide) * scale) / (len(here) + 1), canvas.width * 0.03, []
        for (name, colour), width in zip(here, wide, strict=True):
            top, bottom, *_ = bands[str(SHAPES[name]["home"])]
            x += gap * (0.7 + 0.6 * chance.random())
            deep = float(SHAPES[name]["depth"]) + (0.3 if homes == ("sky",) else 0.1) * (chance.random() - 0.5)
            settled.append((top + (bottom - top) * deep, x + width * scale / 2, width * scale * 0.8, name, colour))
            x += width * scale
        for y, middle, size, name, colour in sorted(settled):
            shape = SHAPES[name]
            _glow(canvas, (middle, y), shape if canvas.light != "day" else {}, size)
            size *= float(shape.get("size", 1))
            _draw(canvas, (middle, y), size / 100, str(shape["shape"]), [PIGMENTS[colour]], (0, 0, 0), 0)


def _glow(canvas: Canvas, place: Point, table: Mapping[str, Any], size: float) -> None:
    if "glow" in table:
        x, y, reach = (float(part) * size / 100 for part in str(table["glow"]).split())
        canvas.glow((place[0] + x, place[1] - y), reach, reach, (255, 206, 130), 0.5)


def _draw(
    canvas: Canvas, foot: Point, step: float, text: str, tones: Sequence[Colour], haze: Colour, hazy: float
) -> None:
    """One drawing; a negative `step` mirrors it."""
    for colour, kind, mirrored, numbers in _strokes(text):
        plain, _, factor = colour.rstrip("!").partition("*")
        tone = tones["abcd".find(plain)] if len(plain) == 1 else tones[0] if plain == "body" else rgb(plain)
        tone = shaded(tone, float(factor)) if factor else tone
        if not colour.endswith("!") and len(plain) > 1:
            tone = mix(canvas.lit(tone), haze, hazy)
        for across in (step, -step) if mirrored else (step,):
            points = [(foot[0] + row[0] * across, foot[1] - row[1] * abs(step)) for row in numbers]
            if kind in ("o", "r"):
                for point, row in zip(points, numbers, strict=True):
                    canvas.disc(point, row[2] * abs(step), row[3] * abs(step), tone, square=kind == "r")
            elif kind:
                canvas.line(points, float(kind[1:]) * abs(step), tone)
            else:
                canvas.fill(points, tone)


@lru_cache(maxsize=256)
def _strokes(text: str) -> tuple[tuple[str, str, bool, tuple[tuple[float, ...], ...]], ...]:
    """Of each line its colour, its kind, whether it is mirrored, and its numbers."""
    strokes = []
    for line in text.strip().splitlines():
        head, _, corners = line.partition(": ")
        colour, _, kind = head.partition(" ")
        points = tuple(tuple(float(part) for part in corner.split()) for corner in corners.split(","))
        strokes.append((colour.rstrip("~"), kind, colour.endswith("~"), points))
    return tuple(strokes)
