"""The canvas and the few strokes everything is drawn with. Pixels; `unit` is a thousandth of the shorter side."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageColor, ImageDraw

from .chance import dice

Point = tuple[float, float]
Colour = tuple[int, int, int]
_LARGEST_FINE = 1_600_000
_LIGHTING: dict[str, Colour] = {"day": (255, 255, 255), "dusk": (242, 204, 204), "night": (143, 158, 204)}


def rgb(text: str) -> Colour:
    """`#rrggbb` and the names that Pillow knows."""
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def shaded(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    return mix(colour, (0, 0, 0), 1 - factor) if factor <= 1 else mix(colour, (255, 255, 255), min(1.0, factor - 1))


class Canvas:
    """A picture in the making, drawn twice as fine as it is asked for where that is not too much."""

    def __init__(self, size: tuple[int, int], light: str, seed: int) -> None:
        self.asked, self.light, self.seed = size, light, seed
        self.fine = 2 if size[0] * size[1] <= _LARGEST_FINE else 1
        self.width, self.height = size[0] * self.fine, size[1] * self.fine
        self.unit = min(self.width, self.height) / 1000
        self.image = Image.new("RGB", (self.width, self.height))
        self.pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture in the size asked for."""
        return self.image.reduce(self.fine)

    def dice(self, purpose: str) -> Random:
        """Chance for one purpose, so that one thing's look does not depend on the others."""
        return dice("canvas", purpose, self.seed)

    def at(self, x: float, y: float) -> Colour:
        """What is painted at a place."""
        red, green, blue = self.image.crop((round(x), round(y), round(x) + 1, round(y) + 1)).tobytes()
        return red, green, blue

    def lit(self, colour: Colour) -> Colour:
        """A thing's own colour in the light of the picture."""
        red, green, blue = (part * by // 255 for part, by in zip(colour, _LIGHTING[self.light], strict=True))
        return red, green, blue

    def fill(self, points: Sequence[Point], colour: Colour) -> None:
        """A polygon."""
        if len(points) > 2:
            self.pen.polygon(points, colour)

    def disc(self, centre: Point, across: float, down: float, colour: Colour, square: bool = False) -> None:
        """An ellipse by its radii, or the rectangle around it."""
        (x, y), across, down = centre, max(0.6, across), max(0.6, down)
        (self.pen.rectangle if square else self.pen.ellipse)((x - across, y - down, x + across, y + down), colour)

    def line(self, points: Sequence[Point], thickness: float, colour: Colour) -> None:
        """A line through points."""
        self.pen.line(points, colour, max(1, round(thickness)), "curve")

    def gradient(self, top: float, bottom: float, stops: Iterable[tuple[float, Colour]]) -> None:
        """A vertical gradient over the whole width."""
        for (before, low), (after, high) in pairwise(stops):
            first, last = round(top + (bottom - top) * before), round(top + (bottom - top) * after)
            for y in range(max(0, first), min(self.height, last + 1)):
                self.pen.line(((0, y), (self.width, y)), mix(low, high, (y - first) / max(1, last - first)))

    def glow(
        self, centre: Point, across: float, down: float, colour: Colour, strength: float, below: float = 0
    ) -> None:
        """Soft light around a place; where `below` is a height, only under it."""
        size = (max(2, round(2 * across)), max(2, round(2 * down)))
        fading = [round(255 * strength * max(0.0, 1 - level / 181) ** 2.2) for level in range(256)]
        mask = Image.radial_gradient("L").point(fading).resize(size)
        left, top = round(centre[0] - across), round(centre[1] - down)
        hidden = max(0, round(below) - top)
        if hidden < size[1]:
            self.image.paste(colour, (left, top + hidden), mask.crop((0, hidden, *size)))

    def mist(self, bottom: float, tall: float, colour: Colour) -> None:
        """Haze that thickens down to a height."""
        mask = (
            Image.linear_gradient("L").resize((self.width, round(tall))).point([level * 0.62 for level in range(256)])
        )
        self.image.paste(colour, (0, round(bottom) - round(tall)), mask)
