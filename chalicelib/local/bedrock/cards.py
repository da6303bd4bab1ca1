"""A card for everything that cannot be drawn as scenery: its own words, and as many emblems as there are of it."""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .art import PIGMENTS
from .canvas import Point, mix, shaded
from .chance import dice
from .strip import Shown

_FINE = 2
_PAPER, _INK = (250, 246, 238), (52, 50, 62)
_CJK_FONTS = ("NotoSansCJK*-Regular*", "NotoSansJP-Regular*", "NotoSerifCJK*-Regular*")
_FONT_HOMES = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def paint_cards(picture: Image.Image, shown: Sequence[Shown], box: tuple[int, int, int, int]) -> None:
    """All cards on a grid within a box; the first are at the top."""
    left, top, right, bottom = box
    if not shown or right - left < 24 or bottom - top < 24:
        return
    wide, tall = right - left, bottom - top
    columns, rows = _grid(len(shown), wide, tall * 1.1)
    size = (wide / columns, min(tall / rows, wide / columns * 1.1))
    start = top + (tall - size[1] * rows) / 2
    for number, each in enumerate(shown):
        row, column = divmod(number, columns)
        here = min(columns, len(shown) - row * columns)
        x = left + (wide - here * size[0]) / 2 + column * size[0]
        card = _card(each, (round(size[0] * 0.9), round(size[1] * 0.88)))
        picture.paste(card, (round(x + size[0] * 0.05), round(start + row * size[1] + size[1] * 0.06)), card)


def _grid(number: int, wide: float, tall: float) -> tuple[int, int]:
    """Columns and rows in which so many squares are largest."""
    columns = max(range(1, number + 1), key=lambda n: min(wide / n, tall / -(-number // n)))
    return columns, -(-number // columns)


def _card(shown: Shown, size: tuple[int, int]) -> Image.Image:
    wide, tall = max(8, size[0]) * _FINE, max(8, size[1]) * _FINE
    card = Image.new("RGBA", (wide, tall))
    pen, edge = ImageDraw.Draw(card), round(min(wide, tall) * 0.06)
    pen.rounded_rectangle((0, edge // 2, wide - 1, tall - 1), edge * 2, (30, 34, 50, 90))
    pen.rounded_rectangle((0, 0, wide - 1, tall - 1 - edge // 2), edge * 2, (*_PAPER, 255))
    if shown.label.startswith('"'):
        pen.rectangle((edge, edge, wide - edge, tall - edge * 1.5), outline=_INK, width=max(2, edge // 3))
        _write(card, shown.label.strip('"'), (edge * 2, edge * 2, wide - edge * 2, tall - edge * 3), bold=True)
    else:
        label = shown.label if shown.number == 1 else f"{shown.number} × {shown.label}"
        middle = round(tall * 0.6)
        _emblems(card, shown, (edge, edge, wide - edge, middle))
        _write(
            card, f"{label} ({shown.colour})" if shown.colour else label, (edge, middle, wide - edge, tall - edge * 2)
        )
    return card.reduce(_FINE)


def _emblems(card: Image.Image, shown: Shown, box: tuple[int, int, int, int]) -> None:
    """One for each specimen, all alike: a pattern of the thing's own, in its colour."""
    pen, (left, top, right, bottom) = ImageDraw.Draw(card), box
    wide, tall = right - left, bottom - top
    columns, rows = _grid(shown.number, wide, tall)
    side = min(wide / columns, tall / rows)
    chance = dice("emblem", shown.label)
    own = list(PIGMENTS.values())[chance.randrange(8)]
    tone = PIGMENTS.get(shown.colour, mix(own, (150, 142, 136), 0.7))
    corners, turn = chance.randint(3, 8), chance.random()
    for number in range(shown.number):
        row, column = divmod(number, columns)
        here = min(columns, shown.number - row * columns)
        x = left + (wide - here * side) / 2 + (column + 0.5) * side
        y = top + (tall - rows * side) / 2 + (row + 0.5) * side
        for share, shade in ((0.44, 0.8), (0.4, 1.0), (0.22, 1.35), (0.1, 0.8)):
            pen.polygon(_star((x, y), side * share, corners, turn), (*shaded(tone, shade), 255))


def _star(centre: Point, reach: float, corners: int, turn: float) -> list[Point]:
    turns = [(turn + math.pi * step / corners, reach * (1 if step % 2 else 0.78)) for step in range(corners * 2)]
    return [(centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)) for angle, far in turns]


def _write(card: Image.Image, text: str, box: tuple[float, float, float, float], bold: bool = False) -> None:
    """The words as large as they fit; where no font has them, the emblem alone stands for them."""
    pen, (left, top, right, bottom) = ImageDraw.Draw(card), box
    for size in range(round((bottom - top) * (0.5 if bold else 0.34)), 5, -2):
        font = _font(text, size)
        if font is None:
            return
        lines = _wrapped(text, font, right - left)
        if len(lines) * size * 1.25 <= bottom - top and max(font.getlength(line) for line in lines) <= right - left:
            for number, line in enumerate(lines):
                y = (top + bottom - len(lines) * size * 1.25) / 2 + number * size * 1.25
                pen.text(((left + right) / 2, y), line, _INK, font, anchor="ma", stroke_width=int(bold) * size // 24)
            return


def _wrapped(text: str, font: Font, wide: float) -> list[str]:
    """Lines broken at spaces, or anywhere in a text without."""
    parts, joint = (text.split(" "), " ") if " " in text else (list(text), "")
    lines = [parts[0]]
    for part in parts[1:]:
        if font.getlength(lines[-1] + joint + part) <= wide:
            lines[-1] += joint + part
        else:
            lines.append(part)
    return lines


@lru_cache(maxsize=256)
def _font(text: str, size: int) -> Font | None:
    plain = ImageFont.load_default(size)
    for font in (plain, *(ImageFont.truetype(path, size) for path in _cjk_fonts())):
        missing = bytes(font.getmask("\U000e0fff"))
        if all(bytes(font.getmask(letter)) != missing or letter == " " for letter in set(text)):
            return font
    return None


@lru_cache(maxsize=1)
def _cjk_fonts() -> tuple[str, ...]:
    homes = [Path(home) for home in _FONT_HOMES if Path(home).is_dir()]
    found = [str(path) for name in _CJK_FONTS for home in homes for path in home.rglob(name)]
    return tuple(found[:1])
