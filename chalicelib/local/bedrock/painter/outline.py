"""Shapes as text: corners in hundredths of a thing's size, right and up positive, from where it stands. Pure."""

from functools import lru_cache

from .stage import Point


def outline(foot: Point, size: float, corners: str, facing: int = 1) -> list[Point]:
    """The corners of `-26 0, -27 20, …` in pixels; `facing` -1 mirrors them."""
    return [(foot[0] + facing * size * x, foot[1] - size * y) for x, y in _parsed(corners)]


@lru_cache(maxsize=512)
def _parsed(corners: str) -> tuple[Point, ...]:
    pairs = (pair.split() for pair in corners.split(","))
    return tuple((float(x) / 100, float(y) / 100) for x, y in pairs)
