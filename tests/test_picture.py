"""Pictures: told apart by their first bytes, copied smaller for the check and the contact sheet, never changed."""

import base64
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from chalicelib.picture import NotAnImage, for_check, image_format, thumbnail


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", noise: bool = False) -> bytes:
    buffer = BytesIO()
    made = Image.effect_noise(size, 90).convert(mode) if noise else Image.new(mode, size, 128)
    made.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpeg"),
        (picture("GIF"), "gif"),
        (picture("WEBP"), "webp"),
        (b"", None),
        (b"<html>", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"BM" + bytes(60), None),
    ],
)
def test_the_format_is_told_by_the_first_bytes(image, expected):
    assert image_format(image) == expected


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_within_the_limits_stays_the_same_object(kind):
    image = picture(kind)
    assert for_check(image, 100_000, 8_000) == (image, kind.lower())
    assert for_check(image, 100_000, 8_000)[0] is image


@pytest.mark.parametrize(
    ("image", "byte_limit", "pixel_limit", "expected"),
    [
        (picture(size=(900, 300)), 1_000_000, 600, (600, 200)),
        (picture(size=(300, 900)), 1_000_000, 600, (200, 600)),
        (picture("JPEG", size=(900, 300)), 1_000_000, 600, (600, 200)),
        (picture(size=(512, 512), noise=True), 100_000, 8_000, (512, 512)),
        (picture(size=(900, 300), mode="RGBA"), 1_000_000, 600, (600, 200)),
        (picture(size=(900, 300), mode="L"), 1_000_000, 600, (600, 200)),
        (picture("GIF", size=(900, 300), mode="P"), 1_000_000, 600, (600, 200)),
    ],
)
def test_a_larger_one_becomes_a_jpeg_within_the_limits(image, byte_limit, pixel_limit, expected):
    copy, kind = for_check(image, byte_limit, pixel_limit)
    assert kind == "jpeg"
    assert len(copy) <= byte_limit
    with Image.open(BytesIO(copy)) as opened:
        assert (opened.format, opened.size) == ("JPEG", expected)


def test_where_quality_is_not_enough_the_size_goes_down():
    copy, _ = for_check(picture(size=(800, 800), noise=True), 20_000, 8_000)
    assert len(copy) <= 20_000
    with Image.open(BytesIO(copy)) as opened:
        assert 16 <= opened.size[0] < 800


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"<html>", "no PNG, JPEG, GIF or WebP"),
        (picture(noise=True, size=(600, 600))[:5_000], "cannot be decoded"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4_000), "cannot be decoded"),
    ],
)
def test_what_cannot_be_decoded_is_no_image(image, words):
    with pytest.raises(NotAnImage, match=words):
        for_check(image, 3_000, 8_000)


@pytest.mark.parametrize(
    ("image", "side"),
    [
        (picture(size=(1024, 512)), (192, 96)),
        (picture(size=(1024, 1024), noise=True), (192, 192)),
        (picture("JPEG", size=(320, 1280)), (48, 192)),
        (picture(size=(40, 20)), (40, 20)),
        (picture(size=(256, 256), mode="RGBA"), (192, 192)),
    ],
)
def test_a_thumbnail_is_a_small_jpeg_in_a_data_uri(image, side):
    uri = thumbnail(image)
    assert uri is not None
    assert len(uri) < 8_100
    head, _, encoded = uri.partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(BytesIO(base64.b64decode(encoded, validate=True))) as opened:
        assert opened.size == side


def sized(image: bytes, side: int) -> bytes:
    """The same PNG, whose header says that it is so many pixels across and high."""
    header = b"IHDR" + struct.pack(">II", side, side) + image[24:29]
    return image[:12] + header + struct.pack(">I", zlib.crc32(header)) + image[33:]


BOMB = sized(picture(), 60_000)


@pytest.mark.parametrize("image", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", picture(noise=True)[:200], BOMB])
def test_what_cannot_be_decoded_has_no_thumbnail(image):
    with pytest.raises(NotAnImage, match=r"decoded|pixels"):
        thumbnail(image)


def test_a_small_file_that_asks_for_all_the_memory_is_refused_by_its_header_before_anything_is_decoded():
    with pytest.raises(NotAnImage, match=r"60000 × 60000 pixels"):
        for_check(BOMB, byte_limit=3_750_000, pixel_limit=8_000)


def test_pillow_is_not_loaded_until_a_copy_is_made():
    code = (
        "import sys, chalicelib.models.catalogue, chalicelib.picture as p\n"
        "png = b'\\x89PNG\\r\\n\\x1a\\n' + bytes(8) + (1).to_bytes(4) * 2\n"
        "p.for_check(png, 100, 100)\n"
        "print('PIL' in sys.modules)\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
