"""What lies behind everything: the sky's gradient and aurora, sea, the lake's mirror, ground, or plain bands."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops

from .art import PIGMENTS
from .canvas import Canvas, Colour, Point, mix, rgb

_SKIES = {
    "day": "0 #5696be, 0.55 #9ecdda, 1 #ecf0e2",
    "daylight": "0 #2674d1, 0.5 #6db2f0, 1 #d6ecfa",
    "dusk": "0 #564e84, 0.45 #b07a9e, 0.8 #f4b0a0, 1 #ffdebe",
    "sunset": "0 #3a3670, 0.3 #844c7c, 0.6 #e77065, 0.84 #fdac60, 1 #ffce8a",
    "night": "0 #090d2d, 0.36 #111e52, 0.8 #264480, 1 #4a74a6",
    "night sun": "0 #090d2d, 0.36 #111e52, 0.72 #3e4080, 0.88 #b0607a, 1 #fab278",
}
_WATER: dict[str, tuple[Colour, Colour]] = {
    "day": ((36, 106, 150), (60, 128, 152)),
    "dusk": ((92, 70, 122), (122, 84, 124)),
    "night": ((15, 36, 70), (22, 42, 80)),
}
_SOILS = {
    "snow": "#f0f4fa #c8d8ea",
    "desert": "#f6d296 #ce9254",
    "meadow": "#a3d271 #62a042",
    "beach": "#f0dcac #dec28c",
}
_BOW = ("#ec4a4a", "#f09a48", "#fad654", "#4cbb76", "#5476d6", "#8a5cc0")
_RAYS = 128


def paint_sky(canvas: Canvas, horizon: float, names: set[str]) -> None:
    """The gradient, and what is of the air itself."""
    kind = next((name for name in ("sunset", "daylight") if name in names), canvas.light)
    kind = "night sun" if canvas.light == "night" and names & {"sun", "sunset"} else kind
    stops = [(float(at), rgb(colour)) for at, colour in (stop.split() for stop in _SKIES[kind].split(", "))]
    canvas.gradient(0, horizon + 2, stops)
    chance = canvas.dice("wisps")
    for _ in range(0 if canvas.light == "night" or "clouds" in names else 7):
        place, long = (canvas.width * chance.random(), horizon * (0.12 + 0.6 * chance.random())), canvas.unit * 300
        canvas.glow(place, long * (0.5 + chance.random()), long * 0.07, (255, 246, 238), 0.5)
    if "aurora" in names:
        _aurora(canvas, horizon)
    radius, middle = canvas.width * 0.44, (canvas.width / 2, horizon + canvas.width * 0.07)
    for index, colour in enumerate(_BOW if "rainbow" in names else ()):
        reach = radius - index * 9 * canvas.unit
        box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
        canvas.pen.arc(box, 180, 360, rgb(colour), round(9 * canvas.unit) + 1)


def _aurora(canvas: Canvas, horizon: float) -> None:
    """Three curtains, painted small, one column a ray, and enlarged smoothly onto the sky."""
    chance, columns = canvas.dice("aurora"), min(400, canvas.width // 2)
    rows = max(64, round(columns * horizon / canvas.width))
    light, mask = Image.new("RGB", (columns, rows)), Image.new("L", (columns, rows))
    for number, dimming in enumerate((1.0, 0.72, 0.5)):
        colours, depth = _ray(crisp=number == 0)
        one, two, three, four, five = (chance.random() * 2 * math.pi for _ in range(5))
        lowest = 0.62 - 0.15 * number + 0.06 * chance.random()
        for x in range(columns):
            t = x / columns
            hem = lowest + 0.09 * math.sin(5.1 * t + one) + 0.045 * math.sin(11.7 * t + two)
            presence = 0.5 + 0.5 * math.sin(7.1 * t + five)
            rays = 0.62 + 0.2 * math.sin(67 * t + three) + 0.12 * math.sin(151 * t + four)
            long = max(8, round(rows * 0.62 * rays * (0.45 + 0.55 * presence)))
            strength = dimming * min(1.0, 0.12 + 1.35 * presence)
            faded = depth.resize((1, long)).point([round(level * strength) for level in range(256)])
            top = round(rows * hem) - long
            light.paste(colours.resize((1, long)), (x, top), faded)
            mask.paste(ImageChops.lighter(mask.crop((x, top, x + 1, top + long)), faded), (x, top))
    size = (canvas.width, round(horizon))
    canvas.image.paste(light.resize(size), mask=mask.resize(size))


def _ray(crisp: bool) -> tuple[Image.Image, Image.Image]:
    """Colours and opacity of one ray from its top to its hem."""
    colours, depths = bytearray(), bytearray()
    for height in (1 - row / (_RAYS - 1) for row in range(_RAYS)):
        rise = max(0.0, (height - 0.24) / 0.76)
        lower = mix((66, 226, 152), (48, 150, 190), min(1.0, rise * 2))
        upper = mix(lower, (150, 84, 200), min(1.0, max(0.0, rise * 1.5 - 0.4)))
        foot = min(1.0, height / 0.03) if crisp else min(1.0, height / 0.3) ** 1.5
        colours.extend((142, 255, 193) if crisp and height < 0.1 else upper)
        depths.append(round(255 * foot * (1 - rise) ** 1.7))
    return Image.frombytes("RGB", (1, _RAYS), bytes(colours)), Image.frombytes("L", (1, _RAYS), bytes(depths))


def wave(width: float, height: float, swing: float, chance: Random) -> list[Point]:
    """A gently waving line across the picture, left to right."""
    phases = [(share, speed, chance.random() * 2 * math.pi) for share, speed in ((0.6, 5), (0.3, 12), (0.15, 29))]
    lifts = [sum(share * math.sin(speed * step / 48 + at) for share, speed, at in phases) for step in range(49)]
    return [(width * step / 48, height + swing * lift) for step, lift in enumerate(lifts)]


def paint_bands(canvas: Canvas, top: float, far: Colour, near: Colour) -> None:
    """Waves from a height down to the lower edge, from one tone to another."""
    chance, deep = canvas.dice(f"bands {top}"), canvas.height - top
    canvas.pen.rectangle((0, top, canvas.width, canvas.height), far)
    for band in range(6):
        edge = wave(canvas.width, top + deep * band / 6 + 4 * canvas.unit, (7 + 2 * band) * canvas.unit, chance)
        canvas.fill([*edge, (canvas.width, canvas.height), (0, canvas.height)], mix(far, near, band / 5))


def paint_ground(canvas: Canvas, top: float, names: set[str]) -> None:
    """Soil for things to stand on; several kinds lie one before the other."""
    kinds = [tones for name, tones in _SOILS.items() if name in names] or ["#96a076 #54684a"]
    for number, tones in enumerate(kinds):
        far, near = (canvas.lit(rgb(tone)) for tone in tones.split())
        paint_bands(canvas, top + (canvas.height - top) * number / len(kinds), far, near)


def paint_sea(canvas: Canvas, top: float, bottom: float, haze: Colour, lights: Sequence[tuple[float, Colour]]) -> None:
    """The sea; `lights` leave a path of glitter below them."""
    chance, deep = canvas.dice("sea"), _WATER[canvas.light][0]
    warm = canvas.light == "night" and haze[0] > haze[2]
    far = mix((112, 78, 128) if warm else haze, deep, 0.4 if warm else 0.66)
    middle, near = mix(far, deep, 0.5), mix(deep, (2, 8, 24), 0.35)
    canvas.gradient(top, bottom, ((0, far), (0.14, middle), (0.45, deep), (1, near)))
    for x, tone in lights:
        canvas.glow((x, top), canvas.unit * 190, (bottom - top) * 0.8, tone, 0.42, below=top)
        for t in (row / 92 for row in range(92)):
            aside = canvas.unit * (46 + 105 * t) * (chance.random() + chance.random() - 1)
            half, y = canvas.unit * (9 + 46 * t) * (0.4 + chance.random()), top + (bottom - top) * t**1.25
            tall, left, right = canvas.unit * (1.3 + 3.2 * t), x + aside - half, x + aside + half
            canvas.fill([(left, y), (x + aside, y - tall), (right, y), (x + aside, y + tall)], tone)


def paint_lake(canvas: Canvas, top: float, bottom: float) -> None:
    """A lake that mirrors what stands behind it, rippled towards the onlooker."""
    height, start = round(bottom - top + 24 * canvas.unit), round(top)
    above = canvas.image.crop((0, max(0, start - round(height * 1.25)), canvas.width, start))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((canvas.width, height))
    depth = Image.linear_gradient("L").resize(mirror.size).point([round(36 + level * 0.5) for level in range(256)])
    mirror.paste(_WATER[canvas.light][1], mask=depth)
    canvas.image.paste(mirror, (0, start))
    for y in range(0, height, step := max(1, round(2 * canvas.unit))):
        t, at = y / height, y / canvas.unit
        shift = canvas.unit * ((1 + 9 * t) * math.sin(at * (0.42 - 0.2 * t)) + 3 * t * math.sin(at * 0.11))
        canvas.image.paste(mirror.crop((0, y, canvas.width, min(height, y + step))), (round(shift), start + y))


def paint_plain(canvas: Canvas) -> None:
    """Where there is no scenery: soft bands in two tones that the seed chooses."""
    chance, tones = canvas.dice("plain"), list(PIGMENTS.values())[:7]
    far, near = (mix(tones[chance.randrange(7)], (246, 240, 230), share) for share in (0.8, 0.6))
    canvas.gradient(0, canvas.height, ((0, far), (1, mix(far, near, 0.4))))
    paint_bands(canvas, canvas.height * 0.5, mix(far, near, 0.3), near)
