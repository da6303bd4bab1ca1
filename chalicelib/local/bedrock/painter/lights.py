"""What shines in the sky: stars, moon, sun, aurora, meteors."""

import math

from PIL import Image

from ..tones import STAR_DUST, palette
from .colour import Colour, mix
from .layout import Layout
from .stage import Point, Stage

_MOST_COLUMNS = 512
_SEAS = (
    *((2.4, 0.42, 0.3), (3.5, 0.5, 0.2), (1.2, 0.5, 0.24)),
    *((5.2, 0.45, 0.17), (0.2, 0.62, 0.12), (2.9, 0.05, 0.16)),
)
_SUNLIGHT: tuple[tuple[float, float, Colour], ...] = ((9.5, 0.5, (255, 140, 84)), (4.6, 0.6, (255, 190, 110)))


def paint_stars(stage: Stage, layout: Layout) -> None:
    """A sky full of stars of two colours, some with rays."""
    chance = stage.dice("stars")
    warm, cool = palette("stars", stage.light)
    for number in range(210):
        x, y = chance.random() * layout.width, layout.horizon * 0.94 * chance.random() ** 1.25
        size = stage.unit * (1.6 + 3.4 * chance.random() ** 4)
        colour = warm if number % 3 == 0 else cool
        if number % 14 == 0:
            _twinkle(stage, (x, y), stage.unit * (4.5 + 3 * chance.random()), colour)
        else:
            stage.ellipse((x, y), size, size, mix(colour, (40, 60, 120), 0.35 * chance.random()))


def dust_stars(stage: Stage, layout: Layout, night_asked_for: bool) -> None:
    """The faint stars of any night; in tones of the night's own where one was asked for."""
    chance = stage.dice("dust")
    for number in range(90):
        place = (chance.random() * layout.width, layout.horizon * 0.8 * chance.random())
        colour = STAR_DUST[number % 2] if night_asked_for else (112, 130, 170)
        stage.speck(place, stage.unit * 2.4, colour)


def _twinkle(stage: Stage, centre: Point, size: float, colour: Colour) -> None:
    x, y = centre
    stage.glow(centre, size * 4, size * 4, (150, 180, 240), 0.4)
    ray, waist = size * 2.4, size * 0.28
    for dx, dy in ((1, 0), (0, 1)):
        stage.fill(
            [(x - ray * dx - waist * 0, y - ray * dy), (x + waist * dy, y + waist * dx),
             (x + ray * dx, y + ray * dy), (x - waist * dy, y - waist * dx)],
            mix(colour, (90, 120, 190), 0.25),
        )
    stage.mark(centre, size * 1.1, size * 1.1, colour)


def paint_moonlight(stage: Stage, layout: Layout) -> None:
    """The glow around the moon, which lies behind the aurora."""
    centre, radius = _moon(stage, layout)
    if stage.light == "night":
        stage.glow(centre, radius * 5.5, radius * 5.5, (170, 190, 240), 0.34)
    stage.glow(centre, radius * 2.3, radius * 2.3, (255, 246, 220), 0.75 if stage.light == "night" else 0.35)


def paint_moon(stage: Stage, layout: Layout) -> None:
    """A full moon with its seas."""
    chance = stage.dice("seas")
    face, seas = palette("moon", stage.light)
    centre, radius = _moon(stage, layout)
    stage.ellipse(centre, radius, radius, face)
    for angle, distance, size in _SEAS:
        turn = angle + chance.random() * 0.5
        place = (centre[0] + radius * distance * math.cos(turn), centre[1] - radius * distance * math.sin(turn))
        stage.ellipse(place, radius * size, radius * size * 0.86, seas)


def _moon(stage: Stage, layout: Layout) -> tuple[Point, float]:
    chance = stage.dice("moon")
    radius = stage.unit * (52 + 14 * chance.random())
    return (layout.moon_x, layout.horizon * (0.24 + 0.1 * chance.random())), radius


def paint_sunlight(stage: Stage, layout: Layout, sunk: bool) -> None:
    """The glow around the sun, which lies behind everything else in the sky."""
    centre, radius = _sun(stage, layout, sunk)
    for reach, strength, colour in _SUNLIGHT if stage.light != "day" else _SUNLIGHT[1:]:
        stage.glow(centre, radius * reach, radius * reach * 0.7, colour, strength)


def paint_sun(stage: Stage, layout: Layout, sunk: bool) -> None:
    """The sun on the horizon, half of it below when `sunk`."""
    core, rim = palette("sun", stage.light)
    centre, radius = _sun(stage, layout, sunk)
    stage.glow(centre, radius * 2.1, radius * 1.6, (255, 226, 150), 0.85)
    stage.ellipse(centre, radius, radius, rim)
    stage.ellipse(centre, radius * 0.8, radius * 0.8, core)


def _sun(stage: Stage, layout: Layout, sunk: bool) -> tuple[Point, float]:
    radius = stage.unit * 66
    return (layout.sun_x, layout.horizon - (radius * 0.1 if sunk else layout.height * 0.27)), radius


def paint_meteors(stage: Stage, layout: Layout) -> None:
    """A shower from one corner of the sky: bright heads, tails that thin out."""
    chance = stage.dice("meteors")
    head, tail = palette("meteors", stage.light)
    rightwards = layout.moon_x < layout.width / 2
    slope = 0.5 + 0.3 * chance.random()
    for number in range(9):
        x = layout.width * ((number + chance.random()) / 9)
        y = layout.horizon * (0.1 + 0.52 * chance.random())
        length = stage.unit * (90 + 170 * chance.random())
        direction = (-1.0 if rightwards else 1.0, -slope)
        _streak(stage, (x, y), direction, length, (head, tail))


def _streak(stage: Stage, place: Point, direction: Point, length: float, colours: tuple[Colour, Colour]) -> None:
    head, tail = colours
    x, y = place
    norm = math.hypot(*direction)
    dx, dy = direction[0] / norm, direction[1] / norm
    thick = max(1.6, 2.6 * stage.unit)
    pieces = 9
    for piece in range(pieces, 0, -1):
        share = piece / pieces
        background = stage.image.getpixel(
            (min(stage.width - 1, max(0, round(x + dx * length * share))), min(stage.height - 1, max(0, round(y + dy * length * share))))
        )
        assert isinstance(background, tuple)
        colour = mix(tail, (background[0], background[1], background[2]), share**0.8 * 0.95)
        half = thick * (1 - share * 0.8)
        end, start = length * share, length * (share - 1 / pieces)
        stage.fill(
            [(x + dx * start - dy * half, y + dy * start + dx * half), (x + dx * end - dy * half * 0.7, y + dy * end + dx * half * 0.7),
             (x + dx * end + dy * half * 0.7, y + dy * end - dx * half * 0.7), (x + dx * start + dy * half, y + dy * start - dx * half)],
            colour,
        )
    stage.glow(place, thick * 7, thick * 7, (190, 225, 255), 0.6)
    near = length * 0.12
    stage.fill([(x - dy * thick, y + dx * thick), (x + dx * near, y + dy * near), (x + dy * thick, y - dx * thick)], tail)
    stage.mark((x + dx * thick * 2, y + dy * thick * 2), thick * 2.4, thick * 2.4, tail)
    stage.mark(place, thick * 2.2, thick * 2.2, head)


def paint_aurora(stage: Stage, layout: Layout, lowest: float) -> None:
    """Two or three curtains of light, bright at their hem, fading upwards through green to violet.

    The front one's hem hangs around `lowest`, a share of the sky's height from its top.
    """
    chance = stage.dice("aurora")
    columns = min(_MOST_COLUMNS, stage.width)
    rows = max(64, round(columns * layout.horizon / stage.width))
    colours, depth = _curtain_ramp(stage)
    glow = Image.new("RGB", (columns, rows))
    mask = Image.new("L", (columns, rows))
    for curtain in range(3):
        base = rows * (lowest - 0.15 * curtain + 0.06 * chance.random())
        phases = [chance.random() * 2 * math.pi for _ in range(5)]
        dimming = (1.0, 0.72, 0.5)[curtain]
        for x in range(columns):
            t = x / columns
            hem = base + rows * (0.09 * math.sin(5.1 * t + phases[0]) + 0.045 * math.sin(11.7 * t + phases[1]))
            rays = 0.62 + 0.2 * math.sin(67 * t + phases[2]) + 0.12 * math.sin(151 * t + phases[3])
            presence = 0.5 + 0.5 * math.sin(7.1 * t + phases[4])
            tall = max(8, round(rows * 0.5 * rays * (0.45 + 0.55 * presence)))
            strength = dimming * min(1.0, 0.35 + 1.1 * presence)
            ray = depth.resize((1, tall)).point([round(level * strength) for level in range(256)])
            top = round(hem) - tall
            above = mask.crop((x, top, x + 1, top + tall))
            glow.paste(colours.resize((1, tall)), (x, top), ray)
            mask.paste(_screen(above, ray), (x, top))
    size = (stage.width, round(layout.horizon))
    smooth = Image.Resampling.BICUBIC
    stage.image.paste(glow.resize(size, smooth), (0, 0), mask.resize(size, smooth))


def _screen(first: Image.Image, second: Image.Image) -> Image.Image:
    return Image.frombytes("L", first.size, bytes(max(a, b) for a, b in zip(first.tobytes(), second.tobytes(), strict=True)))


def _curtain_ramp(stage: Stage) -> tuple[Image.Image, Image.Image]:
    """The colour and the opacity of one ray, from its top to its hem."""
    hem, green = palette("aurora", stage.light)
    colours, depths = bytearray(), bytearray()
    for row in range(128):
        height = 1 - row / 127
        if height < 0.1:
            colour, depth = hem, min(1.0, height / 0.03)
        elif height < 0.24:
            colour, depth = green, 1.0
        else:
            rise = (height - 0.24) / 0.76
            colour, depth = mix(mix(green, (48, 150, 190), min(1.0, rise * 2)), (150, 84, 200), max(0.0, rise * 1.5 - 0.4) if rise < 0.93 else 1.0), (1 - rise) ** 1.7
        colours.extend(colour)
        depths.append(round(255 * depth))
    return Image.frombytes("RGB", (1, 128), bytes(colours)), Image.frombytes("L", (1, 128), bytes(depths))
