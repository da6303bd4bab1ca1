"""Drawings from tables: what stands alone (`shapes.toml`) and what spreads over land and sky (`scenery.toml`)."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from .canvas import PIGMENTS, Canvas, Colour, Point, mix, rgb, shaded
from .vocabulary import SHAPES

LAYERS: Mapping[str, Mapping[str, Any]] = tomllib.loads((Path(__file__).parent / "scenery.toml").read_text("utf-8"))
Band = tuple[float, ...]
"""Top and bottom, and how far aside where that is settled."""
Single = tuple[str, str]
"""A shape's name and its colour."""


def spread(canvas: Canvas, name: str, mass: Mapping[str, Any], bands: Mapping[str, Band], haze: Colour) -> None:
    """All of a mass, the farthest first; `bands` are the top and bottom of each kind of home."""
    chance = canvas.dice(name)
    number, far, near = (mass["spread"][key] for key in ("number", "far", "near"))
    top, bottom, *aside = bands[mass["spread"]["home"]]
    tones = [mix(rgb(tone), haze, mass.get("haze", 0)) for tone in mass.get("tones", {}).get(canvas.light, "").split()]
    start, depths = chance.random(), sorted(chance.random() ** 1.4 for _ in range(number))
    for index, t in enumerate(depths):
        even = (start + index * 0.618034 + 0.2 * chance.random() / number) % 1
        x = canvas.width * ((even if number < 60 else chance.random()) * 1.1 - 0.05)
        size = canvas.unit * (far + (near - far) * t) * (0.8 + 0.4 * chance.random() if number > 1 else 1)
        place = (aside[0] if aside else x, top + (bottom - top) * t)
        side = 1 if chance.random() < 0.5 else -1
        _glow(canvas, place, mass, size)
        _draw(canvas, place, size / 100 * side, mass["shapes"][index % len(mass["shapes"])], tones)
    if "mist" in mass:  # it thickens down to the foot
        tall = round(canvas.height * mass["mist"])
        veil = Image.linear_gradient("L").point([level * 0.62 for level in range(256)])
        canvas.image.paste(haze, (0, round(bottom) - tall), veil.resize((canvas.width, tall)))


def settle(canvas: Canvas, singles: Sequence[Single], bands: Mapping[str, Band]) -> None:
    """What stands alone, each with a stretch of ground, water or sky of its own; the farthest is drawn first."""
    for homes in (("sky",), ("land", "water")):
        chance, x = canvas.dice(f"places {homes}"), canvas.width * 0.03
        here = [each for each in singles if SHAPES[each[0]]["place"]["home"] in homes]
        chance.shuffle(here)
        every = sum(SHAPES[name]["place"]["room"] for name, _ in here)
        settled = []
        for name, colour in here:
            place = SHAPES[name]["place"]
            stretch = canvas.width * 0.94 * place["room"] / every
            wide = min(stretch, 1.4 * place["room"] * canvas.unit)
            top, bottom, *_ = bands[place["home"]]
            deep = place["depth"] + (0.3 if place["home"] == "sky" else 0.1) * (chance.random() - 0.5)
            middle = x + stretch / 2 + (stretch - wide) * 0.6 * (chance.random() - 0.5)
            settled.append((top + (bottom - top) * deep, middle, wide * 0.8, name, colour))
            x += stretch
        for y, middle, size, name, colour in sorted(settled):
            _glow(canvas, (middle, y), SHAPES[name] if canvas.light != "day" else {}, size)
            step = size * SHAPES[name]["place"].get("size", 1) / 100
            _draw(canvas, (middle, y), step, SHAPES[name]["shape"], [PIGMENTS[colour]])


def _glow(canvas: Canvas, place: Point, table: Mapping[str, Any], size: float) -> None:
    if "glow" in table:
        x, y, reach = (float(part) * size / 100 for part in table["glow"].split())
        canvas.glow((place[0] + x, place[1] - y), reach, reach, (255, 206, 130), 0.5)


def _draw(canvas: Canvas, foot: Point, step: float, text: str, tones: Sequence[Colour]) -> None:
    """One drawing; a negative `step` mirrors it."""
    pen, tall = canvas.pen, abs(step)
    for colour, kind, mirrored, numbers in _strokes(text):
        tone = _tone(canvas, colour, tones)
        for across in (step, -step) if mirrored else (step,):
            points = [(foot[0] + row[0] * across, foot[1] - row[1] * tall) for row in numbers]
            if kind in ("o", "h", "r"):
                for (x, y), row in zip(points, numbers, strict=True):
                    wide, high = max(0.6, row[2] * tall), max(0.6, row[3] * tall)
                    box = (x - wide, y - high, x + wide, y + high)
                    if kind == "r":
                        pen.rectangle(box, tone)
                    else:
                        pen.chord(box, 180 if kind == "h" else 0, 360, tone)
            elif kind:
                pen.line(points, tone, max(1, round(float(kind[1:]) * tall)), "curve")
            else:
                pen.polygon(points, tone)


def _tone(canvas: Canvas, colour: str, tones: Sequence[Colour]) -> Colour:
    plain, _, factor = colour.rstrip("!").partition("*")
    if len(plain) == 1:
        return tones["abcd".index(plain)]
    tone = shaded(tones[0] if plain == "body" else rgb(plain), float(factor or 1))
    return tone if colour.endswith("!") else canvas.lit(tone)


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
