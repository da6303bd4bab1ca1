"""Where things go: the horizon, the light, the bands of ground and water, and places that do not overlap.

Pure. Places are in pixels; a band is its top and bottom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .plan import Planned

Band = tuple[float, float]

_GROUND_THINGS = {
    *("house", "lighthouse", "castle", "torii", "tent", "car", "people", "cat", "dog", "horse", "trees", "flowers"),
    *("meadow", "desert", "beach", "river", "hills"),
}
_NIGHTLY = {"stars", "aurora", "meteors", "moon"}


@dataclass(frozen=True)
class Layout:
    """The division of the picture; bands are None where there is no such thing."""

    width: int
    height: int
    light: str
    horizon: float
    sea: Band | None
    lake: Band | None
    land: Band | None
    lake_is_oval: bool
    moon_x: float
    sun_x: float

    @property
    def water(self) -> Band | None:
        """The water that boats, ice and fish are in."""
        return self.lake or self.sea


def light_of(elements: set[str], chance: Random) -> str:
    """The light that the elements call for, or one that suits."""
    if "night sky" in elements or (elements & _NIGHTLY and "daylight" not in elements and "twilight" not in elements):
        return "night"
    if "twilight" in elements:
        return "dusk"
    if "daylight" in elements or elements & {"rainbow", "rain"}:
        return "day"
    if "lightning" in elements:
        return "night"
    return "dusk" if chance.random() < 0.38 else "day"


def lay_out(width: int, height: int, planned: Sequence[Planned], chance: Random) -> Layout:
    """Divides the picture for what is to be drawn."""
    elements = {each.element for each in planned}
    horizon = height * (0.5 + 0.08 * chance.random())
    below = height - horizon
    needs_land = bool(elements & _GROUND_THINGS)
    sea = lake = land = None
    oval = False
    if "sea" in elements:
        sea = (horizon, horizon + below * 0.52 if needs_land or "lake" in elements else height)
    if "lake" in elements and not sea:
        lake = (horizon, horizon + below * (0.6 if needs_land else 0.86))
    if "lake" in elements and sea:
        lake, oval = (horizon + below * 0.66, horizon + below * 0.9), True
    if needs_land or oval or not (sea or lake):
        land = (lake[1] if lake and not oval else sea[1] if sea else horizon, float(height))
    left = chance.random() < 0.5
    moon_x = width * (0.16 + 0.14 * chance.random())
    return Layout(
        width,
        height,
        light_of(elements, chance),
        horizon,
        sea,
        lake,
        land,
        oval,
        moon_x if left else width - moon_x,
        width * (0.56 + 0.16 * chance.random() if left else 0.28 + 0.16 * chance.random()),
    )


def spread(count: int, left: float, right: float, chance: Random) -> list[float]:
    """`count` centres between two heights or widths, about evenly, never closer than half their share."""
    share = (right - left) / max(1, count)
    return [left + share * (number + 0.5 + 0.4 * (chance.random() - 0.5)) for number in range(count)]
