"""Composes a picture from far to near: scenery, what stands alone, cards, and the strip that tells what is there.

It leaves no trace of what it drew but the strip, which everybody can see. Same order, same bytes.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import backdrop, strip
from .art import MASSES, Band, Single, settle, spread
from .canvas import Canvas, Colour, mix
from .cards import paint_cards
from .luck import drawn
from .order import Order
from .strip import Shown
from .things import scenery_of
from .vocabulary import SCENERY, SHAPES

SOFTWARE = "Retake stand-in"
_NIGHTLY = {"night", "stars", "moon", "aurora", "meteors", "lightning"}
_SOILS = {"beach", "desert", "meadow", "snow", "forest", "hills"}
_HIDE_THE_HORIZON = {"mountains", "hills", "city", "forest"}
_IMPLIED = {"dust": {"night"}, "range": {"mountains"}, "dunes": {"desert"}, "tufts": {"meadow"}}
_EARTH: dict[str, Colour] = {"day": (62, 82, 60), "dusk": (52, 40, 58), "night": (12, 20, 34)}
_MOONLIGHT, _SUNLIGHT = (206, 216, 236), (255, 196, 124)


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
        plain = Canvas((order.width, height), "day", order.seed)
        backdrop.paint_plain(plain)
        picture.paste(plain.finished())
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
    names |= {more for more, because in _IMPLIED.items() if because & {*names, canvas.light}}
    bands = _bands(canvas, names, singles, cards)
    backdrop.paint_sky(canvas, bands["horizon"][0], names)
    haze = canvas.at(0, bands["horizon"][0] - 3)
    for homes in (("sky", "sun", "moon", "horizon"), ("shore", "land", "water"), ("all",)):
        if homes[0] == "shore":
            _paint_below(canvas, bands, names, haze)
        elif homes[0] == "all":
            settle(canvas, singles, bands)
        for name in (each for each, mass in MASSES.items() if each in names and mass["home"] in homes):
            spread(canvas, name, bands, haze)
    return canvas.finished()


def _light(names: set[str], seed: int) -> str:
    if (names & _NIGHTLY and not names & {"daylight", "sunset"}) or "night" in names:
        return "night"
    if "sunset" in names:
        return "dusk"
    return "dusk" if seed % 8 > 4 and not names & {"daylight", "rain", "rainbow"} else "day"


def _bands(canvas: Canvas, names: set[str], singles: Sequence[Single], cards: int) -> dict[str, Band]:
    """Top and bottom of everything that things can be in, and how far aside sun and moon are."""
    chance, foot = canvas.dice("layout"), float(canvas.height)
    horizon = foot * ((0.5 if not cards else 0.42) + 0.08 * chance.random())
    wet, left = names & {"sea", "lake"}, chance.random() < 0.5
    dry = bool(names & _SOILS) or any(SHAPES[shape]["home"] == "land" for shape, _ in singles)
    deep = 0.1 if dry and cards else (0.5 if dry else 0.86) if "lake" in names else 0.52 if dry else 1.0
    near = foot * 0.55 if cards else foot  # so that no card hides what stands alone
    shore = horizon + (foot - horizon) * (deep if wet else 0)
    aside, high = 0.16 + 0.14 * chance.random(), horizon * (0.24 + 0.1 * chance.random())
    low = horizon * 0.45 if names & _HIDE_THE_HORIZON else horizon - canvas.unit * 6
    return {
        **{"sky": (0.0, horizon * 0.85), "horizon": (horizon, horizon), "all": (0.0, foot)},
        **{"water": (horizon, min(near, shore) if wet else near), "wet": (horizon, shore)},
        **{"land": (shore, max(shore, near)), "shore": (shore, shore), "bank": (shore + 20 * canvas.unit,) * 2},
        "moon": (high, high, canvas.width * (aside if left else 1 - aside)),
        "sun": (low, low, canvas.width * (0.64 if left else 0.36)),
    }


def _paint_below(canvas: Canvas, bands: dict[str, Band], names: set[str], haze: Colour) -> None:
    (top, shore), earth = bands["wet"], _EARTH[canvas.light]
    if "lake" in names:
        backdrop.paint_lake(canvas, top, shore)
    elif "sea" in names:
        shining = (("moon", _MOONLIGHT), ("sun", _SUNLIGHT))
        backdrop.paint_sea(canvas, top, shore, haze, [(bands[at][2], tone) for at, tone in shining if at in names])
    if top < shore:
        spread(canvas, "ripples", bands, haze)
    if "lake" in names and not names & _SOILS:
        backdrop.paint_bands(canvas, shore, earth, mix(earth, (0, 0, 0), 0.3))
        spread(canvas, "reeds", bands, haze)
    elif shore < canvas.height - 2:
        backdrop.paint_ground(canvas, shore, names)


def _encoded(picture: Image.Image, encoding: str) -> bytes:
    """PNG or JPEG, signed as the stand-in's."""
    target, signed = BytesIO(), PngInfo()
    signed.add_text("Software", SOFTWARE)
    if encoding == "PNG":
        picture.save(target, "PNG", pnginfo=signed, compress_level=3)
    else:
        picture.save(target, "JPEG", quality=92, subsampling=0, comment=SOFTWARE.encode("ascii"))
    return target.getvalue()
