"""What lies below the sky: mountains and hills, water, ground, and the weather in front of it all."""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from PIL import Image

from .canvas import Canvas, Colour, Point, mix, rgb

_RANGES = (
    ((0.16, 0.30), (0.84, 0.32), (0.37, 0.24), (0.66, 0.22), (-0.03, 0.19), (1.02, 0.2)),
    ((0.48, 0.37), (0.14, 0.22), (0.86, 0.25), (0.3, 0.19), (0.7, 0.2), (1.03, 0.17)),
    ((0.24, 0.38), (0.55, 0.24), (0.0, 0.22), (0.9, 0.28), (0.74, 0.16), (0.4, 0.17)),
)
_ROCK = {"day": "#7e92af #586b8f #f1f6fa", "dusk": "#9b657e #614470 #ffdbcb", "night": "#364c7d #21305b #abc1e6"}
_SEA = {"day": "#246a96 #96d0dc", "dusk": "#5c467a #f6a88a", "night": "#0f2446 #487aa8"}
_LAKE = {"day": "#c4e4ec #3c8098", "dusk": "#ffc8b0 #7a547c", "night": "#6286b8 #162a50"}
_GROUND = {
    "bare": "#96a076 #54684a",
    "snow": "#f0f4fa #c8d8ea",
    "meadow": "#a3d271 #62a042",
    "desert": "#f6d296 #ce9254",
    "beach": "#f0dcac #dec28c",
}
_EARTH: dict[str, Colour] = {"day": (62, 82, 60), "dusk": (52, 40, 58), "night": (12, 20, 34)}


def _tones(row: str) -> list[Colour]:
    return [rgb(text) for text in row.split()]


def wave(width: float, height: float, swing: float, chance: Random) -> list[Point]:
    """A gently waving line across the picture, left to right."""
    one, two, three = (chance.random() * 2 * math.pi for _ in range(3))
    steps = [step / 48 for step in range(49)]
    return [
        (
            width * t,
            height
            + swing * (0.6 * math.sin(5 * t + one) + 0.3 * math.sin(12 * t + two) + 0.15 * math.sin(29 * t + three)),
        )
        for t in steps
    ]


def _jagged(start: Point, end: Point, rough: float, depth: int, chance: Random) -> list[Point]:
    if not depth:
        return [start]
    (x, y), (u, v), shift = start, end, (chance.random() - 0.5) * 2 * rough
    middle = ((x + u) / 2 + (v - y) * shift, (y + v) / 2 - (u - x) * shift * 0.5)
    return _jagged(start, middle, rough, depth - 1, chance) + _jagged(middle, end, rough, depth - 1, chance)


def paint_mountains(canvas: Canvas, horizon: float, haze: Colour, open_sky: bool) -> None:
    """Pale far ranges, then peaks with a lit and a shaded flank and snow, and mist at their feet."""
    chance, (lit, shade, snow) = canvas.dice("mountains"), _tones(_ROCK[canvas.light])
    for tall, strength in ((0.17, 0.42), (0.1, 0.72)):
        ridge = [
            (canvas.width * step / 9, horizon - canvas.height * tall * (0.35 + 0.65 * chance.random()))
            for step in range(10)
        ]
        points = [p for a, b in pairwise(ridge) for p in _jagged(a, b, 0.14, 3, chance)]
        canvas.fill([(0, horizon + 2), *points, ridge[-1], (canvas.width, horizon + 2)], mix(haze, lit, strength))
    for slot, tall in _RANGES[0 if open_sky else chance.randrange(3)]:
        height = canvas.height * tall * (0.85 + 0.3 * chance.random())
        _peak(
            canvas,
            (canvas.width * (slot + 0.06 * (chance.random() - 0.5)), horizon + 2),
            height,
            (lit, shade, snow),
            chance,
        )
    rows = round(canvas.height * 0.09)
    mist = Image.linear_gradient("L").resize((canvas.width, rows)).point([round(level * 0.62) for level in range(256)])
    canvas.image.paste(haze, (0, round(horizon) - rows), mist)


def _peak(canvas: Canvas, foot: Point, height: float, tones: Sequence[Colour], chance: Random) -> None:
    (x, base), (lit, shade, snow) = foot, tones
    width, apex = height * (1.15 + 0.3 * chance.random()), (x, base - height)
    left = _jagged((x - width, base), apex, 0.055, 4, chance)
    right = [*_jagged(apex, (x + width, base), 0.055, 4, chance), (x + width, base)]
    spine = [*_jagged(apex, (x + width * 0.16, base), 0.1, 4, chance), (x + width * 0.16, base)]
    canvas.fill([*left, *right], lit)
    canvas.fill([*right, *reversed(spine)], shade)
    line = base - height * (0.6 + 0.06 * chance.random())
    caps = [[point for point in side if point[1] <= line] or [apex] for side in (left[::-1], spine, right)]
    for first, second, tone in ((caps[0], caps[1], snow), (caps[1], caps[2], mix(snow, shade, 0.38))):
        canvas.fill([*reversed(first), apex, *second, *_drips(second[-1], first[-1], height * 0.07, chance)], tone)


def _drips(start: Point, end: Point, deep: float, chance: Random) -> list[Point]:
    (x, y), (u, v) = start, end
    falls = [deep * (1.0 if step % 2 else -0.35) * (0.6 + 0.8 * chance.random()) for step in range(1, 6)]
    return [(x + (u - x) * step / 6, y + (v - y) * step / 6 + fall) for step, fall in enumerate(falls, 1)]


def paint_hills(canvas: Canvas, horizon: float) -> None:
    """Round hills in three greens."""
    chance = canvas.dice("hills")
    for tone, lift in (("#98c174", 0.085), ("#7aac5c", 0.055), ("#568e50", 0.02)):
        top = wave(canvas.width, horizon - canvas.height * lift, canvas.height * 0.035, chance)
        canvas.fill(
            [*top, (canvas.width, horizon + 40 * canvas.unit), (0, horizon + 40 * canvas.unit)], canvas.lit(rgb(tone))
        )


def paint_city(canvas: Canvas, horizon: float) -> None:
    """Two rows of towers on the horizon, with windows alight."""
    chance, tones = (
        canvas.dice("city"),
        {"day": "#94a4b8 #70829c #e4f0f6", "dusk": "#685278 #483860 #ffde8e", "night": "#242a4a #181c38 #ffda86"},
    )
    far, near, window = _tones(tones[canvas.light])
    for row, tone in enumerate((far, near)):
        x = -20.0 * row * canvas.unit
        while x < canvas.width:
            wide, middle = canvas.unit * (34 + 46 * chance.random()), 1 - abs(x / canvas.width - 0.5) * 1.2
            tall = canvas.height * (0.06 + 0.26 * chance.random() * middle) * (1 - 0.3 * row)
            canvas.pen.rectangle((x, horizon + 3 - tall, x + wide, horizon + 3), tone)
            step = 13 * canvas.unit
            for column in range(1, int(wide / step)):
                for floor in range(1, int(tall / step)):
                    if chance.random() < 0.4:
                        left, top = x + step * column, horizon - tall + step * floor
                        canvas.pen.rectangle((left, top, left + step * 0.3, top + step * 0.45), window)
            x += wide * (0.86 + 0.3 * chance.random())


def paint_sea(canvas: Canvas, top: float, bottom: float, haze: Colour, lights: Sequence[tuple[float, Colour]]) -> None:
    """The sea; `lights` leave a path of glitter below them."""
    chance, (deep, glint) = canvas.dice("sea"), _tones(_SEA[canvas.light])
    warm = canvas.light == "night" and haze[0] > haze[2]
    far = mix((112, 78, 128) if warm else haze, deep, 0.4 if warm else 0.66)
    canvas.gradient(
        top, bottom, ((0, far), (0.14, mix(far, deep, 0.5)), (0.45, deep), (1, mix(deep, (2, 8, 24), 0.35)))
    )
    for x, tone in lights:
        canvas.glow((x, top), canvas.unit * 190, (bottom - top) * 0.8, tone, 0.42, below=top)
        for row in range(46):
            t = (row + chance.random()) / 46
            for _ in range(2):
                aside = canvas.unit * (46 + 105 * t) * (chance.random() + chance.random() - 1)
                half = canvas.unit * (9 + 46 * t) * (0.4 + chance.random())
                _lens(
                    canvas,
                    (x + aside, top + (bottom - top) * t**1.25),
                    half,
                    canvas.unit * (1.3 + 3.2 * t),
                    mix(tone, (255, 255, 255), 0.25 * chance.random()),
                )
    _ripples(canvas, top, bottom, 96, (glint, deep))


def _lens(canvas: Canvas, centre: Point, half: float, tall: float, tone: Colour) -> None:
    x, y = centre
    near = half * 0.4
    canvas.fill(
        [
            (x - half, y),
            (x - near, y - tall),
            (x + near, y - tall),
            (x + half, y),
            (x + near, y + tall),
            (x - near, y + tall),
        ],
        tone,
    )


def _ripples(canvas: Canvas, top: float, bottom: float, number: int, tones: Sequence[Colour]) -> None:
    chance = canvas.dice("ripples")
    for count in range(number):
        t = chance.random() ** 1.3
        place = (chance.random() * canvas.width, top + (bottom - top) * (0.03 + 0.95 * t))
        _lens(
            canvas,
            place,
            canvas.unit * (10 + 62 * t) * (0.5 + chance.random()),
            canvas.unit * (0.9 + 3 * t),
            tones[count % 3 > 0],
        )


def paint_lake(canvas: Canvas, top: float, bottom: float) -> None:
    """A lake that mirrors what stands behind it, with a dark near shore and reeds."""
    chance, (bright, deep) = canvas.dice("lake"), _tones(_LAKE[canvas.light])
    height, start = round(bottom - top + 24 * canvas.unit), round(top)
    above = canvas.image.crop((0, max(0, start - round(height * 1.25)), canvas.width, start))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((canvas.width, height))
    depth = Image.linear_gradient("L").resize(mirror.size).point([round(36 + level * 0.5) for level in range(256)])
    mirror.paste(deep, (0, 0), depth)
    step = max(1, round(2 * canvas.unit))
    for y in range(0, height, step):
        t, at = y / height, y / canvas.unit
        shift = canvas.unit * ((1 + 9 * t) * math.sin(at * (0.42 - 0.2 * t)) + 3 * t * math.sin(at * 0.11))
        canvas.image.paste(mirror.crop((0, y, canvas.width, min(height, y + step))), (0, start + y))
        canvas.image.paste(mirror.crop((0, y, canvas.width, min(height, y + step))), (round(shift), start + y))
    _ripples(canvas, top, bottom, 60, (bright, deep))
    canvas.line(((0, top), (canvas.width, top)), 2 * canvas.unit, mix(bright, deep, 0.35))
    earth = _EARTH[canvas.light]
    for lower, tone in ((0, earth), (46, mix(earth, (0, 0, 0), 0.28))):
        edge = wave(canvas.width, bottom + lower * canvas.unit, 16 * canvas.unit, chance)
        canvas.fill([*edge, (canvas.width, canvas.height), (0, canvas.height)], tone)
    for _ in range(70):
        side, tall = chance.random() ** 1.6 * 0.36, canvas.unit * (40 + 80 * chance.random())
        x, foot = (
            canvas.width * (side if chance.random() < 0.5 else 1 - side),
            bottom + canvas.unit * (14 + 30 * chance.random()),
        )
        lean = canvas.unit * 34 * (chance.random() - 0.5)
        canvas.fill(
            [(x - 2.2 * canvas.unit, foot), (x + lean, foot - tall), (x + 2.2 * canvas.unit, foot)],
            mix(earth, (0, 0, 0), 0.2),
        )


def paint_ice(canvas: Canvas, top: float, bottom: float) -> None:
    """Floes, small and dense far away, large and few in front, each with a face and an edge."""
    chance, (face, edge, gleam) = (
        canvas.dice("ice"),
        (mix(canvas.lit(rgb(tone)), rgb(tone), 0.5) for tone in ("#eaf7fc", "#7cc0e0", "#f7fcff")),
    )
    for number, t in enumerate(sorted(chance.random() ** 1.5 for _ in range(36))):
        x, y = (
            canvas.width * ((number * 0.381966 + 0.25 * chance.random()) % 1),
            top + (bottom - top) * (0.05 + 0.9 * t),
        )
        size = canvas.unit * (12 + 112 * t) * (0.55 + 0.75 * chance.random())
        turns = [2 * math.pi * corner / 9 + 0.35 * (chance.random() - 0.5) for corner in range(9)]
        reach = [size * (0.72 + 0.42 * chance.random()) for _ in turns]
        outline = [
            (x + far * math.cos(turn), y + 0.34 * far * math.sin(turn)) for turn, far in zip(turns, reach, strict=True)
        ]
        thick = max(2.5, size * 0.13)
        for lower, tone in (
            (1.9, mix(edge, (4, 14, 34), 0.6)),
            (1.0, edge),
            (0.5, edge),
            (0.0, mix(face, (255, 255, 255), 0.25)),
        ):
            canvas.fill([(px, py + thick * lower) for px, py in outline], tone)
        if size > 30 * canvas.unit:
            canvas.fill(
                [(x + (px - x) * 0.5 - size * 0.1, y + (py - y) * 0.42) for px, py in outline[1:7]],
                mix(gleam, (255, 255, 255), 0.4),
            )
            canvas.line((outline[2], (x, y), outline[6]), 1.6 * canvas.unit, mix(face, edge, 0.45))


def paint_ground(canvas: Canvas, top: float, names: set[str]) -> None:
    """Soil for things to stand on; several kinds lie one before the other."""
    chance = canvas.dice("ground")
    kinds: list[str] = [name for name in ("snow", "desert", "meadow", "beach") if name in names] or ["bare"]
    for number, kind in enumerate(kinds):
        far, near = (canvas.lit(tone) for tone in _tones(_GROUND[kind]))
        start = top + (canvas.height - top) * number / len(kinds)
        canvas.pen.rectangle((0, start, canvas.width, canvas.height), far)
        for band in range(6):
            edge = wave(
                canvas.width,
                start + (canvas.height - start) * band / 6 + 4 * canvas.unit,
                (7 + 2 * band) * canvas.unit,
                chance,
            )
            canvas.fill([*edge, (canvas.width, canvas.height), (0, canvas.height)], mix(far, near, band / 5))


def paint_forest(canvas: Canvas, top: float) -> None:
    """A far line of treetops; the near trees are things that stand alone."""
    chance, x = canvas.dice("forest"), 0.0
    while x < canvas.width:
        tall = canvas.unit * (50 + 60 * chance.random())
        canvas.fill(
            [(x - tall * 0.3, top + 9), (x, top - tall), (x + tall * 0.3, top + 9)],
            canvas.lit(mix((48, 104, 72), (120, 150, 150), chance.random() * 0.5)),
        )
        x += canvas.unit * (10 + 14 * chance.random())


def paint_river(canvas: Canvas, top: float, fall: bool) -> None:
    """A river that winds towards the onlooker, or a fall over a cliff."""
    chance, tone, pale = canvas.dice("river"), canvas.lit((92, 168, 200)), canvas.lit((222, 241, 246))
    if fall:
        x, high = canvas.width * 0.16, top - canvas.height * 0.3
        brow = _jagged((0, high - canvas.height * 0.04), (x * 1.7, high + canvas.height * 0.02), 0.08, 3, chance)
        canvas.fill([(0, top + 20), *brow, (x * 1.7, high), (x * 2.1, top + 20)], canvas.lit((104, 110, 112)))
        for number in range(9):
            left = x * (0.7 + 0.075 * number)
            canvas.fill(
                [(left, high), (left + x * 0.08, high), (left + x * 0.1, top + 24), (left, top + 24)],
                (pale, tone, pale)[number % 3],
            )
        canvas.glow((x * 1.05, top + 20), x, x * 0.3, pale, 0.9)
        return
    phase, banks = chance.random() * 6, ([], [])  # type: tuple[float, tuple[list[Point], list[Point]]]
    for t in (step / 40 for step in range(41)):
        centre = canvas.width * (0.5 + 0.11 * math.sin(phase + 6 * t) * (0.35 + t))
        half, y = canvas.width * (0.008 + 0.11 * t**1.7), top + (canvas.height - top) * t
        banks[0].append((centre - half, y))
        banks[1].append((centre + half, y))
    canvas.fill([*banks[0], *reversed(banks[1])], tone)
    for (left, y), (right, _) in list(zip(*banks, strict=True))[8::3]:
        _lens(
            canvas,
            (left + (right - left) * (0.3 + 0.4 * chance.random()), y),
            (right - left) * 0.2,
            2.5 * canvas.unit,
            pale,
        )


def paint_weather(canvas: Canvas, name: str) -> None:
    """Rain or snow in front of everything."""
    chance = canvas.dice(name)
    for _ in range(180):
        x, y, size = (
            chance.random() * canvas.width * 1.1,
            chance.random() * canvas.height,
            canvas.unit * (2 + 4 * chance.random() ** 2),
        )
        if name == "rain":
            canvas.line(
                ((x, y), (x - 9 * canvas.unit, y + 36 * canvas.unit)), 1.6 * canvas.unit, canvas.lit((206, 220, 232))
            )
        else:
            canvas.disc((x, y), size, size, mix(canvas.lit((250, 250, 255)), (255, 255, 255), 0.5))
