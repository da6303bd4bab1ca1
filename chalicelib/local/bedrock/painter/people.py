"""People."""

from ..tones import palette
from .colour import Colour, shaded
from .outline import outline
from .stage import Point, Stage

_COATS: tuple[Colour, ...] = ((176, 64, 58), (58, 104, 136), (196, 152, 76), (92, 120, 84), (128, 92, 140))
_HAIR = (72, 50, 42)


def paint_person(stage: Stage, foot: Point, size: float, number: int) -> None:
    """Someone standing in a coat and a scarf; the face is the mark."""
    skin, cloth = palette("people", stage.light)
    x, y = foot
    coat = _COATS[number % len(_COATS)]
    for side in (-1, 1):
        stage.fill(outline(foot, size, "1 46, 11 46, 9 0, 2 0", side), cloth)
        stage.fill(outline(foot, size, "10 80, 15 78, 19 46, 14 45", side), shaded(coat, 0.85))
    stage.block((x, y - size * 0.42), size * 0.2, size * 0.1, cloth)
    stage.fill(outline(foot, size, "-12 44, 12 44, 13 80, 6 84, -6 84, -13 80"), coat)
    stage.block((x, y - size * 0.81), size * 0.13, size * 0.07, cloth)
    stage.ellipse((x, y - size * 0.935), size * 0.085, size * 0.08, _HAIR)
    stage.mark((x, y - size * 0.905), size * 0.125, size * 0.13, skin)
