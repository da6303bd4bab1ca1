"""The rewriter: lists the requirements one by one, in their own words, what was missed most first."""

import re
from collections.abc import Sequence
from typing import Any

from .chance import digest
from .questions import Question
from .things import things
from .words import Thing

_OPENINGS = ("A detailed picture of", "A clear photograph of", "A wide view of", "A crisp image of")
_CLOSINGS = (
    "soft light, high detail, sharp focus",
    "clear focus, soft light, clean composition",
    "natural colours, high detail, plain light",
)


def rewrite(question: Question) -> dict[str, Any]:
    """A new prompt within the limit, what to add to the negative prompt, and which words carry which requirement.

    What must not be there goes into the negative prompt only; what no requirement names is not forgotten.
    """
    asked = {number: things(requirement) for number, requirement in question.points}
    absent = [thing.name for found in asked.values() for thing in found if thing.excluded]
    words = {number: _naming(found) for number, found in asked.items()}
    ordered = sorted(asked, key=lambda number: -question.missed.get(number, 0))
    named = {thing.meaning for found in asked.values() for thing in found}
    others = [thing.phrase for thing in things(question.initial) if thing.meaning not in named and not thing.excluded]
    subjects = list(dict.fromkeys(filter(None, [*(words[number] for number in ordered), *others])))
    prompt = _untried(subjects or ["a plain scene"], question)
    new = [name for name in absent if name.casefold() not in question.negative.casefold()]
    return {
        "revised_prompt": prompt,
        "negative_prompt": ", ".join(dict.fromkeys(new)),
        "carried_by": [words[number] if words[number] in prompt else "" for number, _ in question.points],
    }


def _naming(asked: Sequence[Thing]) -> str:
    """The words for what a requirement wants to be there, those in quotation marks alone; none where it excludes."""
    if any(thing.excluded for thing in asked):
        return ""
    quoted = [thing.phrase for thing in asked if thing.text]
    words = ", ".join(quoted or [thing.phrase for thing in asked])
    return re.sub("^(?:An?|The) ", lambda article: article[0].lower(), words)


def _untried(subjects: Sequence[str], question: Question) -> str:
    """In some opening and closing, and at last with the things in another order, so that no prompt comes twice."""
    start = digest("style", *subjects)
    styles = [(_OPENINGS[(start + n) % 4], _CLOSINGS[n % 3]) for n in range(12)]
    prompts = [
        _within(question.limit, opening, [*subjects[turn:], *subjects[:turn]], closing)
        for turn in range(len(subjects))
        for opening, closing in styles
    ]
    return next((prompt for prompt in prompts if prompt not in question.tried), prompts[0])


def _within(limit: int, opening: str, subjects: Sequence[str], closing: str) -> str:
    prompt = f"{opening} {subjects[0]}"
    if len(prompt) > limit:
        prompt = subjects[0][:limit]
    for clause in (*subjects[1:], *closing.split(", ")):
        if len(prompt) + len(clause) + 2 <= limit:
            prompt = f"{prompt}, {clause}"
    return prompt
