"""What is in a picture, as squares along its lower edge, like the edge code of film: written and read from pixels.

A square is one bit and is read by its mean, so that a picture encoded again as JPEG or scaled to half still tells. The
squares run from left to right, the lowest row first: the things, compressed with the stand-in's own words as zlib's
dictionary, whose number is the mark by which a strip is known; zlib's checksum tells one that was tampered with.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .vocabulary import COLOURS, GENERAL

_PAPER, _INK = (236, 229, 212), (46, 52, 70)
_COLUMNS = ((640, 128), (480, 96), (0, 64))  # from which width on; a square is never under five pixels wide
_TALLEST = 0.22
_UPSIDE_DOWN = Image.Transpose.FLIP_TOP_BOTTOM
_OFTEN = (["", 3, ""], ["", 2, ""], ["", 1, "red"], ["", 1, ""])
_WORDS = json.dumps([*GENERAL, *dict.fromkeys(COLOURS.values()), *_OFTEN]).encode()


@dataclass(frozen=True)
class Shown:
    """One thing in a picture: its words, how many, in what colour."""

    label: str
    number: int = 1
    colour: str = ""

    @property
    def told(self) -> str:
        """In words, as `3 red apples`."""
        return " ".join(filter(None, (str(self.number) if self.number > 1 else "", self.colour, self.label)))


def height_needed(shown: Sequence[Shown], width: int) -> int:
    """How many pixels high the strip will be; half a square of paper above it."""
    squares = _squares(shown, width)
    return round((squares.height + 0.5) * width / squares.width)


def fitting(shown: Sequence[Shown], width: int, height: int) -> list[Shown]:
    """As many, from the first on, as the strip of such a picture can tell of."""
    fits = list(shown)
    while fits and height_needed(fits, width) > height * _TALLEST:
        fits.pop()
    return fits


def write(picture: Image.Image, shown: Sequence[Shown]) -> None:
    """Lays the strip over the picture's lower edge."""
    squares, (width, height) = _squares(shown, picture.width), picture.size
    tall = round(squares.height * width / squares.width)
    picture.paste(_PAPER, (0, height - height_needed(shown, width), width, height))
    picture.paste(_INK, (0, height - tall), squares.resize((width, tall)))


def read(picture: Image.Image) -> tuple[Shown, ...] | None:
    """What the strip tells, or None where there is none that can be read."""
    for _, columns in _COLUMNS:
        side = picture.width / columns
        rows = int(picture.height / side)
        lower = (0, picture.height - rows * side, picture.width, picture.height)
        if rows and side >= 1:
            means = picture.convert("L").resize((columns, rows), Image.Resampling.BOX, lower)
            dark = means.transpose(_UPSIDE_DOWN).point([255 * (level < 140) for level in range(256)])
            if (found := _unpacked(dark.convert("1", dither=Image.Dither.NONE).tobytes())) is not None:
                return found
    return None


def _squares(shown: Sequence[Shown], width: int) -> Image.Image:
    """A pixel for each square."""
    rows = json.dumps([[each.label, each.number, each.colour] for each in shown], ensure_ascii=False)
    deflate = zlib.compressobj(9, zdict=_WORDS)
    packed = deflate.compress(rows.encode()) + deflate.flush()
    columns = next(columns for least, columns in _COLUMNS if width >= least)
    size = (columns, -(-8 * len(packed) // columns))
    return Image.frombytes("1", size, packed.ljust(size[0] * size[1] // 8, b"\0")).transpose(_UPSIDE_DOWN)


def _unpacked(squares: bytes) -> tuple[Shown, ...] | None:
    reader = zlib.decompressobj(zdict=_WORDS)
    try:
        rows = reader.decompress(squares)
    except zlib.error:
        return None
    return tuple(Shown(*row) for row in json.loads(rows)) if reader.eof else None
