"""Small pieces of sentences that are said in several places: the nearest known name, a number of things. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known name that is nearest, else all of them."""
    known = tuple(known)
    near = get_close_matches(name.lower(), known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def counted(number: int, thing: str) -> str:
    """`1 image`, `2,000 images`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
