"""What people build: houses, tents, lighthouse, castle, torii, a city's skyline."""

from ..tones import body, palette
from .colour import Colour, mix, shaded
from .layout import Layout
from .outline import outline
from .stage import Point, Stage

_CASTLE = ((0, 66, 40, False), (-36, 17, 60, True), (36, 17, 56, True), (-10, 20, 80, True), (16, 15, 66, True))
_EMBERS = (255, 222, 150)


def paint_house(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A cottage, `size` wide, with a door (its mark) and lit windows."""
    door, window = palette("house", stage.light)
    wall = body("house", colour, stage.light)
    x, y = foot
    roof = mix(shaded(wall, 0.5), (60, 48, 60), 0.5)
    stage.fill(outline(foot, size, "22 46, 22 75, 32 75, 32 46"), shaded(roof, 0.8))
    stage.fill(outline(foot, size, "-50 0, -50 46, 50 46, 50 0"), wall)
    stage.fill(outline(foot, size, "-50 46, 50 46, 50 41, -50 41"), shaded(wall, 0.82))
    stage.fill(outline(foot, size, "-58 44, -36 78, 36 78, 58 44"), roof)
    stage.fill(outline(foot, size, "-58 44, 58 44, 56 48, -56 48"), shaded(roof, 1.18))
    stage.block((x, y - size * 0.135), size * 0.17, size * 0.27, door)
    for side in (-1, 1):
        centre = (x + side * size * 0.29, y - size * 0.23)
        if stage.light != "day":
            stage.glow(centre, size * 0.35, size * 0.35, (255, 196, 100), 0.45)
        stage.block(centre, size * 0.18, size * 0.16, window)
        cross = [(centre[0], centre[1] - size * 0.08), (centre[0], centre[1] + size * 0.08)]
        stage.line(cross, max(1.0, size * 0.012), shaded(wall, 0.6))


def paint_tent(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A ridge tent with a dark entrance (its mark)."""
    dark, trim = palette("tent", stage.light)
    cloth = body("tent", colour, stage.light)
    stage.fill(outline(foot, size, "0 62, 34 56, 62 2, 36 0"), shaded(cloth, 0.7))
    stage.fill(outline(foot, size, "0 62, 38 0, -50 0"), cloth)
    stage.fill(outline(foot, size, "0 47, 16 0, -18 0"), trim)
    stage.fill(outline(foot, size, "0 38, 11 0, -13 0"), dark)
    stage.block((foot[0] - size * 0.01, foot[1] - size * 0.07), size * 0.1, size * 0.12, dark)


def paint_lighthouse(stage: Stage, foot: Point, size: float) -> None:
    """A white and red tower and its lamp."""
    white, red, lamp = palette("lighthouse", stage.light)
    x, y = foot
    light = (x, y - size * 0.86)
    reach = size * (0.8 if stage.light == "night" else 0.4)
    stage.glow(light, reach, reach * 0.5, (255, 236, 160), 0.55)
    for ring in range(5):
        low, high = 16 * ring, 16 * ring + 16
        wide, narrow = 15 - 1.1 * ring, 13.9 - 1.1 * ring
        colour = (white, red)[ring % 2]
        whole = f"{-wide} {low}, {-narrow} {high}, {narrow} {high}, {wide} {low}"
        stage.fill(outline(foot, size, whole), colour)
        shade = f"{wide / 2} {low}, {narrow / 2} {high}, {narrow} {high}, {wide} {low}"
        stage.fill(outline(foot, size, shade), shaded(colour, 0.84))
    stage.block((x, y - size * 0.8), size * 0.28, size * 0.03, (70, 60, 66))
    stage.block(light, size * 0.14, size * 0.1, lamp)
    stage.fill(outline(foot, size, "-9.5 91, 0 100, 9.5 91"), red)


def paint_castle(stage: Stage, foot: Point, size: float) -> None:
    """Walls, towers of several heights, pointed roofs."""
    wall, shade, roof = palette("castle", stage.light)
    for middle, wide, tall, pointed in _CASTLE:
        left, right = middle - wide / 2, middle + wide / 2
        turn = left + wide * 0.62
        stage.fill(outline(foot, size, f"{left} 0, {left} {tall}, {right} {tall}, {right} 0"), wall)
        stage.fill(outline(foot, size, f"{turn} 0, {turn} {tall}, {right} {tall}, {right} 0"), shade)
        if not pointed:
            _battlements(stage, foot, size, (left, right, tall), wall)
            continue
        stage.fill(outline(foot, size, f"{left - 3} {tall}, {middle} {tall + 20}, {right + 3} {tall}"), roof)
        ((window),) = outline(foot, size, f"{middle - 2} {tall - 10}")
        stage.block(window, size * 0.03, size * 0.06, _EMBERS if stage.light != "day" else (70, 66, 80))
    stage.fill(outline(foot, size, "-5 0, -5 12, 0 17, 5 12, 5 0"), (58, 48, 50))


def _battlements(stage: Stage, foot: Point, size: float, wall: tuple[float, float, float], colour: Colour) -> None:
    left, right, tall = wall
    for tooth in range(7):
        ((place),) = outline(foot, size, f"{left + (right - left) * (tooth + 0.5) / 7} {tall + 1.5}")
        stage.block(place, size * 0.05, size * 0.04, colour)


def paint_torii(stage: Stage, foot: Point, size: float) -> None:
    """A vermilion gate with its two beams."""
    red, dark = palette("torii", stage.light)
    x, y = foot
    for side in (-1, 1):
        stage.fill(outline(foot, size, "36 0, 30 80, 22 80, 27 0", side), red)
        stage.block((x + side * size * 0.315, y - size * 0.03), size * 0.11, size * 0.07, dark)
    stage.block((x, y - size * 0.58), size * 0.72, size * 0.06, red)
    stage.block((x, y - size * 0.67), size * 0.06, size * 0.12, red)
    stage.fill(outline(foot, size, "-46 80, 0 74, 46 80, 44.6 71, 0 67, -44.6 71"), red)
    stage.fill(outline(foot, size, "-56 87, 0 81, 56 87, 54.3 78, 0 74, -54.3 78"), dark)


def paint_city(stage: Stage, layout: Layout) -> None:
    """Two rows of towers on the horizon with windows alight."""
    chance = stage.dice("city")
    far, near, window = palette("city", stage.light)
    for row, colour in enumerate((far, near)):
        x = -stage.unit * 20 * row
        while x < layout.width:
            wide = stage.unit * (34 + 46 * chance.random())
            middle = 1 - abs((x + wide / 2) / layout.width - 0.5) * 1.2
            tall = layout.height * (0.06 + 0.26 * chance.random() * middle) * (1 - 0.3 * row)
            _tower(stage, (x, layout.horizon + 3), (wide, tall), (colour, window))
            x += wide * (0.86 + 0.3 * chance.random())


def _tower(stage: Stage, foot: Point, size: tuple[float, float], colours: tuple[Colour, Colour]) -> None:
    (x, y), (wide, tall), (colour, window) = foot, size, colours
    stage.fill([(x, y), (x, y - tall), (x + wide, y - tall), (x + wide, y)], colour)
    chance = stage.dice(f"tower {x} {tall}")
    step = stage.unit * 13
    for column in range(int(wide / step) - 1):
        for floor in range(int(tall / step) - 1):
            if chance.random() < 0.4:
                place = (x + step * (column + 1), y - tall + step * (floor + 1))
                stage.block(place, stage.unit * 4.5, stage.unit * 6, window)
