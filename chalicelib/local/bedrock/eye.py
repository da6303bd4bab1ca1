"""What is to be seen in a picture, told from its pixels alone.

An element is there when every tone of one of its palettes is; specimens are counted as connected patches of its first
tone. Nothing is read but pixels: no metadata, no memory of what was painted.
"""

from collections import Counter
from functools import cached_property

from .painter.colour import LIGHTS, Colour
from .patches import Box, patches
from .sight import COUNTING_SIDE, Sight, tally
from .tones import Palette, body, palettes
from .vocabulary import COLOURS, ELEMENTS

_ALL_OVER = ("night sky", "twilight", "daylight", "stars", "rain", "snow")
"""What spreads over the picture, so that its tones need not be neighbours."""


class Eye:
    """Looks at one picture; raises PIL.UnidentifiedImageError for bytes that are none."""

    def __init__(self, raw: bytes) -> None:
        self._sight = Sight(raw)

    @property
    def pixels(self) -> bytes:
        """A small fingerprint of the picture, for judgements left to chance."""
        return self._sight.fingerprint

    @cached_property
    def seen(self) -> tuple[str, ...]:
        """Every element in the picture."""
        return tuple(name for name in ELEMENTS if self.sees(name))

    def sees(self, element: str) -> bool:
        """Whether the element is there at all."""
        return any(self._recognises(element, palette) for palette in palettes(element))

    def count(self, element: str) -> int:
        """How many specimens of a countable element there are."""
        return len(self._specimens(element)) if self.sees(element) else 0

    def colour(self, element: str) -> str:
        """The colour most of an element's specimens have, by what surrounds their marks; empty if none is known."""
        votes = Counter(self._colour_around(element, box) for box in self._specimens(element))
        return votes.most_common(1)[0][0] if votes else ""

    def _recognises(self, element: str, palette: Palette) -> bool:
        if not all(self._sight.has(tone) for tone in palette):
            return False
        return self._sight.exact or element in _ALL_OVER or self._sight.together(palette)

    def _colour_around(self, element: str, box: Box) -> str:
        left, top, right, bottom = box
        picture = self._sight.reduced(COUNTING_SIDE)
        reach = max(right - left, bottom - top) * 3 + 8
        around = (left - reach, top - reach, right + reach, bottom + reach)
        width, height = picture.size
        tones = tally(
            picture.crop((max(0, around[0]), max(0, around[1]), min(width, around[2]), min(height, around[3])))
        )

        def amount(colour: str) -> int:
            return sum(self._sight.near(tones, body(element, colour, light)) for light in LIGHTS)

        best = max(COLOURS, key=amount)
        return best if amount(best) >= self._sight.fewest else ""

    def _specimens(self, element: str) -> list[Box]:
        marks: set[Colour] = {palette[0] for palette in palettes(element)}
        picture, sight = self._sight.reduced(COUNTING_SIDE), self._sight
        return [box for mark in marks for box in patches(picture, mark, sight.tolerance, sight.smallest_patch)]
