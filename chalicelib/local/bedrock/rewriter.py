"""The rewriter: lists the requirements one by one, in their own words, what was missed most first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .chance import digest
from .things import things

_OPENINGS = ("A detailed picture of", "A clear photograph of", "A wide view of", "A crisp image of")
_CLOSINGS = (
    "soft light, high detail, sharp focus",
    "clear focus, soft light, clean composition",
    "natural colours, high detail, plain light",
)
_FRAME = re.compile(r"^there (?:is|are) (?:exactly )?|^the picture shows:? ", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]+"')
_TAIL = re.compile(
    r" (?:can be seen|(?:is|are) (?:clearly )?(?:visible|to be read|to be seen))?[.。]?$|[.。]$", re.IGNORECASE
)


Point = tuple[int, str]
"""A requirement's number and its words."""


@dataclass(frozen=True)
class Missed:
    """How often each requirement was missed so far, and the prompts tried."""

    times: Mapping[int, int]
    tried: frozenset[str]


def rewrite(points: Sequence[Point], initial: str, negative: str, missed: Missed, limit: int) -> dict[str, Any]:
    """A new prompt within the limit, what to add to the negative prompt, and which words carry which requirement.

    What must not be there goes into the negative prompt only; what no requirement names is not forgotten.
    """
    asked = {number: things(requirement) for number, requirement in points}
    absent = {number: [thing.name for thing in found if thing.excluded] for number, found in asked.items()}
    carried = {number: _core(requirement) for number, requirement in points}
    ordered = sorted(asked, key=lambda number: -missed.times.get(number, 0))
    named = {thing.marks for found in asked.values() for thing in found}
    others = [thing.phrase for thing in things(initial) if thing.marks not in named and not thing.excluded]
    named_first = [carried[number] for number in ordered if not absent[number]]
    subjects = list(dict.fromkeys(named_first + others)) or ["a plain scene"]
    prompts = [_within(limit, opening, turned, closing) for opening, turned, closing in _styles(subjects)]
    prompt = next((each for each in prompts if each not in missed.tried), prompts[0])
    new = [name for names in absent.values() for name in names if name.casefold() not in negative.casefold()]
    return {
        "revised_prompt": prompt,
        "negative_prompt": ", ".join(dict.fromkeys(new)),
        "carried_by": [
            carried[number] if carried[number] in prompt and not absent[number] else "" for number, _ in points
        ],
    }


def _core(requirement: str) -> str:
    """The words of a requirement that name the thing, as they stand in it."""
    if quoted := _QUOTED.search(requirement):
        return quoted[0]
    core = _TAIL.sub("", _FRAME.sub("", requirement.strip())).strip() or requirement
    return core[0].lower() + core[1:] if core.startswith(("A ", "An ", "The ")) else core


def _styles(subjects: Sequence[str]) -> Iterator[tuple[str, list[str], str]]:
    """Every opening with every closing, then the things in another order."""
    start = digest("style", *subjects)
    for turn in range(len(subjects)):
        for number in range(len(_OPENINGS) * len(_CLOSINGS)):
            opening, closing = _OPENINGS[(start + number) % len(_OPENINGS)], _CLOSINGS[number % len(_CLOSINGS)]
            yield opening, [*subjects[turn:], *subjects[:turn]], closing


def _within(limit: int, opening: str, subjects: Sequence[str], closing: str) -> str:
    prompt = f"{opening} {subjects[0]}"
    if len(prompt) > limit:
        prompt = subjects[0][:limit]
    for clause in (*subjects[1:], *closing.split(", ")):
        if len(prompt) + len(clause) + 2 <= limit:
            prompt = f"{prompt}, {clause}"
    return prompt
