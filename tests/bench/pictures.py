"""Pictures of the size that models return, made at no cost: the bench must not measure its own stand-in.

Each says inside which draw it is. The base64 of all but the first bytes is made once; the text chunk is padded to a
multiple of three bytes, so that the pieces can be put together as they are.
"""

import base64
import random
import struct
import zlib
from functools import cache

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVELS = bytes(value % 12 for value in range(256))  # noise that compresses to what photographs take
TEXT = b"Comment\x00"


@cache
def _pieces(side: int) -> tuple[bytes, bytes]:
    """The base64 of the bytes before and after the text chunk."""
    header = SIGNATURE + _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    row = 3 * side
    noise = random.Random(1).randbytes(row * side).translate(LEVELS)
    rows = b"".join(b"\x00" + noise[start : start + row] for start in range(0, row * side, row))
    rest = _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b"")
    return base64.b64encode(header), base64.b64encode(rest)


def encoded(words: str, side: int) -> bytes:
    """A PNG of `side` × `side` pixels in base64."""
    before, after = _pieces(side)
    text = TEXT + words.encode()
    text += b" " * (-(len(text) + 12) % 3)
    return before + base64.b64encode(_chunk(b"tEXt", text)) + after


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
