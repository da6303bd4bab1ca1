"""The canvas and its colours. Pixels; `unit` is a thousandth of the shorter side."""

import tomllib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image, ImageColor, ImageDraw, ImageOps

from .chance import dice

Point = tuple[float, float]
Colour = tuple[int, ...]
TONES: Mapping[str, Mapping[str, str]] = tomllib.loads((Path(__file__).parent / "tones.toml").read_text("utf-8"))
_LARGEST_FINE = 1_600_000


def rgb(text: str) -> Colour:
    """`#rrggbb`."""
    return ImageColor.getrgb(text)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` 0 gives the first, 1 the second."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


def shaded(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    return mix(colour, (0, 0, 0), 1 - factor) if factor <= 1 else mix(colour, (255, 255, 255), min(1.0, factor - 1))


PIGMENTS = {name: rgb(tone) for name, tone in TONES["pigments"].items()}


class Canvas:
    """A picture in the making, drawn twice as fine as it is asked for where that is not too much."""

    def __init__(self, size: tuple[int, int], light: str, seed: int) -> None:
        self.light, self._seed = light, seed
        self._fine = 2 if size[0] * size[1] <= _LARGEST_FINE else 1
        self.width, self.height = size[0] * self._fine, size[1] * self._fine
        self.unit = min(self.width, self.height) / 1000
        self.image = Image.new("RGB", (self.width, self.height))
        self.pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture in the size asked for."""
        return self.image.reduce(self._fine)

    def dice(self, purpose: str) -> Random:
        """Chance for one purpose, so that one thing's look does not depend on the others."""
        return dice("canvas", purpose, self._seed)

    def lit(self, colour: Colour) -> Colour:
        """A thing's own colour in the light of the picture."""
        return tuple(a * b // 255 for a, b in zip(colour, rgb(TONES["lights"][self.light]), strict=True))

    def gradient(self, top: float, bottom: float, stops: Iterable[tuple[float, Colour]]) -> None:
        """From one colour to the next down the whole width; each with its share of the way."""
        for (before, low), (after, high) in pairwise(stops):
            first, last = (round(top + (bottom - top) * share) for share in (before, after))
            blend = ImageOps.colorize(Image.linear_gradient("L"), low, high)
            self.image.paste(blend.resize((self.width, max(1, last - first + 1))), (0, first))

    def glow(self, centre: Point, across: float, down: float, colour: Colour, strength: float) -> None:
        """Soft light around a place."""
        size = (max(2, round(2 * across)), max(2, round(2 * down)))
        fading = [round(255 * strength * max(0.0, 1 - level / 181) ** 2.2) for level in range(256)]
        mask = Image.radial_gradient("L").point(fading).resize(size)
        self.image.paste(colour, (round(centre[0] - across), round(centre[1] - down)), mask)
