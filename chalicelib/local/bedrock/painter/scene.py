"""Composes a picture: plan, layout, then everything from far to near."""

from collections.abc import Mapping

from ..chance import dice
from ..order import Order
from ..reading import read
from . import abstract, aurora, buildings, growth, ice, land, lights, meteors, mountains, sky, things, water, weather
from .colour import Colour
from .encoding import encoded
from .layout import Layout, lay_out
from .plan import Planned, plan
from .stage import Stage

_AURORA_SHEEN = (70, 190, 150)
_TALL = {"castle", "lighthouse", "trees", "torii", "house", "waterfall"}


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
    things.paint_things(stage, layout, planned)
    if "rain" in planned:
        weather.paint_rain(stage, layout)
    if "snow" in planned:
        weather.paint_snow(stage, layout)


def _paint_sky(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    elements = set(planned)
    sky.paint_sky(stage, layout, elements)
    if stage.light != "night" and not elements & {"daylight", "twilight", "clouds"}:
        sky.paint_wisps(stage, layout)
    sunk = not elements & (sky.HIDES_THE_HORIZON | _TALL)
    if "sun" in elements:
        lights.paint_sunlight(stage, layout, sunk)
    if "moon" in elements:
        lights.paint_moonlight(stage, layout)
    if "aurora" in elements:
        aurora.paint_aurora(stage, layout, 0.6 if not elements & sky.HIDES_THE_HORIZON else 0.42)
    if stage.light == "night":
        lights.dust_stars(stage, layout, "night sky" in elements)
    if "stars" in elements:
        lights.paint_stars(stage, layout)
    if "meteors" in elements:
        meteors.paint_meteors(stage, layout)
    if "moon" in elements:
        lights.paint_moon(stage, layout)
    if "rainbow" in elements:
        sky.paint_rainbow(stage, layout)
    if "clouds" in elements:
        sky.paint_clouds(stage, layout)
    if "lightning" in elements:
        sky.paint_lightning(stage, layout)
    if "sun" in elements:
        lights.paint_sun(stage, layout, sunk)


def _paint_distance(stage: Stage, layout: Layout, elements: set[str], haze: Colour) -> None:
    if "mountains" in elements:
        mountains.paint_mountains(stage, layout, haze, open_sky="sun" in elements)
    if "city" in elements:
        buildings.paint_city(stage, layout)
    if "hills" in elements:
        land.paint_hills(stage, layout)


def _paint_waters(stage: Stage, layout: Layout, elements: set[str], haze: Colour) -> None:
    if layout.sea:
        shining: list[tuple[float, Colour]] = []
        if "moon" in elements:
            shining.append((layout.moon_x, (206, 216, 236)))
        if "sun" in elements:
            shining.append((layout.sun_x, (255, 196, 124)))
        water.paint_sea(stage, layout, haze, shining, _AURORA_SHEEN if "aurora" in elements else None)
    if layout.lake and not layout.lake_is_oval:
        water.paint_lake(stage, layout)
    land.paint_land(stage, layout, elements)
    _paint_soils(stage, layout, elements)
    if layout.lake and layout.lake_is_oval:
        water.paint_lake(stage, layout)
    if "river" in elements:
        land.paint_river(stage, layout)
    if "waterfall" in elements:
        land.paint_waterfall(stage, layout)


def _paint_soils(stage: Stage, layout: Layout, elements: set[str]) -> None:
    """Sand by the water, grass, dunes: each from its own edge down, so that the nearer covers the farther."""
    soils = [
        name
        for name in (("beach", "meadow", "desert") if layout.water else ("desert", "meadow", "beach"))
        if name in elements
    ]
    brushes = {"desert": land.paint_desert, "meadow": land.paint_meadow, "beach": land.paint_beach}
    if layout.land:
        top, bottom = layout.land
        for number, name in enumerate(soils):
            brushes[name](stage, layout, (top + (bottom - top) * number / len(soils), bottom))


def _paint_ground(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    if "trees" in planned and not planned["trees"].exact:
        growth.paint_wood(stage, layout)
    if "drift ice" in planned:
        ice.paint_ice(stage, layout)
    if "flowers" in planned and not planned["flowers"].exact:
        growth.paint_flower_field(stage, layout, planned["flowers"].colour)
