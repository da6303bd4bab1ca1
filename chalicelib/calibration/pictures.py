"""Draws the pictures that a judge is tried with: plain forms on white, about a kilobyte each as PNG."""

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from chalicelib.calibration.pairs import Shape

SIDE, COLOURS = 288, 16
Point = tuple[float, float]
ARROW: Sequence[Point] = ((0, -1), (0.7, -0.1), (0.25, -0.1), (0.25, 1), (-0.25, 1), (-0.25, -0.1), (-0.7, -0.1))
TRIANGLE: Sequence[Point] = ((0, -1), (1, 0.9), (-1, 0.9))
SQUARE: Sequence[Point] = ((-1, -1), (1, -1), (1, 1), (-1, 1))
STAR: Sequence[Point] = tuple(
    (radius * math.sin(step * math.pi / 5), -radius * math.cos(step * math.pi / 5))
    for step in range(10)
    for radius in ((1.1, 0.45)[step % 2],)
)
OUTLINES = {"arrow": ARROW, "triangle": TRIANGLE, "square": SQUARE, "star": STAR}


@lru_cache(maxsize=64)  # a true and an almost true requirement are asked of the same picture
def png_of(shapes: tuple[Shape, ...]) -> bytes:
    """The picture, as a PNG."""
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(picture)
    for shape in shapes:
        _draw(pen, shape)
    buffer = io.BytesIO()
    picture.quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    x, y, half = shape.x * SIDE, shape.y * SIDE, shape.size * SIDE / 2
    if shape.form == "circle":
        pen.ellipse((x - half, y - half, x + half, y + half), fill=shape.colour, outline="black")
    elif shape.form == "text":
        font = ImageFont.load_default(shape.size * SIDE)
        pen.multiline_text((x, y), shape.words, fill=shape.colour, font=font, anchor="mm", align="center")
    else:
        points = [(x + half * a, y + half * b) for a, b in _turned(OUTLINES[shape.form], shape.turned)]
        pen.polygon(points, fill=shape.colour, outline="black")


def _turned(points: Iterable[Point], degrees: int) -> list[Point]:
    """Clockwise, as one sees it."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]
