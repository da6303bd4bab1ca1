"""What the ground is made of: mountains, hills, meadow, desert, beach, river, waterfall."""

import math
from random import Random

from ..tones import palette
from .colour import Colour, mix
from .layout import Band, Layout
from .stage import Point, Stage

_BARE = {"day": ((150, 160, 118), (84, 104, 70)), "dusk": ((122, 92, 96), (58, 46, 62)), "night": ((40, 56, 76), (13, 21, 33))}
_SNOWY = {"day": ((232, 239, 244), (208, 222, 233)), "dusk": ((228, 192, 200), (176, 150, 176)), "night": ((134, 152, 186), (84, 104, 146))}


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


def paint_mountains(stage: Stage, layout: Layout, haze: Colour) -> None:
    """A pale far range, then peaks with a lit and a shaded flank and snow on top."""
    chance = stage.dice("mountains")
    lit, shade, snow = palette("mountains", stage.light)
    _far_range(stage, layout, mix(haze, lit, 0.42), 0.17, chance)
    _far_range(stage, layout, mix(haze, lit, 0.72), 0.1, chance)
    peaks = []
    for slot, tall in ((0.16, 0.30), (0.84, 0.32), (0.37, 0.24), (0.66, 0.22), (-0.03, 0.19), (1.02, 0.2)):
        height = layout.height * tall * (0.85 + 0.3 * chance.random())
        peaks.append((layout.width * (slot + 0.06 * (chance.random() - 0.5)), height))
    for x, height in peaks:
        _peak(stage, (x, layout.horizon + 2), height, (lit, shade, snow), chance)
    _ground_mist(stage, layout, haze)


def _far_range(stage: Stage, layout: Layout, colour: Colour, tall: float, chance: Random) -> None:
    points: list[Point] = [(0, layout.horizon + 2)]
    steps = 9
    heights = [layout.height * tall * (0.35 + 0.65 * chance.random()) for _ in range(steps + 1)]
    ridge = [(layout.width * step / steps, layout.horizon - heights[step]) for step in range(steps + 1)]
    for before, after in zip(ridge, ridge[1:], strict=False):
        points += _jagged(before, after, 0.14, 3, chance)
    stage.fill([*points, (layout.width, layout.horizon + 2)], colour)


def _peak(stage: Stage, foot: Point, height: float, colours: tuple[Colour, Colour, Colour], chance: Random) -> None:
    lit, shade, snow = colours
    x, base = foot
    width = height * (1.15 + 0.3 * chance.random())
    apex = (x, base - height)
    left = _jagged((x - width, base), apex, 0.055, 4, chance)
    right = _jagged(apex, (x + width, base), 0.055, 4, chance)
    spine = _jagged(apex, (x + width * 0.16, base), 0.1, 4, chance)
    stage.fill([*left, apex, *right, (x + width, base)], lit)
    stage.fill([apex, *right, (x + width, base), (x + width * 0.16, base), *reversed(spine)], shade)
    for _ in range(3):
        _gully(stage, x, base, height, width, mix(lit, shade, 0.55), chance)
    line = base - height * (0.6 + 0.06 * chance.random())
    cap_left = [point for point in left if point[1] <= line]
    cap_right = [point for point in right if point[1] <= line]
    cap_spine = [point for point in spine if point[1] <= line]
    if not (cap_left and cap_right and cap_spine):
        return
    drips = _drips(cap_left[0], cap_spine[-1], height * 0.07, chance)
    stage.fill([*cap_left, apex, *cap_spine, *reversed(drips)], snow)
    drips = _drips(cap_spine[-1], cap_right[-1], height * 0.07, chance)
    stage.fill([apex, *cap_right, *reversed(drips), *reversed(cap_spine)], mix(snow, shade, 0.38))


def _gully(stage: Stage, x: float, base: float, height: float, width: float, colour: Colour, chance: Random) -> None:
    share = 0.2 + 0.5 * chance.random()
    top = (x - width * share * 0.62, base - height * (1 - share) * 0.86)
    end = (top[0] - width * 0.06, min(base, top[1] + height * 0.34))
    stage.fill([top, (end[0] + width * 0.12, end[1]), end], colour)


def _drips(start: Point, end: Point, depth: float, chance: Random) -> list[Point]:
    """A zigzag from start to end, as snow reaches down gullies."""
    steps = 6
    points = [start]
    for step in range(1, steps):
        share = step / steps
        x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        points.append((x, y + depth * (1.0 if step % 2 else -0.35) * (0.6 + 0.8 * chance.random())))
    return [*points, end]


def _jagged(start: Point, end: Point, roughness: float, depth: int, chance: Random) -> list[Point]:
    """Points from start to end without end, displaced at right angles, finer and finer."""
    if depth == 0:
        return [start]
    shift = (chance.random() - 0.5) * 2 * roughness
    middle = (
        (start[0] + end[0]) / 2 + (end[1] - start[1]) * shift,
        (start[1] + end[1]) / 2 - (end[0] - start[0]) * shift * 0.5,
    )
    return _jagged(start, middle, roughness, depth - 1, chance) + _jagged(middle, end, roughness, depth - 1, chance)


def _ground_mist(stage: Stage, layout: Layout, haze: Colour) -> None:
    from PIL import Image

    rows = round(layout.height * 0.09)
    mask = Image.linear_gradient("L").resize((stage.width, rows)).point([round(level * 0.62) for level in range(256)])
    stage.veil(mask, haze, (0, round(layout.horizon) - rows))


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
        blades.append([(x - 1.6 * stage.unit, y), (x + tall * 0.3 * (chance.random() - 0.5), y - tall), (x + 1.6 * stage.unit, y)])
    stage.fill_all(blades[::2], blade)
    stage.fill_all(blades[1::2], mix(deep, (0, 0, 0), 0.16))


def paint_desert(stage: Stage, layout: Layout, band: Band) -> None:
    """Dunes with a lit and a shaded side."""
    chance = stage.dice("desert")
    bright, shade, crest_light = palette("desert", stage.light)
    top, bottom = band
    stage.gradient(top, bottom, ((0.0, mix(bright, shade, 0.3)), (1.0, mix(bright, shade, 0.6))))
    for number in range(4):
        y = top + (bottom - top) * (0.02 + 0.24 * number)
        x = layout.width * (0.2 + 0.6 * chance.random())
        rise = (40 + 40 * number) * stage.unit
        crest = [(x + (bottom - y) * 0.5 * t + rise * math.sin(3 * t), y + (bottom - y) * t) for t in (0, 0.2, 0.4, 0.6, 0.8, 1.0)]
        stage.fill([(-layout.width * 0.3, y + rise), *_slope((-layout.width * 0.3, y + rise), (x, y)), *crest, (0, bottom), (-layout.width * 0.3, bottom)], bright)
        stage.fill([*crest, (layout.width * 1.3, bottom), (layout.width * 1.3, y + rise * 1.4), *_slope((layout.width * 1.3, y + rise * 1.4), (x, y))], shade)
        stage.line(crest, max(4.0, 5 * stage.unit), crest_light)


def _slope(start: Point, end: Point) -> list[Point]:
    """A line that hangs a little, as sand does."""
    return [
        (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t**1.6) for t in (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
    ]


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
    brow = _jagged((edge, top - layout.height * 0.05), (x - side * layout.width * 0.13, top + layout.height * 0.03), 0.05, 3, chance)
    flank = _jagged((x - side * layout.width * 0.13, top + layout.height * 0.03), (x - side * layout.width * 0.19, foot), 0.05, 3, chance)
    stage.fill([(edge, foot), *brow, *flank, (x - side * layout.width * 0.19, foot)], rock)
    half = layout.width * 0.035
    stage.fill([(x - half, top), (x + half, top), (x + half * 1.5, foot), (x - half * 1.5, foot)], white)
    for number in range(6):
        shift = half * (-0.8 + 0.32 * number)
        stage.fill([(x + shift, top + 9), (x + shift + half * 0.14, top + 9), (x + shift * 1.4 + half * 0.1, foot), (x + shift * 1.4, foot)], (blue, pale)[number % 2])
    stage.glow((x, foot), half * 4, half * 1.4, (240, 248, 252), 0.8)


def wave(width: float, height: float, amplitude: float, chance: Random) -> list[Point]:
    """A gently waving line across the picture, left to right."""
    phases = [chance.random() * 2 * math.pi for _ in range(3)]
    steps = 48
    return [
        (
            width * step / steps,
            height + amplitude * (
                0.6 * math.sin(5 * step / steps + phases[0]) + 0.3 * math.sin(12 * step / steps + phases[1])
                + 0.15 * math.sin(29 * step / steps + phases[2])
            ),
        )
        for step in range(steps + 1)
    ]


def lens(centre: Point, half_width: float, half_height: float) -> list[Point]:
    """A flat pointed shape, as light lies on water."""
    x, y = centre
    return [
        (x - half_width, y), (x - half_width * 0.4, y - half_height), (x + half_width * 0.4, y - half_height),
        (x + half_width, y), (x + half_width * 0.4, y + half_height), (x - half_width * 0.4, y + half_height),
    ]
