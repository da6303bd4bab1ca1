"""The canvas and the few strokes everything is drawn with: smooth flat shapes, gradients, glows, marks.

Lengths are given in thousandths of the shorter side (`unit`), places in shares of width and height or in pixels.
Interiors of shapes keep their exact colour; only their edges are smoothed.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from ..chance import dice
from .colour import Colour, Stop, along

Point = tuple[float, float]
_BAYER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
_LARGEST_SMOOTH = 400_000


class Stage:
    """A picture in the making; `light` is day, dusk or night."""

    def __init__(self, width: int, height: int, light: str, seed: int) -> None:
        self.width = width
        self.height = height
        self.light = light
        self.seed = seed
        self.unit = min(width, height) / 1000
        self.image = Image.new("RGB", (width, height))

    def dice(self, purpose: str) -> Random:
        """Chance for one purpose, so that one element's look does not depend on the others."""
        return dice("painter", purpose, self.seed)

    def colour_at(self, place: Point) -> Colour:
        """What is painted at a place, or at the edge nearest to it."""
        x = min(self.width - 1, max(0, round(place[0])))
        y = min(self.height - 1, max(0, round(place[1])))
        red, green, blue = self.image.crop((x, y, x + 1, y + 1)).tobytes()
        return red, green, blue

    def fill(self, points: Sequence[Point], colour: Colour) -> None:
        """One smooth-edged polygon."""
        self.fill_all([points], colour)

    def fill_all(self, polygons: Iterable[Sequence[Point]], colour: Colour) -> None:
        """Polygons of one colour, smoothed together."""
        shapes = [polygon for polygon in polygons if len(polygon) > 2]

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Point], Point]) -> None:
            for shape in shapes:
                pen.polygon([place(point) for point in shape], fill=255)

        self._paste([point for shape in shapes for point in shape], draw, colour)

    def ellipse(self, centre: Point, radius_x: float, radius_y: float, colour: Colour) -> None:
        """A smooth-edged ellipse; radii in pixels."""
        corners = [(centre[0] - radius_x, centre[1] - radius_y), (centre[0] + radius_x, centre[1] + radius_y)]

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Point], Point]) -> None:
            (left, top), (right, bottom) = place(corners[0]), place(corners[1])
            pen.ellipse((left, top, right, bottom), fill=255)

        self._paste(corners, draw, colour)

    def line(self, points: Sequence[Point], thickness: float, colour: Colour) -> None:
        """A smooth line through points; thickness in pixels."""
        half = thickness / 2 + 1
        corners = [(x + side * half, y + side * half) for x, y in points for side in (-1, 1)]

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Point], Point]) -> None:
            scale = place((1.0, 0.0))[0] - place((0.0, 0.0))[0]
            pen.line(
                [place(point) for point in points], fill=255, width=max(1, round(thickness * scale)), joint="curve"
            )

        self._paste(corners, draw, colour)

    def mark(self, centre: Point, width: float, height: float, colour: Colour) -> None:
        """A small ellipse with hard edges, never under four pixels: what recognition and counting hold on to."""
        half_x, half_y = max(2.0, width / 2), max(2.0, height / 2)
        left, top = round(centre[0] - half_x), round(centre[1] - half_y)
        box = (left, top, left + round(2 * half_x), top + round(2 * half_y))
        ImageDraw.Draw(self.image).ellipse(box, fill=colour)

    def block(self, centre: Point, width: float, height: float, colour: Colour) -> None:
        """A rectangle with hard edges, never under four pixels by three."""
        half_x, half_y = max(2.0, width / 2), max(1.5, height / 2)
        left, top = round(centre[0] - half_x), round(centre[1] - half_y)
        box = (left, top, left + round(2 * half_x) - 1, top + round(2 * half_y) - 1)
        ImageDraw.Draw(self.image).rectangle(box, fill=colour)

    def speck(self, centre: Point, size: float, colour: Colour) -> None:
        """A square with hard edges, never under two pixels."""
        left, top, side = round(centre[0]), round(centre[1]), max(2, round(size))
        ImageDraw.Draw(self.image).rectangle((left, top, left + side - 1, top + side - 1), fill=colour)

    def gradient(self, top: float, bottom: float, stops: Sequence[Stop]) -> None:
        """A full-width vertical gradient between two heights in pixels."""
        first, last = max(0, round(top)), min(self.height, round(bottom))
        if last > first:
            self.image.paste(vertical(self.width, last - first, tuple(stops)), (0, first))

    def glow(
        self, centre: Point, radius_x: float, radius_y: float, colour: Colour, strength: float, above: bool = True
    ) -> None:
        """Soft light around a place, strength 0 to 1 at the centre; only its lower half where not `above`."""
        size = (max(2, round(2 * radius_x)), max(2, round(2 * radius_y)))
        mask = _softness(round(strength * 255)).resize(size, Image.Resampling.BILINEAR)
        top = round(centre[1] - radius_y)
        if not above:
            mask, top = mask.crop((0, size[1] // 2, size[0], size[1])), round(centre[1])
        self.image.paste(colour, (round(centre[0] - radius_x), top), mask)

    def hard_line(self, points: Sequence[Point], thickness: float, colour: Colour) -> None:
        """A line without smoothing, never under three pixels, for what is thin and must be told by its colour."""
        ImageDraw.Draw(self.image).line(list(points), fill=colour, width=max(3, round(thickness)), joint="curve")

    def veil(self, mask: Image.Image, colour: Colour, corner: tuple[int, int] = (0, 0)) -> None:
        """Any colour through any mask of mode L."""
        self.image.paste(colour, corner, mask)

    def _paste(
        self,
        points: Sequence[Point],
        draw: Callable[[ImageDraw.ImageDraw, Callable[[Point], Point]], None],
        colour: Colour,
    ) -> None:
        if not points:
            return
        left = max(0, int(min(x for x, _ in points)) - 1)
        top = max(0, int(min(y for _, y in points)) - 1)
        right = min(self.width, int(max(x for x, _ in points)) + 2)
        bottom = min(self.height, int(max(y for _, y in points)) + 2)
        if right <= left or bottom <= top:
            return
        width, height = right - left, bottom - top
        scale = 2 if width * height > _LARGEST_SMOOTH else 4
        mask = Image.new("L", (width * scale, height * scale))
        draw(ImageDraw.Draw(mask), lambda point: ((point[0] - left) * scale, (point[1] - top) * scale))
        self.image.paste(colour, (left, top), mask.reduce(scale))


def vertical(width: int, height: int, stops: tuple[Stop, ...]) -> Image.Image:
    """A vertical gradient without visible bands: four columns of ordered dithering, repeated."""
    column = bytearray()
    for row in range(height):
        colour = along(stops, row / max(1, height - 1))
        for threshold in _BAYER[row % 4]:
            column.extend(int(part + (threshold + 0.5) / 16) for part in colour)
    tile = Image.frombytes("RGB", (4, height), bytes(column))
    wide = Image.new("RGB", (width, height))
    wide.paste(tile, (0, 0))
    covered = 4
    while covered < width:
        wide.paste(wide.crop((0, 0, min(covered, width - covered), height)), (covered, 0))
        covered *= 2
    return wide


@lru_cache(maxsize=64)
def _softness(strength: int) -> Image.Image:
    falloff = [round(strength * max(0.0, 1 - level / 181) ** 2.2) for level in range(256)]
    return Image.radial_gradient("L").point(falloff)
