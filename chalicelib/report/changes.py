"""Which words of a prompt are new and which are gone, against the prompt before it. Pure."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# Scripts written without spaces are compared sign by sign: Japanese, Chinese; Korean words change at their ends.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_PIECES = re.compile(rf"[^\W{_UNSPACED}]+(?:['’-][^\W{_UNSPACED}]+)*|\s+|.", re.DOTALL)
MOST_PIECES = 800  # comparing takes the square of it at the worst, and a prompt may have 10,000 characters


class Change(NamedTuple):
    """A stretch of text, and what became of it."""

    kind: Literal["same", "new", "gone"]
    text: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The prompt `after` with what is gone from `before` in its old place.

    Very long stretches that differ are told as wholly gone and wholly new.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    found = [Change("same", "".join(new[:start]))]
    found += _between(old[start : len(old) - end], new[start : len(new) - end])
    found += [Change("same", "".join(new[len(new) - end :]))]
    return tuple(change for change in found if change.text)


def _shared(one: list[str], other: list[str]) -> int:
    """How many pieces both begin with."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))


def _between(old: list[str], new: list[str]) -> list[Change]:
    if max(len(old), len(new)) > MOST_PIECES:
        return [Change("gone", "".join(old)), Change("new", "".join(new))]
    found: list[Change] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(new[new_from:new_to])))
        else:
            found += [
                Change("gone", "".join(old[old_from:old_to])),
                Change("new", "".join(new[new_from:new_to])),
            ]
    return found
