"""What is looked at in an image's bytes: its format, its size, a copy small enough to check or to show.

The bytes a model returned are saved untouched; copies are made for the check and the contact sheet only. Pillow is
imported only when a copy is made: by an attempt that has an image, for its thumbnail, and by no cold start.
"""

import base64
import io
import struct
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Format = Literal["png", "jpeg", "gif", "webp"]

THUMBNAIL_SIDE = 192
THUMBNAIL_BYTES = 6_000  # 8,000 characters as base64
MOST_PIXELS = 33_554_432  # eight times the largest any model here draws; about 130 MB once decoded
_QUALITIES = (90, 75, 60, 45, 30)


class NotAnImage(ValueError):
    """Bytes that no decoder takes."""


def image_format(image: bytes) -> Format | None:
    """The format as Converse names it, by the first bytes; None for anything else."""
    if image.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if image.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if image.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if image[:4] == b"RIFF" and image[8:12] == b"WEBP":
        return "webp"
    return None


def for_check(image: bytes, byte_limit: int, pixel_limit: int) -> tuple[bytes, Format]:
    """The image as a vision model takes it, and its format.

    Unchanged within `byte_limit` bytes and `pixel_limit` pixels a side; otherwise a smaller JPEG. Raises NotAnImage.
    """
    found = image_format(image)
    if found is None:
        raise NotAnImage(f"{len(image):,} bytes that are no PNG, JPEG, GIF or WebP")
    if len(image) <= byte_limit and _longest_side(image, found) <= pixel_limit:
        return image, found
    return _as_jpeg(_opened(image), pixel_limit, byte_limit), "jpeg"


def thumbnail(image: bytes) -> str:
    """A data URI of a JPEG of at most 192 pixels a side and about 8 KB. Raises NotAnImage."""
    small = _as_jpeg(_opened(image), THUMBNAIL_SIDE, THUMBNAIL_BYTES)
    return "data:image/jpeg;base64," + base64.b64encode(small).decode("ascii")


def _longest_side(image: bytes, found: Format) -> int:
    """In pixels, from the header; other formats than PNG are decoded for it, as no model here returns them."""
    if found == "png" and len(image) >= 24:
        width, height = struct.unpack(">II", image[16:24])
        return int(max(width, height))
    return max(_opened(image).size)


def _opened(image: bytes) -> "Image":
    """The decoded picture; its size is looked at first, since a few bytes can ask for all the memory there is."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # ours is the lower limit, and raises instead of warning
    try:
        picture = Image.open(io.BytesIO(image))
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise NotAnImage(f"{width} × {height} pixels; at most {MOST_PIXELS:,} are looked at")
        picture.load()
    except NotAnImage:
        raise
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise NotAnImage(f"{len(image):,} bytes that cannot be decoded as a picture: {error}") from None
    return picture


def _as_jpeg(picture: "Image", side: int, byte_limit: int) -> bytes:
    """A JPEG within both limits: quality goes first, then size."""
    small = picture.convert("RGB")
    while True:
        small.thumbnail((side, side))
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            small.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= byte_limit or side <= 16:
                return buffer.getvalue()
        side = max(small.size) * 3 // 4
