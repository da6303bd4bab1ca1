"""Sea, and lake with its reflection."""

import math
from random import Random

from PIL import Image

from ..tones import palette
from .colour import Colour, mix
from .layout import Band, Layout
from .lines import lens, wave
from .stage import Point, Stage

_DUSK_ON_WATER: Colour = (112, 78, 128)  # a red sky on dark water; mixed straight, the two give grey


def paint_sea(
    stage: Stage, layout: Layout, haze: Colour, lights: list[tuple[float, Colour]], sheen: Colour | None
) -> None:
    """The sea under its sky; `lights` leave a path of glitter at their place, `sheen` is a glow of the whole sky."""
    assert layout.sea
    chance = stage.dice("sea")
    deep, glint = palette("sea", stage.light)
    top, bottom = layout.sea
    warm = stage.light == "night" and haze[0] > haze[2]
    far = mix(_DUSK_ON_WATER if warm else haze, deep, 0.4 if warm else 0.66)
    near = mix(deep, (2, 8, 24), 0.35)
    foot = bottom + 24 * stage.unit
    stage.gradient(top, foot, ((0.0, far), (0.14, mix(far, deep, 0.5)), (0.45, deep), (1.0, near)))
    if sheen:
        stage.glow((stage.width / 2, top), stage.width * 0.6, (bottom - top) * 0.7, sheen, 0.3, above=False)
    for x, colour in lights:
        _glitter(stage, (top, bottom), x, colour, chance)
    _waves(stage, (top, bottom), deep, glint, chance)


def _waves(stage: Stage, band: Band, deep: Colour, glint: Colour, chance: Random) -> None:
    top, bottom = band
    dark: list[list[Point]] = []
    pale: list[list[Point]] = []
    for number in range(96):
        t = chance.random() ** 1.3
        y = top + (bottom - top) * (0.03 + 0.95 * t)
        half = stage.unit * (10 + 62 * t) * (0.5 + chance.random())
        shape = lens((chance.random() * stage.width, y), half, stage.unit * (0.9 + 3.4 * t))
        (pale if number % 3 == 0 else dark).append(shape)
    stage.fill_all(dark, deep)
    stage.fill_all(pale, glint)


def _glitter(stage: Stage, band: Band, x: float, colour: Colour, chance: Random) -> None:
    """The broken path of light below the sun or the moon."""
    top, bottom = band
    stage.glow((x, top), stage.unit * 190, (bottom - top) * 0.8, colour, 0.42, above=False)
    rows = 46
    for row in range(rows):
        t = (row + chance.random()) / rows
        y = top + (bottom - top) * t**1.25
        spread = stage.unit * (46 + 105 * t)
        for _ in range(2):
            half = stage.unit * (9 + 46 * t) * (0.4 + chance.random())
            place = (x + spread * (chance.random() + chance.random() - 1), y)
            stage.fill(
                lens(place, half, stage.unit * (1.3 + 3.2 * t)), mix(colour, (255, 255, 255), 0.25 * chance.random())
            )


def paint_lake(stage: Stage, layout: Layout) -> None:
    """A lake that mirrors what stands behind it; an oval one where the sea is there too."""
    assert layout.lake
    top, bottom = round(layout.lake[0]), round(layout.lake[1])
    if layout.lake_is_oval:
        _oval_lake(stage, layout, (top, bottom))
        return
    chance = stage.dice("lake")
    bright, deep = palette("lake", stage.light)
    height = round(bottom - top + 24 * stage.unit)
    stage.image.paste(_mirrored(stage, top, height, deep), (0, top))
    _ripples(stage, (top, bottom), bright, deep, chance)
    stage.fill(
        [*wave(stage.width, top + 1.5 * stage.unit, stage.unit, chance), (stage.width, top - 2), (0, top - 2)],
        mix(bright, deep, 0.35),
    )
    _bank(stage, bottom, chance)


def _mirrored(stage: Stage, top: int, height: int, deep: Colour) -> Image.Image:
    """What is above the shore, upside down, darker and rippled towards the onlooker."""
    reach = min(top, round(height * 1.25))
    above = stage.image.crop((0, top - reach, stage.width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = above.resize((stage.width, height), Image.Resampling.BILINEAR)
    depth = Image.linear_gradient("L").resize(mirror.size).point([round(36 + level * 0.5) for level in range(256)])
    mirror.paste(deep, (0, 0), depth)
    rippled = mirror.copy()
    step = max(1, round(2 * stage.unit))
    for y in range(0, height, step):
        t = y / height
        shift = round(
            stage.unit * (1 + 9 * t) * math.sin(y / stage.unit * (0.42 - 0.2 * t))
            + stage.unit * 3 * t * math.sin(y / stage.unit * 0.11)
        )
        if shift:
            rippled.paste(mirror.crop((0, y, stage.width, min(height, y + step))), (shift, y))
    return rippled


def _ripples(stage: Stage, band: Band, bright: Colour, deep: Colour, chance: Random) -> None:
    top, bottom = band
    dark: list[list[Point]] = []
    pale: list[list[Point]] = []
    for number in range(54):
        t = chance.random()
        half = stage.unit * (14 + 74 * t) * (0.4 + chance.random())
        place = (chance.random() * stage.width, top + (bottom - top) * (0.04 + 0.95 * t**1.2))
        (pale if number % 2 else dark).append(lens(place, half, stage.unit * (0.8 + 2.3 * t)))
    stage.fill_all(dark, deep)
    stage.fill_all(pale, bright)


def _bank(stage: Stage, bottom: float, chance: Random) -> None:
    """The near shore: dark earth, stones and reeds."""
    if bottom >= stage.height - 2:
        return
    earth = {"day": (62, 82, 60), "dusk": (52, 40, 58), "night": (12, 20, 34)}[stage.light]
    edge = wave(stage.width, bottom, 16 * stage.unit, chance)
    stage.fill([*edge, (stage.width, stage.height), (0, stage.height)], earth)
    stage.fill(
        [
            *((x, y + 46 * stage.unit) for x, y in wave(stage.width, bottom, 16 * stage.unit, chance)),
            (stage.width, stage.height),
            (0, stage.height),
        ],
        mix(earth, (0, 0, 0), 0.28),
    )
    reeds = []
    for _ in range(70):
        side = chance.random() ** 1.6 * 0.36
        x = stage.width * (side if chance.random() < 0.5 else 1 - side)
        tall, lean = stage.unit * (40 + 80 * chance.random()), stage.unit * 34 * (chance.random() - 0.5)
        foot = bottom + stage.unit * (14 + 30 * chance.random())
        reeds.append([(x - 2.2 * stage.unit, foot), (x + lean, foot - tall), (x + 2.2 * stage.unit, foot)])
    stage.fill_all(reeds, mix(earth, (0, 0, 0), 0.2))


def _oval_lake(stage: Stage, layout: Layout, band: Band) -> None:
    chance = stage.dice("lake")
    bright, deep = palette("lake", stage.light)
    top, bottom = band
    centre, half_x, half_y = (layout.width * 0.5, (top + bottom) / 2), layout.width * 0.4, (bottom - top) / 2
    stage.ellipse(centre, half_x, half_y, deep)
    shapes = []
    for _ in range(26):
        angle, away = chance.random() * 2 * math.pi, 0.8 * chance.random() ** 0.5
        place = (centre[0] + half_x * away * math.cos(angle), centre[1] + half_y * away * math.sin(angle))
        shapes.append(lens(place, stage.unit * (14 + 24 * chance.random()), stage.unit * 2.4))
    stage.fill_all(shapes, bright)
