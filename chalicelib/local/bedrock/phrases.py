"""How the stand-in puts its elements into words: findings, requirements, captions. Pure."""

from .numerals import ENGLISH_NUMBERS
from .reading import Wanted
from .vocabulary import ELEMENTS

_MASS = {
    "night sky",
    "twilight",
    "daylight",
    "stars",
    "moon",
    "sun",
    "aurora",
    "rain",
    "snow",
    "lightning",
    "drift ice",
}


def noun(element: str, many: bool = False) -> str:
    """The element's name, in its plural where asked and possible."""
    known = ELEMENTS[element]
    return known.plural if many and known.countable else (known.plural and known.caption) or known.name


def described(wanted: Wanted) -> str:
    """A noun phrase that reads back as the same wish: `exactly three black cats`, `mountains`."""
    element = ELEMENTS[wanted.element]
    colour = f"{wanted.colour} " if wanted.colour else ""
    if not element.countable:
        return wanted.element
    if wanted.most is not None:
        return f"exactly {number(wanted.least)} {colour}{noun(wanted.element, wanted.least > 1)}"
    return f"at least {number(wanted.least)} {colour}{noun(wanted.element, wanted.least > 1)}"


def captioned(wanted: Wanted) -> str:
    """A phrase for a caption, without article or verb."""
    element = ELEMENTS[wanted.element]
    colour = f"{wanted.colour} " if wanted.colour else ""
    if not element.countable:
        return element.caption
    if wanted.most is not None:
        return f"{number(wanted.least)} {colour}{noun(wanted.element, wanted.least > 1)}"
    if wanted.least > 2:
        return f"several {colour}{noun(wanted.element, True)}"
    return f"{colour}{noun(wanted.element, wanted.least > 1)}"


def number(value: int) -> str:
    """In words up to twelve."""
    return ENGLISH_NUMBERS[value] if value < len(ENGLISH_NUMBERS) else str(value)


def listed(things: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return (
        things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}" if things else "nothing known"
    )
