"""The smallest pictures there are: one pixel of PNG with a text chunk that says which draw it is."""

import base64
import struct
import zlib
from functools import lru_cache

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@lru_cache(maxsize=100_000)
def png(words: str) -> str:
    """Base64, as image models answer."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\x80\x90\xa0")
    text = b"Comment\x00" + words.encode()
    parts = _chunk(b"IHDR", header) + _chunk(b"tEXt", text) + _chunk(b"IDAT", pixel) + _chunk(b"IEND", b"")
    return base64.b64encode(SIGNATURE + parts).decode()


def words_in(picture: bytes) -> str:
    """What `png` wrote into it."""
    start = picture.index(b"Comment\x00") + len(b"Comment\x00")
    length = struct.unpack(">I", picture[start - len(b"Comment\x00") - 8 : start - len(b"Comment\x00") - 4])[0]
    return picture[start : start + length - len(b"Comment\x00")].decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
