"""What a text asks for, in any language: things, each with its number and colour, and things that must not be there.

A text is cut into clauses and pieces; a piece with at least one word that means something is a thing. What the
vocabulary knows is known under one name in every language; every other word stands for itself. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from .vocabulary import RELATIONS, SCENERY
from .words import JOINT, LEAST, Words, absences, negative_ending

LONGEST_PHRASE = 80
_QUOTED = re.compile(r"[\"“„]([^\"“”„]{1,60})[\"“”]|[「『]([^」』]{1,60})[」』]")
_CLAUSE = re.compile(r"[,.;:!?。、，；：！？\n()\[\]]+")


@dataclass(frozen=True)
class Thing:
    """One thing; `phrase` as it was written, `label` without number and colour; `number` 0 and `colour` "": any."""

    phrase: str
    label: str
    marks: frozenset[str]
    number: int = 0
    at_least: bool = False
    colour: str = ""
    excluded: bool = False
    text: bool = False

    @property
    def scenery(self) -> str:
        """Its name among the things that are drawn as scenery, or nothing."""
        known = [mark for mark in self.marks if mark in SCENERY]
        if len(known) != 1:
            return ""
        rest, single = self.marks - set(known), bool(SCENERY[known[0]].shape)
        if rest and (single or not rest <= RELATIONS):
            return ""
        return known[0] if single or (self.number < 2 and not self.colour) else ""

    @property
    def name(self) -> str:
        """What it is called in a picture: by the vocabulary if that says it all, else in its own words."""
        return self.scenery if self.scenery and len(self.marks) == 1 else self.label


def scenery_of(label: str, number: int = 1, colour: str = "") -> str:
    """As what something in a picture is drawn, or nothing where it is a card."""
    found = things(label)
    return replace(found[0], number=number, colour=colour).scenery if len(found) == 1 else ""


def unfamiliar(prompt: str) -> tuple[str, ...]:
    """The words of a prompt that become cards, because the stand-in cannot draw them as scenery."""
    return tuple(thing.label for thing in things(prompt) if not thing.scenery and not thing.excluded)


@lru_cache(maxsize=1024)
def things(text: str) -> tuple[Thing, ...]:
    """Every thing once, in the order of the text; one that is both asked for and excluded is excluded."""
    found: list[Thing] = []
    quotes: list[str] = []

    def aside(match: re.Match[str]) -> str:
        quotes.append((match[1] or match[2]).strip())
        return f", \ue000{len(quotes) - 1} ,"

    plain = _QUOTED.sub(aside, re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text)))
    before = ""
    for clause in _CLAUSE.split(LEAST.sub(" ≥", plain)):
        if clause.strip().startswith("\ue000"):
            found.append(_text(quotes[int(clause.strip()[1:])], Words.of(before).negated))
        elif clause.strip():
            _read_clause(clause, found)
        before = clause
    unwanted = {thing.marks for thing in found if thing.excluded}
    kept = [thing for thing in found if thing.excluded or thing.marks not in unwanted]
    unique = tuple({(t.marks, t.number, t.colour, t.excluded): t for t in reversed(kept)}.values())[::-1]
    return unique or _as_it_stands(text)


def marks_of(label: str) -> frozenset[str]:
    """The marks of what is in a picture; a kind is also what it is a kind of."""
    if label.startswith('"'):
        return frozenset({"text", label.strip('"').casefold()})
    own = frozenset(mark for thing in things(label) for mark in thing.marks)
    return own | {SCENERY[mark].general for mark in own if mark in SCENERY}


def _text(words: str, excluded: bool) -> Thing:
    return Thing(f'"{words}"', f'"{words}"', frozenset({words.casefold()}), excluded=excluded, text=True)


def _as_it_stands(text: str) -> tuple[Thing, ...]:
    plain = " ".join(text.split())[:LONGEST_PHRASE]
    return (Thing(plain, plain, frozenset({plain.casefold()})),) if plain else ()


def _read_clause(clause: str, found: list[Thing]) -> None:
    """Adds the clause's things; a piece that only tells more about the thing before it is added to that one."""
    first, negated = len(found), False
    for link, piece in _pieces(clause):
        piece, absent = absences(piece)
        found += [Thing(name, name, frozenset({name}), excluded=True) for name in absent]
        denied = negative_ending(piece)
        bare = piece[: len(piece) - len(denied)]
        words = Words.of(bare)
        again = negated and link.lower() in ("or", "nor", "and", "oder", "und") and not words.determined
        negated = words.negated or again
        before = found[-1] if len(found) > first and not found[-1].text else None
        if words.marks and not words.orphan:
            found += _made(bare, words, negated or bool(denied))
        elif before is not None and (words.orphan or denied):
            found[-1] = _joined(before, words, bool(denied))


def _pieces(clause: str) -> list[tuple[str, str]]:
    """Each piece and the word that joins it to the one before."""
    parts = [part or "" for part in JOINT.split(clause)]
    return list(zip(["", *parts[1::2]], parts[0::2], strict=True))


def _made(piece: str, words: Words, excluded: bool) -> list[Thing]:
    phrase, label = words.phrase[:LONGEST_PHRASE].strip(), words.label[:LONGEST_PHRASE].strip()
    known = [name for name in words.names if name in SCENERY]
    if len(known) > 1 and not words.marks - set(known):
        return [Thing(name, name, frozenset({name}), excluded=excluded) for name in known]
    whole = Thing(phrase, label or phrase, words.marks, words.number, words.at_least, words.colour, excluded=excluded)
    return [whole]


def _joined(before: Thing, words: Words, excluded: bool) -> Thing:
    return replace(
        before,
        phrase=f"{before.phrase} {words.phrase}".strip()[:LONGEST_PHRASE],
        label=f"{before.label} {words.label}".strip()[:LONGEST_PHRASE],
        marks=before.marks | words.marks,
        number=before.number or words.number,
        excluded=before.excluded or excluded,
    )
