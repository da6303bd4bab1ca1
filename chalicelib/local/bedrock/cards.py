"""A card for everything that cannot be drawn as scenery: its own words, and as many emblems as there are of it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from textwrap import fill
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from .canvas import PIGMENTS, mix, shaded
from .chance import dice
from .strip import Shown
from .vocabulary import CJK

_FINE = 2
_SMALL = 20  # pixels of a letter, below which a long word is rather broken than drawn smaller still
_PAPER, _INK = (250, 246, 238), (52, 50, 62)
_CJK_FONTS = ("NotoSansCJK*-Regular*", "NotoSansJP-Regular*", "NotoSerifCJK*-Regular*")
_FONT_HOMES = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Box = tuple[int, int, int, int]


def paint_cards(picture: Image.Image, shown: Sequence[Shown], box: Box) -> None:
    """All cards on a grid within a box; the first are at the top."""
    for each, (x, y, side, high) in zip(shown, _grid(len(shown), box, 1.1) if shown else (), strict=True):
        card = _card(each, (round(side * 0.9), round(high * 0.88)))
        picture.paste(card, (round(x - card.width / 2), round(y - card.height / 2)), card)


def _grid(number: int, box: Box, broad: float) -> list[tuple[float, float, float, float]]:
    """Middle, width and height of so many places, as large as they can be, `broad` times as high as wide at most."""
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    columns = max(range(1, number + 1), key=lambda n: min(wide / n, tall * broad / -(-number // n)))
    rows = -(-number // columns)
    side, high = wide / columns, min(tall / rows, wide / columns * broad)
    places = []
    for place in range(number):
        row, column = divmod(place, columns)
        here = min(columns, number - row * columns)
        x, y = column - (here - 1) / 2, row - (rows - 1) / 2
        places.append(((left + right) / 2 + x * side, (top + bottom) / 2 + y * high, side, high))
    return places


def _card(shown: Shown, size: tuple[int, int]) -> Image.Image:
    wide, tall = size[0] * _FINE, size[1] * _FINE
    card = Image.new("RGBA", (wide, tall))
    pen, edge = ImageDraw.Draw(card), round(min(wide, tall) * 0.06)
    pen.rounded_rectangle((0, edge // 2, wide - 1, tall - 1), edge * 2, (30, 34, 50, 90))
    pen.rounded_rectangle((0, 0, wide - 1, tall - 1 - edge // 2), edge * 2, (*_PAPER, 255))
    if shown.label.startswith('"'):
        pen.rectangle((edge, edge, wide - edge, tall - edge * 1.5), outline=_INK, width=max(2, edge // 3))
        _write(pen, shown.label.strip('"'), (edge * 2, edge * 2, wide - edge * 2, tall - edge * 3), bold=True)
    else:
        middle = round(tall * 0.6)
        _emblems(pen, shown, (edge, edge, wide - edge, middle))
        _write(pen, shown.told, (edge, middle, wide - edge, tall - edge * 2))
    return card.reduce(_FINE)


def _emblems(pen: ImageDraw.ImageDraw, shown: Shown, box: Box) -> None:
    """One for each specimen, all alike: a figure of the thing's own, in its colour."""
    chance = dice("emblem", shown.label)
    own = list(PIGMENTS.values())[chance.randrange(8)]
    tone = PIGMENTS.get(shown.colour, mix(own, (150, 142, 136), 0.7))
    corners, turn = chance.randint(3, 8), chance.randrange(360)
    for x, y, side, high in _grid(shown.number, box, 1.0):
        for share, shade in ((0.44, 0.8), (0.38, 1.0), (0.22, 1.35), (0.1, 0.8)):
            pen.regular_polygon((x, y, min(side, high) * share), corners, turn, shaded(tone, shade))


def _write(pen: ImageDraw.ImageDraw, text: str, box: Box, bold: bool = False) -> None:
    """The words as large as they fit; where no font has them, the emblem alone stands for them."""
    left, top, right, bottom = box
    for size in range(round((bottom - top) * (0.5 if bold else 0.34)), 5, -2):
        font = _font(text, size)
        if font is None:
            return
        letters = int((right - left) * len(text) / max(1, font.getlength(text)))
        lines = fill(text, max(1, letters), break_long_words=bool(CJK.search(text)) or size < _SMALL)
        told: dict[str, Any] = {"text": lines, "font": font, "align": "center"}
        told |= {"xy": ((left + right) / 2, (top + bottom) / 2), "anchor": "mm", "stroke_width": int(bold) * size // 24}
        found = pen.multiline_textbbox(**told)
        if found[0] >= left and found[1] >= top:
            pen.multiline_text(fill=_INK, **told)
            return


@lru_cache(maxsize=256)
def _font(text: str, size: int) -> Font | None:
    """The first that has every letter; what it lacks, a font draws as it draws a sign that nobody has."""
    for font in (ImageFont.load_default(size), *(ImageFont.truetype(path, size) for path in _cjk_fonts())):
        missing = bytes(font.getmask("\U000e0fff"))
        if all(bytes(font.getmask(letter)) != missing or letter == " " for letter in set(text)):
            return font
    return None


@lru_cache(maxsize=1)
def _cjk_fonts() -> list[Path]:
    """One at most."""
    return [path for name in _CJK_FONTS for home in _FONT_HOMES for path in Path(home).rglob(name)][:1]
