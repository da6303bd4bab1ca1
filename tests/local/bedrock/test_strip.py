"""The strip along a picture's lower edge: what is written is read again, whatever became of the picture."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chalicelib.local.bedrock import strip
from chalicelib.local.bedrock.strip import Shown

LABELS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
THINGS = st.lists(
    st.builds(Shown, LABELS, st.integers(1, 12), st.sampled_from(["", "red", "grey"])), min_size=1, max_size=5
)


def again(picture: Image.Image, quality: int, halved: bool) -> Image.Image:
    target = BytesIO()
    if halved:
        picture = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    picture.save(target, "JPEG", quality=quality)
    return Image.open(target)


@settings(deadline=None, max_examples=60)
@given(THINGS, st.sampled_from([(320, 320), (336, 1008), (1024, 1024), (1344, 768)]), st.integers(0, 2**32))
def test_words_in_any_script_survive_jpeg_and_halving(things: list[Shown], size: tuple[int, int], noise: int) -> None:
    picture = Image.effect_noise(size, noise % 90).convert("RGB")
    fits = strip.fitting(things, *size)
    strip.write(picture, fits)
    assert strip.read(picture) == tuple(fits)
    assert strip.read(again(picture, 75, halved=False)) == tuple(fits)
    assert strip.read(again(picture, 75, halved=True)) == tuple(fits)


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (320, 320), (8000, 16)])
def test_a_picture_without_a_strip_tells_nothing(size: tuple[int, int]) -> None:
    assert strip.read(Image.effect_noise(size, 90).convert("RGB")) is None
    assert strip.read(Image.new("RGB", size)) is None
    assert strip.read(Image.new("RGB", size, "white")) is None


def test_a_strip_whose_squares_were_tampered_with_tells_nothing() -> None:
    picture = Image.new("RGB", (1024, 1024))
    strip.write(picture, [Shown("lake"), Shown("apples", 3, "red")])
    picture.paste((0, 0, 0), (600, 1016, 680, 1024))
    assert strip.read(picture) is None


def test_more_than_a_strip_can_hold_is_not_drawn() -> None:
    many = [Shown(f"a rather long label of thing {number} 雪と氷の{number}") for number in range(24)]
    fits = strip.fitting(many, 320, 320)
    assert 1 <= len(fits) < 24
    assert fits == many[: len(fits)]
