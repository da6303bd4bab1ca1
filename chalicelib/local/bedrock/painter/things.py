"""Single things: each gets a stretch of ground, water or sky of its own, so that none hides another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import buildings, creatures, growth, people, vehicles
from .layout import Layout
from .plan import Planned
from .stage import Point, Stage

Brush = Callable[[Stage, Point, float, Planned, int], None]


@dataclass(frozen=True)
class Kind:
    """`room` in thousandths of the shorter side; `depth` 0 far to 1 near; where it lives; how it is drawn."""

    room: float
    depth: float
    home: str
    brush: Brush


_KINDS: Mapping[str, Kind] = {
    "castle": Kind(330, 0.06, "land", lambda s, p, w, e, n: buildings.paint_castle(s, p, w * 0.95)),
    "lighthouse": Kind(200, 0.12, "land", lambda s, p, w, e, n: buildings.paint_lighthouse(s, p, w * 1.5)),
    "torii": Kind(260, 0.3, "land", lambda s, p, w, e, n: buildings.paint_torii(s, p, w * 0.82)),
    "house": Kind(230, 0.2, "land", lambda s, p, w, e, n: buildings.paint_house(s, p, w * 0.78, e.colour)),
    "tent": Kind(170, 0.42, "land", lambda s, p, w, e, n: buildings.paint_tent(s, p, w * 0.8, e.colour)),
    "car": Kind(210, 0.55, "land", lambda s, p, w, e, n: vehicles.paint_car(s, p, w * 0.86, e.colour)),
    "horse": Kind(240, 0.5, "land", lambda s, p, w, e, n: creatures.paint_horse(s, p, w * 0.7, e.colour)),
    "people": Kind(130, 0.5, "land", lambda s, p, w, e, n: people.paint_person(s, p, w * 1.4, n)),
    "dog": Kind(160, 0.66, "land", lambda s, p, w, e, n: creatures.paint_dog(s, p, w * 0.72, e.colour)),
    "cat": Kind(150, 0.76, "land", lambda s, p, w, e, n: creatures.paint_cat(s, p, w * 0.84, e.colour)),
    "trees": Kind(190, 0.25, "land", lambda s, p, w, e, n: growth.paint_pine(s, p, w * 1.55, n)),
    "flowers": Kind(120, 0.7, "land", lambda s, p, w, e, n: growth.paint_flower(s, p, w * 0.36, e.colour, n)),
    "boat": Kind(180, 0.34, "water", lambda s, p, w, e, n: vehicles.paint_boat(s, p, w * 0.84, e.colour)),
    "fish": Kind(180, 0.74, "water", lambda s, p, w, e, n: creatures.paint_fish(s, p, w * 0.7, e.colour, n)),
    "balloon": Kind(190, 0.4, "sky", lambda s, p, w, e, n: vehicles.paint_balloon(s, p, w * 0.82, e.colour)),
    "bird": Kind(130, 0.6, "sky", lambda s, p, w, e, n: creatures.paint_bird(s, p, w * 0.72, e.colour, n)),
}
_MASSES = ("trees", "flowers")  # drawn as a wood or a field unless somebody counts


def paint_things(stage: Stage, layout: Layout, planned: Mapping[str, Planned]) -> None:
    """Everything of which there are single specimens, the farthest first."""
    left, right = layout.width * 0.03, layout.width * 0.97
    moonlit = (left, layout.width * 0.62) if layout.moon_x > layout.width / 2 else (layout.width * 0.38, right)
    single = [
        each for each in planned.values() if each.element in _KINDS and (each.exact or each.element not in _MASSES)
    ]
    for homes in (("land", "water"), ("sky",)):
        free = moonlit if "moon" in planned and homes == ("sky",) else (left, right)
        settled = list(_settled(stage, layout, [each for each in single if _KINDS[each.element].home in homes], free))
        for place, width, each, number in sorted(settled, key=lambda thing: thing[0][1]):
            _KINDS[each.element].brush(stage, place, width, each, number)


def _settled(
    stage: Stage, layout: Layout, planned: list[Planned], free: tuple[float, float]
) -> Iterator[tuple[Point, float, Planned, int]]:
    """Place, width and number of each specimen, side by side in an order of chance."""
    chance = stage.dice(f"things {[each.element for each in planned]}")
    specimens = [(each, number) for each in planned for number in range(each.number)]
    chance.shuffle(specimens)
    room = free[1] - free[0]
    total = sum(_KINDS[each.element].room for each, _ in specimens) * stage.unit
    scale = min(1.0, room / total) if total else 1.0
    gap = (room - total * scale) / (len(specimens) + 1)
    x = free[0]
    for each, number in specimens:
        kind = _KINDS[each.element]
        width = kind.room * stage.unit * scale
        x += gap * (0.7 + 0.6 * chance.random()) if gap > 0 else 0
        x = min(x, free[1] - width)
        yield (x + width / 2, _height(layout, kind, chance.random() - 0.5)), width, each, number
        x += width


def _height(layout: Layout, kind: Kind, luck: float) -> float:
    bands = {
        "land": layout.land or (layout.horizon, float(layout.height)),
        "water": layout.water or layout.land or (layout.horizon, float(layout.height)),
        "sky": (0.0, layout.horizon),
    }
    top, bottom = bands[kind.home]
    return top + (bottom - top) * (kind.depth + (0.3 if kind.home == "sky" else 0.1) * luck)
