"""Mountains: pale far ranges, and peaks with a lit flank, a shaded flank and snow."""

from itertools import pairwise
from random import Random

from PIL import Image

from ..tones import palette
from .colour import Colour, mix
from .layout import Layout
from .lines import jagged
from .stage import Point, Stage

# Where peaks stand and how tall they are, as shares of width and height; the first leaves the middle of the sky free.
_RANGES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0.16, 0.30), (0.84, 0.32), (0.37, 0.24), (0.66, 0.22), (-0.03, 0.19), (1.02, 0.2)),
    ((0.48, 0.37), (0.14, 0.22), (0.86, 0.25), (0.3, 0.19), (0.7, 0.2), (1.03, 0.17)),
    ((0.24, 0.38), (0.55, 0.24), (0.0, 0.22), (0.9, 0.28), (0.74, 0.16), (0.4, 0.17)),
    ((0.74, 0.38), (0.4, 0.25), (1.0, 0.2), (0.08, 0.28), (0.24, 0.17), (0.57, 0.16)),
)


def paint_mountains(stage: Stage, layout: Layout, haze: Colour, open_sky: bool) -> None:
    """A pale far range, then peaks with a lit and a shaded flank and snow on top; low in the middle for `open_sky`."""
    chance = stage.dice("mountains")
    lit, shade, snow = palette("mountains", stage.light)
    _far_range(stage, layout, mix(haze, lit, 0.42), 0.17, chance)
    _far_range(stage, layout, mix(haze, lit, 0.72), 0.1, chance)
    peaks = []
    for slot, tall in _RANGES[0] if open_sky else _RANGES[chance.randrange(len(_RANGES))]:
        height = layout.height * tall * (0.85 + 0.3 * chance.random())
        peaks.append((layout.width * (slot + 0.06 * (chance.random() - 0.5)), height))
    for x, height in peaks:
        _peak(stage, (x, layout.horizon + 2), height, (lit, shade, snow), chance)
    _ground_mist(stage, layout, haze)


def _far_range(stage: Stage, layout: Layout, colour: Colour, tall: float, chance: Random) -> None:
    points: list[Point] = [(0, layout.horizon + 2)]
    steps = 9
    heights = [layout.height * tall * (0.35 + 0.65 * chance.random()) for _ in range(steps + 1)]
    ridge = [(layout.width * step / steps, layout.horizon - heights[step]) for step in range(steps + 1)]
    for before, after in pairwise(ridge):
        points += jagged(before, after, 0.14, 3, chance)
    stage.fill([*points, (layout.width, layout.horizon + 2)], colour)


def _peak(stage: Stage, foot: Point, height: float, colours: tuple[Colour, Colour, Colour], chance: Random) -> None:
    lit, shade, snow = colours
    x, base = foot
    width = height * (1.15 + 0.3 * chance.random())
    apex = (x, base - height)
    left = jagged((x - width, base), apex, 0.055, 4, chance)
    right = jagged(apex, (x + width, base), 0.055, 4, chance)
    spine = jagged(apex, (x + width * 0.16, base), 0.1, 4, chance)
    stage.fill([*left, apex, *right, (x + width, base)], lit)
    stage.fill([apex, *right, (x + width, base), (x + width * 0.16, base), *reversed(spine)], shade)
    for _ in range(3):
        _gully(stage, x, base, height, width, mix(lit, shade, 0.55), chance)
    line = base - height * (0.6 + 0.06 * chance.random())
    cap_left = [point for point in left if point[1] <= line]
    cap_right = [point for point in right if point[1] <= line]
    cap_spine = [point for point in spine if point[1] <= line]
    if not (cap_left and cap_right and cap_spine):
        return
    drips = _drips(cap_left[0], cap_spine[-1], height * 0.07, chance)
    stage.fill([*cap_left, apex, *cap_spine, *reversed(drips)], snow)
    drips = _drips(cap_spine[-1], cap_right[-1], height * 0.07, chance)
    stage.fill([apex, *cap_right, *reversed(drips), *reversed(cap_spine)], mix(snow, shade, 0.38))


def _gully(stage: Stage, x: float, base: float, height: float, width: float, colour: Colour, chance: Random) -> None:
    share = 0.2 + 0.5 * chance.random()
    top = (x - width * share * 0.62, base - height * (1 - share) * 0.86)
    end = (top[0] - width * 0.06, min(base, top[1] + height * 0.34))
    stage.fill([top, (end[0] + width * 0.12, end[1]), end], colour)


def _drips(start: Point, end: Point, depth: float, chance: Random) -> list[Point]:
    """A zigzag from start to end, as snow reaches down gullies."""
    steps = 6
    points = [start]
    for step in range(1, steps):
        share = step / steps
        x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        points.append((x, y + depth * (1.0 if step % 2 else -0.35) * (0.6 + 0.8 * chance.random())))
    return [*points, end]


def _ground_mist(stage: Stage, layout: Layout, haze: Colour) -> None:
    rows = round(layout.height * 0.09)
    mask = Image.linear_gradient("L").resize((stage.width, rows)).point([round(level * 0.62) for level in range(256)])
    stage.veil(mask, haze, (0, round(layout.horizon) - rows))
