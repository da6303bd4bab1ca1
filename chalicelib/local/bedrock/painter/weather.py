"""Rain and snow, in front of everything."""

from PIL import ImageDraw

from ..tones import palette
from .layout import Layout
from .stage import Stage


def paint_rain(stage: Stage, layout: Layout) -> None:
    """Slanting threads, hard-edged because they are thin."""
    chance = stage.dice("rain")
    tones = palette("rain", stage.light)
    pen = ImageDraw.Draw(stage.image)
    for number in range(170):
        x, y = chance.random() * layout.width * 1.1, chance.random() * layout.height
        long = stage.unit * (22 + 26 * chance.random())
        pen.line([(x, y), (x - long * 0.25, y + long)], fill=tones[number % 3], width=max(2, round(2 * stage.unit)))


def paint_snow(stage: Stage, layout: Layout) -> None:
    """Flakes of several sizes."""
    chance = stage.dice("snow")
    tones = palette("snow", stage.light)
    for number in range(190):
        size = stage.unit * (3 + 7 * chance.random() ** 2)
        stage.mark((chance.random() * layout.width, chance.random() * layout.height), size, size, tones[number % 3])
