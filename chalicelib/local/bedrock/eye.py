"""What is to be seen in a picture, told from its pixels alone.

An element is there when every tone of one of its palettes is; specimens are counted as connected patches of its first
tone. Nothing is read but pixels: no metadata, no memory of what was painted. JPEG blurs tones, so it is given more room.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from io import BytesIO

from PIL import Image

from .painter.colour import LIGHTS, Colour
from .patches import Box, patches
from .tones import body, palettes
from .vocabulary import COLOURS, ELEMENTS

_LONGEST_SIDE = 512
_COUNTING_SIDE = 1024
_TOLERANCE = {"PNG": 1, "JPEG": 9}
_FEWEST_PIXELS = 4


class Eye:
    """Looks at one picture; raises PIL.UnidentifiedImageError for bytes that are none."""

    def __init__(self, raw: bytes) -> None:
        with Image.open(BytesIO(raw)) as opened:
            self.format = opened.format or ""
            self.size = opened.size
            self._picture = opened.convert("RGB")
        self._tolerance = _TOLERANCE.get(self.format, 11)

    @cached_property
    def pixels(self) -> bytes:
        """A small fingerprint of the picture, for judgements left to chance."""
        return self._picture.resize((16, 16), Image.Resampling.BOX).tobytes()

    @cached_property
    def seen(self) -> tuple[str, ...]:
        """Every element in the picture."""
        return tuple(name for name in ELEMENTS if self.sees(name))

    def sees(self, element: str) -> bool:
        """Whether the element is there at all."""
        return any(all(self._has(tone) for tone in palette) for palette in palettes(element))

    def count(self, element: str) -> int:
        """How many specimens of a countable element there are."""
        return len(self._specimens(element)) if self.sees(element) else 0

    def colour(self, element: str) -> str:
        """The colour most of an element's specimens have, by what surrounds their marks; empty if none is known."""
        votes: Counter[str] = Counter()
        picture = self._reduced(_COUNTING_SIDE)
        for left, top, right, bottom in self._specimens(element):
            reach = max(right - left, bottom - top) * 3 + 8
            around = picture.crop(
                (max(0, left - reach), max(0, top - reach), min(picture.width, right + reach), min(picture.height, bottom + reach))
            )
            tones = _tally(around)
            counts = {name: sum(self._near(tones, body(element, name, light)) for light in LIGHTS) for name in COLOURS}
            best = max(counts, key=lambda name: counts[name])
            votes[best if counts[best] >= _FEWEST_PIXELS else ""] += 1
        return votes.most_common(1)[0][0] if votes else ""

    def _specimens(self, element: str) -> list[Box]:
        picture = self._reduced(_COUNTING_SIDE)
        found: list[Box] = []
        for mark in {palette[0] for palette in palettes(element)}:
            found += patches(picture, mark, self._tolerance)
        return found

    def _reduced(self, longest: int) -> Image.Image:
        factor = max(1, -(-max(self._picture.size) // longest))
        if factor == 1:
            return self._picture
        size = (self._picture.width // factor, self._picture.height // factor)
        return self._picture.resize(size, Image.Resampling.NEAREST)

    def _has(self, tone: Colour) -> bool:
        return self._near(self._tones, tone) >= _FEWEST_PIXELS

    def _near(self, tones: Mapping[int, list[tuple[Colour, int]]], tone: Colour) -> int:
        """Pixels within the tolerance of a tone."""
        reach, total = self._tolerance, 0
        red, green, blue = tone
        for bucket in _buckets(tone, reach):
            for (r, g, b), number in tones.get(bucket, ()):
                if abs(r - red) <= reach and abs(g - green) <= reach and abs(b - blue) <= reach:
                    total += number
        return total

    @cached_property
    def _tones(self) -> Mapping[int, list[tuple[Colour, int]]]:
        return _tally(self._reduced(_LONGEST_SIDE))


def _tally(picture: Image.Image) -> Mapping[int, list[tuple[Colour, int]]]:
    """The colours of a picture and how often they occur, in buckets of 16 levels a channel."""
    packed = Counter(memoryview(picture.convert("RGBX").tobytes()).cast("I"))
    buckets: dict[int, list[tuple[Colour, int]]] = {}
    for value, number in packed.items():
        colour = (value & 255, value >> 8 & 255, value >> 16 & 255)
        key = value >> 4 & 15 | value >> 8 & 0xF0 | value >> 12 & 0xF00
        buckets.setdefault(key, []).append((colour, number))
    return buckets


def _buckets(tone: Colour, reach: int) -> set[int]:
    red, green, blue = (
        {max(0, part - reach) >> 4, min(255, part + reach) >> 4} for part in tone
    )
    return {r | g << 4 | b << 8 for r in red for g in green for b in blue}
