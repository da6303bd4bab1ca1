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
_FRAME = re.compile(
    r"^there (?:is|are) (?:exactly )?|^the (?:words?|picture shows:?) |^no (?=.* visible\.$)", re.IGNORECASE
)
_TAIL = re.compile(
    r" (?:can be seen|(?:is|are) (?:clearly )?(?:visible|to be read|to be seen))?[.。]?$|[.。]$", re.IGNORECASE
)


@dataclass(frozen=True)
class Missed:
    """How often each requirement was missed so far, and the prompts tried."""

    times: Mapping[int, int]
    tried: frozenset[str]


def rewrite(points: Sequence[tuple[int, str]], negative: str, missed: Missed, limit: int) -> dict[str, Any]:
    """A new prompt within the limit, what to add to the negative prompt, and which words carry which requirement."""
    ordered = sorted(points, key=lambda point: -missed.times.get(point[0], 0))
    carried = {number: _core(requirement) for number, requirement in points}
    wanted = [number for number, requirement in ordered if not _excludes(requirement)]
    absent = [number for number, requirement in ordered if _excludes(requirement)]
    subjects = [carried[number] for number in wanted] or ["a plain scene"]
    prompts = [_within(limit, opening, shifted, closing) for opening, shifted, closing in _styles(subjects)]
    prompt = next((each for each in prompts if each not in missed.tried), prompts[0])
    known = negative.casefold()
    named = [thing.label for number, requirement in points if number in absent for thing in things(requirement)]
    return {
        "revised_prompt": prompt,
        "negative_prompt": ", ".join(name for name in named if name.casefold() not in known),
        "carried_by": [carried[number] if carried[number] in prompt else "" for number, _ in points],
    }


def _excludes(requirement: str) -> bool:
    asked = things(requirement)
    return bool(asked) and all(thing.excluded for thing in asked)


def _core(requirement: str) -> str:
    """The words of a requirement that name the thing, as they stand in it."""
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
