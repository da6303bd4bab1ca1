"""What a text asks for, in any language: things, each with its number and colour, and things that must not be there.

A text is cut into clauses and pieces; a piece with at least one word that means something is a thing. What the
vocabulary knows is known under one name in every language; every other word stands for itself. Pure.
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from .vocabulary import ABSENCES, GENERAL, pattern
from .words import JOINT, LEAST, NEGATION, Thing, read_piece

LONGEST_PHRASE = 80
_QUOTED = re.compile(r"[\"“„「『]([^\"“”„」』]{1,60})[\"“”」』]")
_ABSENT = re.compile(pattern(ABSENCES), re.IGNORECASE)
_NONE_OF = re.compile(r"\bnone of (?:this|these|the following)[^:：\n]*[:：]", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.;:!?。、，；：！？\n()\[\]]+")


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
    before, plain = "", re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text))
    if listed := _NONE_OF.search(plain):
        wanted, unwanted = plain[: listed.start()], plain[listed.end() :]
        return (*(things(wanted) if wanted.strip() else ()), *(replace(t, excluded=True) for t in things(unwanted)))
    for number, part in enumerate(_QUOTED.split(plain)):  # every other one was in quotation marks
        if number % 2:
            words = f'"{part.strip()}"'
            marks, excluded = frozenset({part.strip().casefold()}), bool(NEGATION.search(before))
            found.append(Thing(words, words, marks, excluded=excluded))
            continue
        told = _ABSENT.sub(lambda match: f", no {ABSENCES[match[0].casefold()]},", LEAST.sub(" ≥", part))
        for before in _CLAUSE.split(told):
            found += _clause_read(before)
    absent = {thing.marks for thing in found if thing.excluded}
    short = (replace(t, phrase=_cut(t.phrase), label=_cut(t.label)) for t in found)
    kept = [thing for thing in short if thing.excluded or thing.marks not in absent]
    unique = tuple({thing.meaning: thing for thing in reversed(kept)}.values())[::-1]
    whole = _cut(" ".join(text.split()))
    return unique or ((Thing(whole, whole, frozenset({whole.casefold()})),) if whole else ())


def _cut(words: str) -> str:
    return words[:LONGEST_PHRASE].strip()


def marks_of(label: str) -> frozenset[str]:
    """The marks of what is in a picture; a kind is also what it is a kind of."""
    if label.startswith('"'):
        return frozenset({"text", label.strip('"').casefold()})
    own = frozenset(mark for thing in things(label) for mark in thing.marks)
    return own | {GENERAL[mark] for mark in own if mark in GENERAL}


def _clause_read(clause: str) -> list[Thing]:
    """The clause's things; a piece that only tells more about the thing before it is added to that one."""
    found: list[Thing] = []
    link, negated = "", False
    for number, part in enumerate(JOINT.split(clause)):  # pieces and, every other one, the word that joins them
        if number % 2:
            link = (part or "").lower()
            continue
        thing, negation, adds = read_piece(part)
        negated = negation or (negated and link in ("or", "nor", "and", "oder", "und"))
        if thing.marks and not adds:
            found += [replace(each, excluded=negated or thing.excluded) for each in _apart(thing)]
        elif found and (adds or thing.excluded):
            found[-1] = _joined(found[-1], thing)
    return found


def _apart(thing: Thing) -> list[Thing]:
    """Each by its name, where there are several that are all known."""
    if len(thing.marks) > 1 and thing.marks <= GENERAL.keys():
        return [Thing(name, name, frozenset({name})) for name in sorted(thing.marks)]
    return [thing]


def _joined(before: Thing, more: Thing) -> Thing:
    return replace(
        before,
        phrase=f"{before.phrase} {more.phrase}".strip(),
        label=f"{before.label} {more.label}".strip(),
        marks=before.marks | more.marks,
        number=before.number or more.number,
        excluded=before.excluded or more.excluded,
    )
