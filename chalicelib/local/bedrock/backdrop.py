"""What lies behind everything: the sky's gradient and aurora, sea, the lake's mirror, ground, or plain bands."""

import math
from collections.abc import Mapping

from PIL import Image, ImageChops, ImageOps

from .art import Band
from .canvas import PIGMENTS, TONES, Canvas, Colour, mix, rgb


def paint_sky(canvas: Canvas, horizon: float, names: set[str]) -> None:
    """The gradient, and what is of the air itself."""
    kind = next((name for name in ("sunset", "daylight") if name in names), canvas.light)
    kind = "night sun" if canvas.light == "night" and names & {"sun", "sunset"} else kind
    stops = [(float(at), rgb(tone)) for at, tone in (stop.split() for stop in TONES["skies"][kind].split(", "))]
    canvas.gradient(0, horizon + 2, stops)
    chance = canvas.dice("wisps")
    for _ in range(0 if canvas.light == "night" or "clouds" in names else 7):
        place, long = (canvas.width * chance.random(), horizon * (0.12 + 0.6 * chance.random())), canvas.unit * 300
        canvas.glow(place, long * (0.5 + chance.random()), long * 0.07, (255, 246, 238), 0.5)
    if "aurora" in names:
        _paint_aurora(canvas, horizon)
    for index, tone in enumerate(TONES["bow"]["colours"].split() if "rainbow" in names else ()):
        reach, foot = canvas.width * 0.44 - index * 9 * canvas.unit, horizon + canvas.width * 0.07
        box = (canvas.width / 2 - reach, foot - reach, canvas.width / 2 + reach, foot + reach)
        canvas.pen.arc(box, 180, 360, tone, round(9 * canvas.unit) + 1)


def _paint_aurora(canvas: Canvas, horizon: float) -> None:
    """Three curtains: columns of one piece of light, each as high and as strong as waves make it."""
    chance, light, size = canvas.dice("aurora"), _light(), (canvas.width, round(horizon))
    columns, rows = min(400, canvas.width // 2), 400
    for number, dimming in enumerate((1.0, 0.72, 0.5)):
        one, two, three, four, five = (chance.random() * 2 * math.pi for _ in range(5))
        lowest = 0.62 - 0.15 * number + 0.06 * chance.random()
        mesh = []
        for x in range(columns):
            t = x / columns
            hem = rows * (lowest + 0.09 * math.sin(5.1 * t + one) + 0.045 * math.sin(11.7 * t + two))
            presence = 0.5 + 0.5 * math.sin(7.1 * t + five)
            rays = 0.62 + 0.2 * math.sin(67 * t + three) + 0.12 * math.sin(151 * t + four)
            scale = 256 / max(8, rows * 0.62 * rays * (0.45 + 0.55 * presence))
            strong, top = 255 * dimming * min(1.0, 0.12 + 0.95 * presence), 256 - hem * scale
            bottom = top + rows * scale
            mesh.append(((x, 0, x + 1, rows), (strong, top, strong, bottom, strong, bottom, strong, top)))
        curtain = light.transform((columns, rows), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR).resize(size)
        canvas.image.paste(curtain, mask=curtain)


def _light() -> Image.Image:
    """From top to hem the colours of a ray; from left to right stronger."""
    down = Image.linear_gradient("L")
    light = ImageOps.colorize(down, "#8a50be", "#8effc1", "#38b8a4", midpoint=150)
    fading = down.point([round(255 * (level / 255) ** 1.7 * min(1.0, (255 - level) / 12)) for level in range(256)])
    light.putalpha(ImageChops.multiply(fading, down.rotate(90)))
    return light


def paint_bands(canvas: Canvas, top: float, far: Colour, near: Colour) -> None:
    """Waves from a height down to the lower edge, from one tone to another."""
    chance, (wide, foot) = canvas.dice(f"bands {top}"), (canvas.width, canvas.height)
    canvas.pen.rectangle((0, top, wide, foot), far)
    for band in range(6):
        start, swing = top + (foot - top) * band / 6 + 4 * canvas.unit, (7 + 2 * band) * canvas.unit
        waves = [(share * swing, speed, chance.random() * 2 * math.pi) for share, speed in ((0.6, 5), (0.3, 12))]
        edge = [start + sum(high * math.sin(speed * step / 48 + at) for high, speed, at in waves) for step in range(49)]
        points = [(wide * step / 48, y) for step, y in enumerate(edge)]
        canvas.pen.polygon([*points, (wide, foot), (0, foot)], mix(far, near, band / 5))


def paint_ground(canvas: Canvas, top: float, names: set[str]) -> None:
    """Soil for things to stand on; several kinds lie one before the other."""
    kinds = [tones for name, tones in TONES["soils"].items() if name in names] or [TONES["soils"]["plain"]]
    for number, tones in enumerate(kinds):
        far, near = (canvas.lit(rgb(tone)) for tone in tones.split())
        paint_bands(canvas, top + (canvas.height - top) * number / len(kinds), far, near)


def paint_sea(canvas: Canvas, bands: Mapping[str, Band], haze: Colour, names: set[str]) -> None:
    """The sea; moon and sun leave a path of glitter below them."""
    (top, bottom), deep = bands["wet"], rgb(TONES["water"][canvas.light].split()[0])
    warm = canvas.light == "night" and haze[0] > haze[2]
    far = mix((112, 78, 128) if warm else haze, deep, 0.4 if warm else 0.66)
    near = mix(deep, (2, 8, 24), 0.35)
    canvas.gradient(top, bottom, ((0, far), (0.14, mix(far, deep, 0.5)), (0.45, deep), (1, near)))
    chance, unit = canvas.dice("sea"), canvas.unit
    for x, tone in [(bands[name][2], rgb(tone)) for name, tone in TONES["shine"].items() if name in names]:
        canvas.glow((x, top), unit * 190, (bottom - top) * 0.8, tone, 0.3)
        for t in (row / 92 for row in range(92)):
            middle = x + unit * (46 + 105 * t) * (chance.random() + chance.random() - 1)
            half, tall = unit * (9 + 46 * t) * (0.4 + chance.random()), unit * (1.3 + 3.2 * t)
            y = top + (bottom - top) * t**1.25
            canvas.pen.polygon(((middle - half, y), (middle, y - tall), (middle + half, y), (middle, y + tall)), tone)


def paint_lake(canvas: Canvas, top: float, bottom: float) -> None:
    """A lake that mirrors what stands behind it, rippled towards the onlooker."""
    height, start = round(bottom - top + 24 * canvas.unit), round(top)
    above = canvas.image.crop((0, max(0, start - round(height * 1.25)), canvas.width, start))
    mirror = ImageOps.flip(above).resize((canvas.width, height))
    depth = Image.linear_gradient("L").resize(mirror.size).point([round(36 + level * 0.5) for level in range(256)])
    mirror.paste(rgb(TONES["water"][canvas.light].split()[1]), mask=depth)
    canvas.image.paste(mirror, (0, start))
    for y in range(0, height, step := max(1, round(2 * canvas.unit))):
        t, at = y / height, y / canvas.unit
        shift = canvas.unit * ((1 + 9 * t) * math.sin(at * (0.42 - 0.2 * t)) + 3 * t * math.sin(at * 0.11))
        canvas.image.paste(mirror.crop((0, y, canvas.width, min(height, y + step))), (round(shift), start + y))


def paint_plain(canvas: Canvas) -> None:
    """Where there is no scenery: two soft tones that the seed chooses."""
    chance, tones = canvas.dice("plain"), list(PIGMENTS.values())[:7]
    far, near = (mix(tones[chance.randrange(7)], (246, 240, 230), share) for share in (0.8, 0.6))
    canvas.gradient(0, canvas.height, ((0, far), (1, near)))
