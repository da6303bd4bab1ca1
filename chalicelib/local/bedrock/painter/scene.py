"""Composes a picture: plan, layout, then everything from far to near."""

from collections.abc import Mapping, Sequence

from ..chance import dice
from ..order import Order
from ..reading import read
from . import abstract, buildings, creatures, growth, land, lights, sky, vehicles, water, weather
from .colour import Colour
from .encoding import encoded
from .layout import Layout, lay_out, spread
from .plan import Planned, plan
from .stage import Stage

# Width that one of a kind takes up on the ground or on the water, and where it stands: 0 far, 1 near.
_STANDING: Mapping[str, tuple[float, float]] = {
    "castle": (330, 0.06), "lighthouse": (250, 0.12), "torii": (260, 0.3), "house": (230, 0.2), "tent": (170, 0.42),
    "car": (210, 0.55), "horse": (230, 0.5), "people": (150, 0.5), "dog": (150, 0.66), "cat": (150, 0.76),
}  # fmt: skip


def paint(order: Order) -> bytes:
    """The picture for an order, encoded; the same order gives the same bytes."""
    planned = plan(order.prompt, order.negative, order.seed)
    chance = dice("layout", order.prompt, order.seed)
    layout = lay_out(order.width, order.height, planned, chance)
    stage = Stage(order.width, order.height, layout.light, chance.getrandbits(32))
    if read(order.prompt).empty:
        abstract.paint_abstract(stage, order.prompt, order.seed)
    else:
        _compose(stage, layout, {each.element: each for each in planned})
    return encoded(stage.image, order.encoding)


def _compose(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    elements = set(planned)
    haze = sky.horizon_colour(stage, elements)
    _paint_sky(stage, layout, planned)
    _paint_distance(stage, layout, elements, haze)
    _paint_waters(stage, layout, elements, haze)
    _paint_ground(stage, layout, planned)
    _paint_standing(stage, layout, [each for each in planned.values() if each.element in _STANDING])
    _paint_afloat(stage, layout, planned)
    _paint_flying(stage, layout, planned)
    if "flowers" in planned:
        growth.paint_flowers(stage, layout, planned["flowers"])
    if "rain" in planned:
        weather.paint_rain(stage, layout)
    if "snow" in planned:
        weather.paint_snow(stage, layout)


def _paint_sky(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    elements = set(planned)
    sky.paint_sky(stage, layout, elements)
    if stage.light == "night":
        lights.dust_stars(stage, layout)
    if "sun" in elements:
        lights.paint_sunlight(stage, layout, "mountains" not in elements)
    if "aurora" in elements:
        lights.paint_aurora(stage, layout)
    if "stars" in elements:
        lights.paint_stars(stage, layout)
    if "moon" in elements:
        lights.paint_moon(stage, layout)
    if "rainbow" in elements:
        sky.paint_rainbow(stage, layout)
    if "clouds" in elements:
        sky.paint_clouds(stage, layout)
    if "lightning" in elements:
        sky.paint_lightning(stage, layout)
    if "sun" in elements:
        lights.paint_sun(stage, layout, "mountains" not in elements)
    if "meteors" in elements:
        lights.paint_meteors(stage, layout)


def _paint_distance(stage: Stage, layout: Layout, elements: set[str], haze: Colour) -> None:
    if "mountains" in elements:
        land.paint_mountains(stage, layout, haze)
    if "hills" in elements:
        land.paint_hills(stage, layout)
    if "city" in elements:
        buildings.paint_city(stage, layout)


def _paint_waters(stage: Stage, layout: Layout, elements: set[str], haze: Colour) -> None:
    if layout.sea:
        shining: list[tuple[float, Colour]] = []
        if "moon" in elements:
            shining.append((layout.moon_x, (206, 216, 236)))
        if "sun" in elements:
            shining.append((layout.sun_x, (255, 196, 124)))
        water.paint_sea(stage, layout, haze, shining)
    if layout.lake and not layout.lake_is_oval:
        water.paint_lake(stage, layout)
    land.paint_land(stage, layout, elements)
    for name, brush in (("desert", land.paint_desert), ("meadow", land.paint_meadow), ("beach", land.paint_beach)):
        if name in elements:
            brush(stage, layout)
    if layout.lake and layout.lake_is_oval:
        water.paint_lake(stage, layout)
    if "river" in elements:
        land.paint_river(stage, layout)
    if "waterfall" in elements:
        land.paint_waterfall(stage, layout)


def _paint_ground(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    if "trees" in planned:
        growth.paint_trees(stage, layout, planned["trees"])
    if "drift ice" in planned:
        water.paint_ice(stage, layout)


def _paint_standing(stage: Stage, layout: Layout, planned: Sequence[Planned]) -> None:
    """Everything on its feet gets a stretch of ground of its own."""
    chance = stage.dice("standing")
    specimens = [(each, number) for each in planned for number in range(each.number)]
    chance.shuffle(specimens)
    total = sum(_STANDING[each.element][0] for each, _ in specimens) * stage.unit
    room = layout.width * 0.92
    scale = min(1.0, room / total) if total else 1.0
    gap = (room - total * scale) / (len(specimens) + 1)
    x = layout.width * 0.04
    places = []
    for each, number in specimens:
        wide = _STANDING[each.element][0] * stage.unit * scale
        x += gap + wide
        foot = growth.ground(layout, _STANDING[each.element][1] + 0.12 * (chance.random() - 0.5))
        places.append((foot, x - wide / 2, wide, each, number))
    for foot, x, wide, each, number in sorted(places, key=lambda place: place[0]):
        _stand(stage, (x, foot), wide, each, number)


def _stand(stage: Stage, foot: tuple[float, float], wide: float, each: Planned, number: int) -> None:
    match each.element:
        case "castle":
            buildings.paint_castle(stage, foot, wide * 0.95)
        case "lighthouse":
            buildings.paint_lighthouse(stage, foot, wide * 1.15)
        case "torii":
            buildings.paint_torii(stage, foot, wide * 0.82)
        case "house":
            buildings.paint_house(stage, foot, wide * 0.78, each.colour)
        case "tent":
            buildings.paint_tent(stage, foot, wide * 0.8, each.colour)
        case "car":
            vehicles.paint_car(stage, foot, wide * 0.86, each.colour)
        case "horse":
            creatures.paint_horse(stage, foot, wide * 0.72, each.colour)
        case "people":
            creatures.paint_person(stage, foot, wide * 1.25, number)
        case "dog":
            creatures.paint_dog(stage, foot, wide * 0.74, each.colour)
        case _:
            creatures.paint_cat(stage, foot, wide * 0.9, each.colour)


def _paint_afloat(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    band = layout.water or (layout.horizon, float(layout.height))
    chance = stage.dice("afloat")
    for name, share, size in (("boat", 0.34, 170.0), ("fish", 0.74, 150.0)):
        if name not in planned:
            continue
        each = planned[name]
        room = layout.width * 0.9 / each.number
        for x in spread(each.number, layout.width * 0.05, layout.width * 0.95, chance):
            place = (x, band[0] + (band[1] - band[0]) * (share + 0.12 * (chance.random() - 0.5)))
            wide = min(size * stage.unit, room * 0.7)
            if name == "boat":
                vehicles.paint_boat(stage, place, wide, each.colour)
            else:
                creatures.paint_fish(stage, place, wide, each.colour, 1 if chance.random() < 0.5 else -1)


def _paint_flying(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    chance = stage.dice("flying")
    for name, share, size in (("balloon", 0.36, 170.0), ("bird", 0.64, 100.0)):
        if name not in planned:
            continue
        each = planned[name]
        room = layout.width * 0.84 / each.number
        facing = 1 if chance.random() < 0.5 else -1
        for x in spread(each.number, layout.width * 0.08, layout.width * 0.92, chance):
            place = (x, layout.horizon * (share + 0.24 * (chance.random() - 0.5)))
            wide = min(size * stage.unit, room * 0.66)
            if name == "balloon":
                vehicles.paint_balloon(stage, place, wide, each.colour)
            else:
                creatures.paint_bird(stage, place, wide, each.colour, facing)
