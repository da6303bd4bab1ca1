"""Composes a picture: plan, layout, then everything from far to near."""

from ..chance import dice
from ..order import Order
from ..reading import read
from . import lights, sky
from .encoding import encoded
from .layout import lay_out
from .plan import plan
from .stage import Stage


def paint(order: Order) -> bytes:
    """The picture for an order, encoded; the same order gives the same bytes."""
    planned = plan(order.prompt, order.negative, order.seed)
    chance = dice("layout", order.prompt, order.seed)
    layout = lay_out(order.width, order.height, planned, chance)
    stage = Stage(order.width, order.height, layout.light, chance.getrandbits(32))
    elements = {each.element for each in planned}
    sky.paint_sky(stage, layout, elements)
    if "stars" in elements: lights.paint_stars(stage, layout)
    if "aurora" in elements: lights.paint_aurora(stage, layout)
    if "moon" in elements: lights.paint_moon(stage, layout)
    if "meteors" in elements: lights.paint_meteors(stage, layout)
    if "sun" in elements: lights.paint_sun(stage, layout, True)
    if "clouds" in elements: sky.paint_clouds(stage, layout)
    return encoded(stage.image, order.encoding)
