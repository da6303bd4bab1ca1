"""What people build: houses, tents, lighthouse, castle, torii, a city's skyline."""

from ..tones import body, palette
from .colour import Colour, mix, shaded
from .layout import Layout
from .stage import Point, Stage


def paint_house(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A cottage, `size` wide, with a door (its mark) and lit windows."""
    door, window = palette("house", stage.light)
    wall = body("house", colour, stage.light)
    x, y = foot
    wide, tall = size * 0.5, size * 0.46
    roof = mix(shaded(wall, 0.5), (60, 48, 60), 0.5)
    stage.fill([(x + wide * 0.45, y - tall * 1.62), (x + wide * 0.65, y - tall * 1.62), (x + wide * 0.65, y - tall), (x + wide * 0.45, y - tall)], shaded(roof, 0.8))
    stage.fill([(x - wide, y), (x - wide, y - tall), (x + wide, y - tall), (x + wide, y)], wall)
    stage.fill([(x - wide, y - tall), (x + wide, y - tall), (x + wide, y - tall * 0.9), (x - wide, y - tall * 0.9)], shaded(wall, 0.82))
    stage.fill([(x - wide * 1.16, y - tall * 0.96), (x - wide * 0.72, y - tall * 1.7), (x + wide * 0.72, y - tall * 1.7), (x + wide * 1.16, y - tall * 0.96)], roof)
    stage.fill([(x - wide * 1.16, y - tall * 0.96), (x + wide * 1.16, y - tall * 0.96), (x + wide * 1.12, y - tall * 1.04), (x - wide * 1.12, y - tall * 1.04)], shaded(roof, 1.18))
    stage.block((x, y - tall * 0.29), wide * 0.34, tall * 0.58, door)
    for side in (-1, 1):
        centre = (x + side * wide * 0.58, y - tall * 0.5)
        if stage.light != "day":
            stage.glow(centre, wide * 0.7, wide * 0.7, (255, 196, 100), 0.45)
        stage.block(centre, wide * 0.36, tall * 0.34, window)
        stage.line([(centre[0], centre[1] - tall * 0.17), (centre[0], centre[1] + tall * 0.17)], max(1.0, size * 0.012), shaded(wall, 0.6))


def paint_tent(stage: Stage, foot: Point, size: float, colour: str) -> None:
    """A ridge tent with a dark entrance (its mark)."""
    dark, trim = palette("tent", stage.light)
    cloth = body("tent", colour, stage.light)
    x, y = foot
    apex = (x, y - size * 0.62)
    stage.fill([apex, (x + size * 0.34, y - size * 0.56), (x + size * 0.62, y - size * 0.02), (x + size * 0.36, y)], shaded(cloth, 0.7))
    stage.fill([apex, (x + size * 0.38, y), (x - size * 0.5, y)], cloth)
    stage.fill([(x, y - size * 0.47), (x + size * 0.16, y), (x - size * 0.18, y)], trim)
    stage.fill([(x, y - size * 0.38), (x + size * 0.11, y), (x - size * 0.13, y)], dark)
    stage.block((x - size * 0.01, y - size * 0.07), size * 0.1, size * 0.12, dark)


def paint_lighthouse(stage: Stage, foot: Point, size: float) -> None:
    """A white and red tower and its lamp."""
    white, red, lamp = palette("lighthouse", stage.light)
    x, y = foot
    low, high = size * 0.15, size * 0.095

    def half(share: float) -> float:
        return low + (high - low) * share

    for ring in range(5):
        a, b = ring / 5, (ring + 1) / 5
        colour = (white, red)[ring % 2]
        stage.fill([(x - half(a), y - size * 0.8 * a), (x - half(b), y - size * 0.8 * b), (x + half(b), y - size * 0.8 * b), (x + half(a), y - size * 0.8 * a)], colour)
        stage.fill([(x + half(a) * 0.5, y - size * 0.8 * a), (x + half(b) * 0.5, y - size * 0.8 * b), (x + half(b), y - size * 0.8 * b), (x + half(a), y - size * 0.8 * a)], shaded(colour, 0.84))
    light = (x, y - size * 0.86)
    reach = size * (0.8 if stage.light == "night" else 0.4)
    stage.glow(light, reach, reach * 0.5, (255, 236, 160), 0.55)
    stage.block((x, y - size * 0.8), high * 2.9, size * 0.03, (70, 60, 66))
    stage.block(light, high * 1.5, size * 0.1, lamp)
    stage.fill([(x - high, y - size * 0.91), (x, y - size), (x + high, y - size * 0.91)], red)


def paint_castle(stage: Stage, foot: Point, size: float) -> None:
    """Walls, towers of several heights, pointed roofs."""
    wall, shade, roof = palette("castle", stage.light)
    x, y = foot
    for offset, wide, tall, pointed in ((0.0, 0.66, 0.4, False), (-0.36, 0.17, 0.6, True), (0.36, 0.17, 0.56, True), (-0.1, 0.2, 0.8, True), (0.16, 0.15, 0.66, True)):
        left, right, top = x + size * (offset - wide / 2), x + size * (offset + wide / 2), y - size * tall
        stage.fill([(left, y), (left, top), (right, top), (right, y)], wall)
        stage.fill([(left + (right - left) * 0.62, y), (left + (right - left) * 0.62, top), (right, top), (right, y)], shade)
        if pointed:
            lean = size * 0.03
            stage.fill([(left - lean, top), ((left + right) / 2, top - size * 0.2), (right + lean, top)], roof)
            stage.block(((left + right) / 2 - size * 0.02, top + size * 0.1), size * 0.03, size * 0.06, (255, 222, 150) if stage.light != "day" else (70, 66, 80))
        else:
            for tooth in range(7):
                stage.block((left + (right - left) * (tooth + 0.5) / 7, top - size * 0.015), size * 0.05, size * 0.04, wall)
    stage.fill([(x - size * 0.05, y), (x - size * 0.05, y - size * 0.12), (x, y - size * 0.17), (x + size * 0.05, y - size * 0.12), (x + size * 0.05, y)], (58, 48, 50))


def paint_torii(stage: Stage, foot: Point, size: float) -> None:
    """A vermilion gate with its two beams."""
    red, dark = palette("torii", stage.light)
    x, y = foot
    for side in (-1, 1):
        stage.fill([(x + side * size * 0.36, y), (x + side * size * 0.3, y - size * 0.8), (x + side * size * 0.22, y - size * 0.8), (x + side * size * 0.27, y)], red)
        stage.block((x + side * size * 0.315, y - size * 0.03), size * 0.11, size * 0.07, dark)
    stage.block((x, y - size * 0.58), size * 0.72, size * 0.06, red)
    stage.block((x, y - size * 0.67), size * 0.06, size * 0.12, red)
    for lift, colour, half in ((0.74, red, 0.46), (0.81, dark, 0.56)):
        stage.fill([(x - size * half, y - size * (lift + 0.06)), (x, y - size * lift), (x + size * half, y - size * (lift + 0.06)), (x + size * half * 0.97, y - size * lift + size * 0.03), (x, y - size * lift + size * 0.07), (x - size * half * 0.97, y - size * lift + size * 0.03)], colour)


def paint_city(stage: Stage, layout: Layout) -> None:
    """Two rows of towers on the horizon with windows alight."""
    chance = stage.dice("city")
    tones = palette("city", stage.light)
    for row, colour in enumerate((tones[0], tones[1])):
        x = -stage.unit * 20 * row
        while x < layout.width:
            wide = stage.unit * (34 + 46 * chance.random())
            middle = 1 - abs((x + wide / 2) / layout.width - 0.5) * 1.2
            tall = layout.height * (0.06 + 0.26 * chance.random() * middle) * (1 - 0.3 * row)
            _tower(stage, x, layout.horizon + 3, (wide, tall), (colour, tones[2]))
            x += wide * (0.86 + 0.3 * chance.random())


def _tower(stage: Stage, x: float, foot: float, size: tuple[float, float], colours: tuple[Colour, Colour]) -> None:
    colour, window = colours
    wide, tall = size
    stage.fill([(x, foot), (x, foot - tall), (x + wide, foot - tall), (x + wide, foot)], colour)
    chance = stage.dice(f"tower {x} {tall}")
    step = stage.unit * 13
    for column in range(int(wide / step) - 1):
        for floor in range(int(tall / step) - 1):
            if chance.random() < 0.4:
                stage.block((x + step * (column + 1), foot - tall + step * (floor + 1)), stage.unit * 4.5, stage.unit * 6, window)
