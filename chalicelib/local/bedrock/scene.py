"""Composes a picture from far to near: scenery, what stands alone, cards, and the strip that tells what is there.

It leaves no trace of what it drew but the strip, which everybody can see. Same order, same bytes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import land, sky, strip
from .canvas import Canvas, Colour, Point, mix
from .cards import paint_cards
from .luck import drawn
from .order import Order
from .singles import PIGMENTS, Single, paint_singles
from .strip import Shown
from .things import scenery_of
from .vocabulary import SCENERY, SHAPES

SOFTWARE = "Retake stand-in"
_NIGHTLY = {"night", "stars", "moon", "aurora", "meteors", "lightning"}
_SOILS = {"beach", "desert", "meadow", "snow", "river", "waterfall", "forest", "hills"}
_HIDE_THE_HORIZON = {"mountains", "hills", "city", "forest"}
_MOONLIGHT, _SUNLIGHT = (206, 216, 236), (255, 196, 124)


@dataclass(frozen=True)
class _Layout:
    """Where things go: the horizon, the ground's far edge, the band of water if there is one, moon and sun."""

    horizon: float
    ground: float | None
    water: tuple[float, float] | None
    moon: Point
    sun: Point


def paint(order: Order) -> bytes:
    """The picture for an order, encoded."""
    shown = strip.fitting(drawn(order.prompt, order.negative, order.seed), order.width, order.height)
    height = order.height - strip.height_needed(shown, order.width)
    picture = Image.new("RGB", (order.width, order.height))
    named = [(scenery_of(each.label, each.number, each.colour), each) for each in shown]
    scenery = [(name, each) for name, each in named if name]
    cards = [each for name, each in named if not name]
    if scenery:
        picture.paste(_scene(order, height, scenery, len(cards)))
    else:
        picture.paste(_backdrop(order, height))
    top = 0.04 if not scenery else 0.54 if len(cards) < 5 else 0.38
    margin = round(order.width * 0.03)
    paint_cards(picture, cards, (margin, round(height * top), order.width - margin, round(height * 0.98)))
    strip.write(picture, shown)
    return _encoded(picture, order.encoding)


def _scene(order: Order, height: int, scenery: Sequence[tuple[str, Shown]], cards: int) -> Image.Image:
    names = {name for name, _ in scenery}
    singles: list[Single] = [(SCENERY[name].shape, each.colour) for name, each in scenery for _ in range(each.number)]
    singles = [single for single in singles if single[0]] + [("trees", "green")] * (7 * ("forest" in names))
    names |= {SCENERY[name].general for name in names}
    canvas = Canvas((order.width, height), _light(names, order.seed), order.seed)
    layout = _lay_out(canvas, names, singles, cards)
    sky.paint_sky(canvas, layout.horizon, names, layout.moon, layout.sun)
    _paint_distance(canvas, layout, names)
    _paint_ground(canvas, layout, names)
    foot = float(canvas.height)
    ground = (foot - canvas.unit * 60 if layout.ground is None else layout.ground, foot)
    paint_singles(canvas, singles, {"land": ground, "water": layout.water or ground, "sky": (0.0, layout.horizon)})
    for name in ("rain", "snow"):
        if name in names:
            land.paint_weather(canvas, name)
    return canvas.finished()


def _light(names: set[str], seed: int) -> str:
    if (names & _NIGHTLY and not names & {"daylight", "sunset"}) or "night" in names:
        return "night"
    if "sunset" in names:
        return "dusk"
    return "dusk" if seed % 8 > 4 and not names & {"daylight", "rain", "rainbow"} else "day"


def _lay_out(canvas: Canvas, names: set[str], singles: Sequence[Single], cards: int) -> _Layout:
    chance = canvas.dice("layout")
    horizon = canvas.height * ((0.5 if not cards else 0.42) + 0.08 * chance.random())
    below, left = canvas.height - horizon, chance.random() < 0.5
    wet = names & {"sea", "lake"}
    dry = bool(names & _SOILS) or any(SHAPES[shape]["home"] == "land" for shape, _ in singles)
    deep = (0.5 if dry else 0.86) if "lake" in names else 0.52 if dry else 1.0
    water = (horizon, horizon + below * deep) if wet else None
    ground = (water[1] if water else horizon) if dry or not water else None
    far = 0.16 + 0.14 * chance.random()
    moon = (canvas.width * (far if left else 1 - far), horizon * (0.24 + 0.1 * chance.random()))
    high = horizon * 0.45 if names & _HIDE_THE_HORIZON else horizon - canvas.unit * 6
    return _Layout(horizon, ground, water, moon, (canvas.width * (0.64 if left else 0.36), high))


def _paint_distance(canvas: Canvas, layout: _Layout, names: set[str]) -> None:
    haze = sky.horizon_colour(canvas, layout.horizon)
    if "mountains" in names:
        land.paint_mountains(canvas, layout.horizon, haze, "sun" in names)
    if "city" in names:
        land.paint_city(canvas, layout.horizon)
    if "hills" in names:
        land.paint_hills(canvas, layout.horizon)
    if layout.water and "lake" in names:
        land.paint_lake(canvas, *layout.water)
    elif layout.water:
        shining = (("moon", layout.moon, _MOONLIGHT), ("sun", layout.sun, _SUNLIGHT))
        land.paint_sea(canvas, *layout.water, haze, [(at[0], tone) for name, at, tone in shining if name in names])


def _paint_ground(canvas: Canvas, layout: _Layout, names: set[str]) -> None:
    if layout.ground is not None:
        land.paint_ground(canvas, layout.ground, names)
        if "forest" in names:
            land.paint_forest(canvas, layout.ground)
        for name in ("river", "waterfall"):
            if name in names:
                land.paint_river(canvas, layout.ground, fall=name == "waterfall")
    if "ice" in names:
        land.paint_ice(canvas, *(layout.water or (layout.ground or layout.horizon, canvas.height)))


def _backdrop(order: Order, height: int) -> Image.Image:
    """Where there is no scenery: soft bands in two tones that the seed chooses."""
    canvas = Canvas((order.width, height), "day", order.seed)
    chance, tones = canvas.dice("backdrop"), list(PIGMENTS.values())[:7]
    first, second = (mix(tones[chance.randrange(7)], (246, 240, 230), share) for share in (0.62, 0.8))
    canvas.gradient(0, canvas.height, ((0, first), (1, second)))
    for band in range(4):
        edge = land.wave(canvas.width, canvas.height * (0.45 + 0.14 * band), 60 * canvas.unit, chance)
        tone: Colour = mix(first, second, 0.3 + 0.2 * math.sin(band * 2))
        canvas.fill([*edge, (canvas.width, canvas.height), (0, canvas.height)], mix(tone, (90, 90, 120), 0.06 * band))
    return canvas.finished()


def _encoded(picture: Image.Image, encoding: str) -> bytes:
    """PNG or JPEG, signed as the stand-in's."""
    target, signed = BytesIO(), PngInfo()
    signed.add_text("Software", SOFTWARE)
    if encoding == "PNG":
        picture.save(target, "PNG", pnginfo=signed, compress_level=3)
    else:
        picture.save(target, "JPEG", quality=92, subsampling=0, comment=SOFTWARE.encode("ascii"))
    return target.getvalue()
