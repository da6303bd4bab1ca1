"""What is in a picture, as squares along its lower edge, like the edge code of film: written and read from pixels.

A square is one bit and is read by its mean, so that a picture encoded again as JPEG or scaled to half still tells. The
squares run from left to right, the lowest row first: a mark, the length, a checksum, and the things, compressed.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .vocabulary import COLOURS, GENERAL

_PAPER, _INK = (236, 229, 212), (46, 52, 70)
_MARK = b"\xb4\x5c"
_COLUMNS = ((640, 128), (480, 96), (0, 64))  # from which width on; a square is never under five pixels wide
_HEAD = 8
_TALLEST = 0.2
_WORDS = (
    json.dumps([*GENERAL, *dict.fromkeys(COLOURS.values())]).encode() + b'",3,""],["",2,""],["",1,"red"],["",1,""],["'
)


@dataclass(frozen=True)
class Shown:
    """One thing in a picture: its words, how many, in what colour."""

    label: str
    number: int = 1
    colour: str = ""


def height_needed(shown: Sequence[Shown], width: int) -> int:
    """How many pixels high the strip will be; half a square of paper above it."""
    rows = -(-8 * (_HEAD + len(_packed(shown))) // _columns(width))
    return round((rows + 0.5) * width / _columns(width))


def fitting(shown: Sequence[Shown], width: int, height: int) -> list[Shown]:
    """As many, from the first on, as the strip of such a picture can tell of."""
    fits = list(shown)
    while fits and height_needed(fits, width) > height * _TALLEST:
        fits.pop()
    return fits


def write(picture: Image.Image, shown: Sequence[Shown]) -> None:
    """Lays the strip over the picture's lower edge."""
    packed = _packed(shown)
    payload = _MARK + len(packed).to_bytes(2, "big") + zlib.crc32(packed).to_bytes(4, "big") + packed
    columns, (width, height) = _columns(picture.width), picture.size
    side = width / columns
    picture.paste(_PAPER, (0, height - height_needed(shown, width), width, height))
    for number in range(8 * len(payload)):
        if payload[number // 8] >> (7 - number % 8) & 1:
            row, column = divmod(number, columns)
            left, right = round(column * side), round((column + 1) * side)
            picture.paste(_INK, (left, height - round((row + 1) * side), right, height - round(row * side)))


def read(picture: Image.Image) -> tuple[Shown, ...] | None:
    """What the strip tells, or None where there is none that can be read."""
    for _, columns in _COLUMNS:
        side = picture.width / columns
        rows = int(picture.height / side)
        lower = (0, picture.height - rows * side, picture.width, picture.height)
        if rows and side >= 1:
            means = picture.convert("L").resize((columns, rows), Image.Resampling.BOX, lower)
            dark = means.transpose(Image.Transpose.FLIP_TOP_BOTTOM).point([255 * (level < 140) for level in range(256)])
            if (found := _unpacked(dark.convert("1", dither=Image.Dither.NONE).tobytes())) is not None:
                return found
    return None


def _columns(width: int) -> int:
    return next(columns for least, columns in _COLUMNS if width >= least)


def _packed(shown: Sequence[Shown]) -> bytes:
    rows = [[each.label, each.number, each.colour] for each in shown]
    deflate = zlib.compressobj(9, wbits=-15, zdict=_WORDS)
    return deflate.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()) + deflate.flush()


def _unpacked(payload: bytes) -> tuple[Shown, ...] | None:
    length, checksum = int.from_bytes(payload[2:4], "big"), int.from_bytes(payload[4:8], "big")
    packed = payload[_HEAD : _HEAD + length]
    if payload[:2] != _MARK or zlib.crc32(packed) != checksum:
        return None
    rows = json.loads(zlib.decompressobj(wbits=-15, zdict=_WORDS).decompress(packed))
    return tuple(Shown(*row) for row in rows)
