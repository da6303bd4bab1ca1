"""What the ground is made of: bare soil, hills, meadow, desert, beach, river, waterfall."""

import math

from ..tones import Palette, palette
from .colour import mix
from .layout import Band, Layout
from .lines import jagged, lens, wave
from .stage import Point, Stage

_BARE = {
    "day": ((150, 160, 118), (84, 104, 70)),
    "dusk": ((122, 92, 96), (58, 46, 62)),
    "night": ((40, 56, 76), (13, 21, 33)),
}
_SNOWY = {
    "day": ((232, 239, 244), (208, 222, 233)),
    "dusk": ((228, 192, 200), (176, 150, 176)),
    "night": ((134, 152, 186), (84, 104, 146)),
}


def paint_land(stage: Stage, layout: Layout, elements: set[str]) -> None:
    """Bare ground for things to stand on."""
    if layout.land is None:
        return
    far, near = (_SNOWY if "snow" in elements else _BARE)[stage.light]
    top, bottom = layout.land
    chance = stage.dice("land")
    shore = wave(layout.width, top + 4 * stage.unit, 7 * stage.unit, chance)
    stage.fill([*shore, (layout.width, bottom), (0, bottom)], far)
    stage.gradient(top + 14 * stage.unit, bottom, ((0.0, far), (1.0, near)))


def paint_hills(stage: Stage, layout: Layout) -> None:
    """Round hills in two greens, reaching a little above the horizon."""
    chance = stage.dice("hills")
    near, middle, far = palette("hills", stage.light)
    for colour, lift in ((far, 0.085), (middle, 0.055), (near, 0.02)):
        top = wave(layout.width, layout.horizon - layout.height * lift, layout.height * 0.035, chance)
        foot = layout.horizon + layout.height * 0.03
        stage.fill([*top, (layout.width, foot), (0, foot)], colour)


def paint_meadow(stage: Stage, layout: Layout, band: Band) -> None:
    """Grass in soft swathes, with tufts in front."""
    chance = stage.dice("meadow")
    bright, deep, blade = palette("meadow", stage.light)
    top, bottom = band
    for number, colour in enumerate((bright, deep, blade, bright, deep)):
        height = top + (bottom - top) * (0.05 + 0.2 * number)
        stage.fill([*wave(layout.width, height, 12 * stage.unit, chance), (layout.width, bottom), (0, bottom)], colour)
    blades = []
    for _ in range(110):
        x, y = chance.random() * layout.width, top + (bottom - top) * (0.2 + 0.8 * chance.random())
        tall = stage.unit * (8 + 30 * (y - top) / (bottom - top))
        blades.append(
            [(x - 1.6 * stage.unit, y), (x + tall * 0.3 * (chance.random() - 0.5), y - tall), (x + 1.6 * stage.unit, y)]
        )
    stage.fill_all(blades[::2], blade)
    stage.fill_all(blades[1::2], mix(deep, (0, 0, 0), 0.16))


def paint_desert(stage: Stage, layout: Layout, band: Band) -> None:
    """Dunes with a lit and a shaded side and a bright crest."""
    chance = stage.dice("desert")
    bright, shade, gleam = palette("desert", stage.light)
    top, bottom = band
    stage.gradient(top, bottom, ((0.0, mix(bright, shade, 0.25)), (1.0, mix(bright, shade, 0.5))))
    for number in range(6):
        t = number / 5
        foot = top + (bottom - top) * (0.1 + 0.85 * t**1.2)
        x = layout.width * ((number * 0.618 + 0.2 + 0.1 * chance.random()) % 1)
        summit = (x, foot - stage.unit * (46 + 110 * t))
        _dune(stage, summit, foot, layout.width * (0.3 + 0.3 * t), (bright, shade, gleam))


def _dune(stage: Stage, summit: Point, foot: float, half: float, colours: Palette) -> None:
    """A hump whose crest winds down towards the onlooker and parts its sides."""
    bright, shade, gleam = colours
    x, y = summit
    steps = [step / 20 for step in range(-20, 21)]
    slope = [(x + half * step, foot - (foot - y) * math.exp(-((step * 1.9) ** 2))) for step in steps]
    deep = foot + (foot - y) * 0.5
    stage.fill([*slope, (x + half * 0.5, deep), (x - half * 0.5, deep)], bright)
    crest = [(x + half * 0.3 * math.sin(2.2 * t) * t, y + (deep - y) * t) for t in (step / 12 for step in range(13))]
    stage.fill([*slope[20:], (x + half * 0.5, deep), *reversed(crest)], shade)
    stage.line(slope[11:21], max(4.0, 4 * stage.unit), gleam)


def paint_beach(stage: Stage, layout: Layout, band: Band) -> None:
    """Sand from the water's edge down, wet where the waves reach."""
    chance = stage.dice("beach")
    dry, wet, pebble = palette("beach", stage.light)
    top, bottom = band
    deep = bottom - top
    for share, colour in ((-0.01, mix(wet, (255, 255, 255), 0.55)), (0.02, wet), (0.14, dry)):
        edge = wave(layout.width, top + deep * share, 9 * stage.unit, chance)
        stage.fill([*edge, (layout.width, bottom), (0, bottom)], colour)
    for _ in range(26):
        x, y = chance.random() * layout.width, top + deep * (0.2 + 0.75 * chance.random())
        stage.mark((x, y), stage.unit * (6 + 9 * chance.random()), stage.unit * 5, pebble)


def paint_river(stage: Stage, layout: Layout) -> None:
    """A river that winds towards the onlooker and widens."""
    assert layout.land
    chance = stage.dice("river")
    water, glint, deep = palette("river", stage.light)
    top, bottom = layout.land
    phase, sway = chance.random() * 6, layout.width * (0.09 + 0.05 * chance.random())
    left, right, middle = [], [], []
    for step in range(41):
        t = step / 40
        centre = layout.width * 0.5 + sway * math.sin(phase + 6 * t) * (0.35 + t)
        half = layout.width * (0.008 + 0.11 * t**1.7)
        y = top + (bottom - top) * t
        left.append((centre - half, y))
        right.append((centre + half, y))
        middle.append((centre, y, half))
    stage.fill([*left, *reversed(right)], water)
    for x, y, half in middle[8::3]:
        shift = half * (chance.random() - 0.5)
        stage.fill(lens((x + shift, y), half * 0.4, max(2.5 * stage.unit, half * 0.035)), glint)
        stage.fill(lens((x - shift, y + half * 0.1), half * 0.45, max(2.5 * stage.unit, half * 0.035)), deep)


def paint_waterfall(stage: Stage, layout: Layout) -> None:
    """A cliff on the side away from the moon, and water falling over it."""
    chance = stage.dice("waterfall")
    white, blue, pale = palette("waterfall", stage.light)
    rock = {"day": (104, 110, 112), "dusk": (92, 74, 88), "night": (34, 42, 60)}[stage.light]
    side = -1 if layout.moon_x > layout.width / 2 else 1
    edge = 0.0 if side < 0 else float(layout.width)
    x = edge - side * layout.width * 0.2
    foot, top = layout.horizon + layout.height * 0.05, layout.horizon - layout.height * 0.32
    brow = jagged(
        (edge, top - layout.height * 0.05),
        (x - side * layout.width * 0.13, top + layout.height * 0.03),
        0.05,
        3,
        chance,
    )
    flank = jagged(
        (x - side * layout.width * 0.13, top + layout.height * 0.03),
        (x - side * layout.width * 0.19, foot),
        0.05,
        3,
        chance,
    )
    stage.fill([(edge, foot), *brow, *flank, (x - side * layout.width * 0.19, foot)], rock)
    half = layout.width * 0.035
    stage.fill([(x - half, top), (x + half, top), (x + half * 1.5, foot), (x - half * 1.5, foot)], white)
    for number in range(6):
        shift = half * (-0.8 + 0.32 * number)
        stage.fill(
            [
                (x + shift, top + 9),
                (x + shift + half * 0.14, top + 9),
                (x + shift * 1.4 + half * 0.1, foot),
                (x + shift * 1.4, foot),
            ],
            (blue, pale)[number % 2],
        )
    stage.glow((x, foot), half * 4, half * 1.4, (240, 248, 252), 0.8)
