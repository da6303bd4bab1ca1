"""What stands alone, drawn from `shapes.toml`: each specimen has a stretch of ground, water or sky of its own."""

from collections.abc import Sequence
from functools import lru_cache

from .canvas import Canvas, Colour, Point, rgb, shaded
from .vocabulary import SHAPES

PIGMENTS = {
    **{"red": rgb("#d02c30"), "blue": rgb("#3068c8"), "green": rgb("#3e9654"), "yellow": rgb("#f6ce3e")},
    **{"orange": rgb("#f08a30"), "purple": rgb("#864eb2"), "pink": rgb("#f492b2"), "white": rgb("#f2f0ec")},
    **{"black": rgb("#2c2a30"), "brown": rgb("#8c5c3a"), "grey": rgb("#8e9096")},
}
Single = tuple[str, str]
"""A shape's name and its colour."""


def paint_singles(canvas: Canvas, singles: Sequence[Single], bands: dict[str, tuple[float, float]]) -> None:
    """All of them, the farthest first; `bands` are the top and bottom of land, water and sky."""
    for homes in (("sky",), ("land", "water")):
        chance = canvas.dice(f"places {homes}")
        here = [each for each in singles if SHAPES[each[0]]["home"] in homes]
        chance.shuffle(here)
        room = canvas.width * 0.94
        wide = [float(SHAPES[name]["room"]) * canvas.unit for name, _ in here]
        scale = min(1.4, room / sum(wide)) if wide else 1.0
        gap, x, settled = (room - sum(wide) * scale) / (len(here) + 1), canvas.width * 0.03, []
        for single, width in zip(here, wide, strict=True):
            shape = SHAPES[single[0]]
            top, bottom = bands[str(shape["home"])]
            x += gap * (0.7 + 0.6 * chance.random())
            swing = (0.3 if homes == ("sky",) else 0.1) * (chance.random() - 0.5)
            settled.append(
                ((x + width * scale / 2, top + (bottom - top) * (float(shape["depth"]) + swing)), width * scale, single)
            )
            x += width * scale
        for place, width, single in sorted(settled, key=lambda each: each[0][1]):
            paint_single(canvas, place, width * 0.8, single)


def paint_single(canvas: Canvas, foot: Point, size: float, single: Single) -> None:
    """One specimen, `size` wide or so."""
    shape, body = SHAPES[single[0]], PIGMENTS[single[1]]
    size *= float(shape.get("size", 1))
    if "glow" in shape and canvas.light != "day":
        x, y, reach = (float(part) * size / 100 for part in str(shape["glow"]).split())
        canvas.glow((foot[0] + x, foot[1] - y), reach, reach, (255, 200, 110), 0.5)
    for colour, mirrored, kind, numbers in _strokes(str(shape["shape"])):
        unlit, plain = colour.endswith("!"), colour.rstrip("!")
        base, _, factor = plain.partition("*")
        tone = shaded(body if base == "body" else rgb(base), float(factor or 1))
        for side in (1, -1) if mirrored else (1,):
            _stroke(canvas, foot, size / 100 * side, kind, numbers, tone if unlit else canvas.lit(tone))


def _stroke(
    canvas: Canvas, foot: Point, step: float, kind: str, numbers: Sequence[Sequence[float]], tone: Colour
) -> None:
    tall = abs(step)
    if kind == "o":
        for x, y, across, down in numbers:
            canvas.disc((foot[0] + x * step, foot[1] - y * tall), across * tall, down * tall, tone)
        return
    points = [(foot[0] + x * step, foot[1] - y * tall) for x, y in numbers]
    if kind:
        canvas.line(points, float(kind[1:]) * tall, tone)
    else:
        canvas.fill(points, tone)


@lru_cache(maxsize=64)
def _strokes(text: str) -> tuple[tuple[str, bool, str, tuple[tuple[float, ...], ...]], ...]:
    strokes = []
    for line in text.strip().splitlines():
        head, _, corners = line.partition(": ")
        colour, _, kind = head.partition(" ")
        points = tuple(tuple(float(part) for part in corner.split()) for corner in corners.split(","))
        strokes.append((colour.rstrip("~"), colour.endswith("~"), kind, points))
    return tuple(strokes)
