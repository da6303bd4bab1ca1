"""Composes a picture from far to near: scenery, what stands alone, cards, and the strip that tells what is there.

It leaves no trace of what it drew but the strip, which everybody can see. Same order, same bytes.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import backdrop, strip
from .art import LAYERS, Band, Single, settle, spread
from .canvas import Canvas, Colour
from .cards import paint_cards
from .families import Order
from .luck import drawn
from .strip import Shown
from .things import scenery_of
from .vocabulary import GENERAL, SHAPED, SHAPES

_NIGHTLY = {"night", "stars", "moon", "aurora", "meteors", "lightning"}
_SOILS = {"beach", "desert", "meadow", "snow", "forest", "hills"}
_HIDE_THE_HORIZON = {"mountains", "hills", "city", "forest"}


def paint(order: Order) -> bytes:
    """The picture for an order, encoded."""
    shown = strip.fitting(drawn(order.prompt, order.negative, order.seed), order.width, order.height)
    size = (order.width, order.height - strip.height_needed(shown, order.width))
    named = [(scenery_of(each.label, each.number, each.colour), each) for each in shown]
    scenery = [(name, each) for name, each in named if name]
    cards = [each for name, each in named if not name]
    picture = Image.new("RGB", (order.width, order.height))
    picture.paste(_scene(size, order.seed, scenery, len(cards)))
    top = 0.04 if not scenery else 0.54 if len(cards) < 5 else 0.38
    margin = round(size[0] * 0.03)
    paint_cards(picture, cards, (margin, round(size[1] * top), size[0] - margin, round(size[1] * 0.98)))
    strip.write(picture, shown)
    target, signed = BytesIO(), PngInfo()
    signed.add_text("Software", "Retake stand-in")
    picture.save(target, "PNG", pnginfo=signed, compress_level=3)
    return target.getvalue()


def _scene(size: tuple[int, int], seed: int, scenery: Sequence[tuple[str, Shown]], cards: int) -> Image.Image:
    names = {name for name, _ in scenery} | {GENERAL[name] for name, _ in scenery}
    alone = [(SHAPED[name], each) for name, each in scenery if name in SHAPED]
    singles: list[Single] = [(shape, each.colour) for shape, each in alone for _ in range(each.number)]
    singles += [("trees", "green")] * (7 * ("forest" in names))
    canvas = Canvas(size, _light(names, seed), seed)
    if not scenery:
        backdrop.paint_plain(canvas)
        return canvas.finished()
    bands = _bands(canvas, names, singles, cards)
    names |= {canvas.light} | ({"water"} if names & {"sea", "lake"} else set())
    names |= {"bank"} if "lake" in names and not names & _SOILS else set()
    horizon = bands["horizon"][0]
    backdrop.paint_sky(canvas, horizon, names)
    haze = tuple(canvas.image.crop((0, round(horizon) - 3, 1, round(horizon) - 2)).tobytes())
    for layer, masses in LAYERS.items():
        if layer == "near":
            _paint_below(canvas, bands, names, haze)
        if layer == "over":
            settle(canvas, singles, bands)
        for name, mass in masses.items():
            if mass.get("with", name) in names:
                spread(canvas, name, mass, bands, haze)
    return canvas.finished()


def _light(names: set[str], seed: int) -> str:
    if "night" in names or (names & _NIGHTLY and not names & {"daylight", "sunset"}):
        return "night"
    late = seed % 8 > 4 and not names & {"daylight", "rain", "rainbow"}
    return "dusk" if "sunset" in names or late else "day"


def _bands(canvas: Canvas, names: set[str], singles: Sequence[Single], cards: int) -> dict[str, Band]:
    """Top and bottom of everything that things can be in, and how far aside sun and moon are."""
    chance, foot = canvas.dice("layout"), float(canvas.height)
    horizon = foot * ((0.5 if not cards else 0.42) + 0.08 * chance.random())
    wet, left = names & {"sea", "lake"}, chance.random() < 0.5
    dry = bool(names & _SOILS) or any(SHAPES[shape]["place"]["home"] == "land" for shape, _ in singles)
    deep = 0.1 if dry and cards else (0.5 if dry else 0.86) if "lake" in names else 0.52 if dry else 1.0
    near = foot * 0.55 if cards else foot  # so that no card hides what stands alone
    shore = horizon + (foot - horizon) * (deep if wet else 0)
    aside, high = 0.16 + 0.14 * chance.random(), horizon * (0.24 + 0.1 * chance.random())
    low = horizon * 0.45 if names & _HIDE_THE_HORIZON else horizon - canvas.unit * 6
    return {
        "sky": (0.0, horizon * 0.85),
        "moon": (high, high, canvas.width * (aside if left else 1 - aside)),
        "sun": (low, low, canvas.width * (0.64 if left else 0.36)),
        "horizon": (horizon, horizon),
        "water": (horizon, min(near, shore) if wet else near),
        "wet": (horizon, shore),
        "shore": (shore, shore),
        "land": (shore, max(shore, near)),
        "bank": (shore + 20 * canvas.unit,) * 2,
        "all": (0.0, foot),
    }


def _paint_below(canvas: Canvas, bands: dict[str, Band], names: set[str], haze: Colour) -> None:
    top, shore = bands["wet"]
    if "lake" in names:
        backdrop.paint_lake(canvas, top, shore)
    elif "sea" in names:
        backdrop.paint_sea(canvas, bands, haze, names)
    if shore < canvas.height - 2:
        backdrop.paint_ground(canvas, shore, names)
