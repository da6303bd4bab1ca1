"""What a vision model answered, read to what it was asked: a checklist, a grade, another prompt, requirements. Pure.

Strict where it decides (numbers, booleans, grades), tolerant in the wrapping. A text is kept within a limit and without
characters that may not travel, because it goes into records and messages. What cannot be read is neither yes nor no.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chalicelib.models.answer_objects import UnreadableReply, answers
from chalicelib.models.questions import LONGEST_DERIVED, MOST_REQUIREMENTS
from chalicelib.models.types import Checklist, Grade, Revision
from chalicelib.text.characters import cleaned
from chalicelib.text.cutting import cut

__all__ = ["UnreadableReply", "read_both", "read_checklist", "read_grade", "read_requirements", "read_revision"]

_LONGEST_SHOWN, _LONGEST_NOTE = 1_000, 500
_MOST_FAULTS = 20
_NUMBER = re.compile(r"\s*(10(?:\.0+)?|[0-9](?:\.[0-9]+)?)\s*(?:/\s*10)?\s*")
_NOTHING = frozenset({"", "-", "none", "n/a", "null", "nothing"})
Read = TypeVar("Read")


def read_checklist(text: str, count: int) -> Checklist:
    """The answers to `count` numbered requirements, each number exactly once. Raises UnreadableReply."""
    return _one(text, "answers", lambda answer: _checklist(answer, count), lambda checklist: checklist.met)


def read_grade(text: str) -> Grade:
    """A grade of 0 to 10 with its faults. Raises UnreadableReply."""
    return _one(text, "grade", _grade, lambda grade: grade.grade)


def read_both(text: str, count: int) -> tuple[Grade, Checklist]:
    """A grade and a checklist in one answer. Raises UnreadableReply."""
    return _one(
        text,
        "answers",
        lambda answer: (_grade(answer), _checklist(answer, count)),
        lambda both: (both[0].grade, both[1].met),
    )


def read_revision(text: str, length_limit: int) -> Revision:
    """The rewritten prompt and what must not appear, each within `length_limit` characters. Raises UnreadableReply."""
    return _one(text, "revised_prompt", lambda answer: _revision(answer, length_limit), lambda revision: revision)


def read_requirements(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The derived requirements, 1 to 12, each once; and those that were one too many. Raises UnreadableReply."""
    return _one(text, "requirements", _requirements, lambda lists: lists)


def _one(text: str, key: str, read: Callable[[Mapping[str, Any]], Read], decisive: Callable[[Read], object]) -> Read:
    """The last answer, where all answers in the reply agree in what decides. Raises UnreadableReply."""
    found = [read(answer) for answer in answers(text, key)]
    if len({decisive(value) for value in found}) > 1:
        raise UnreadableReply("several answers that contradict each other")
    return found[-1]


def _checklist(answer: Mapping[str, Any], count: int) -> Checklist:
    entries = _list(answer.get("answers"))
    if entries is None or not all(isinstance(entry, Mapping) for entry in entries):
        raise UnreadableReply("answers that are no list of objects")
    numbers = [_whole(entry.get("n")) for entry in entries]
    if sorted(number or 0 for number in numbers) != list(range(1, count + 1)):
        raise UnreadableReply(f"answers with the numbers {numbers[:50]}, where 1 to {count} were asked, each once")
    ordered = [entry for _, entry in sorted(zip(numbers, entries, strict=True), key=lambda pair: pair[0] or 0)]
    met = [_met(entry.get("met")) for entry in ordered]
    if None in met:
        raise UnreadableReply(f"answer {met.index(None) + 1} is neither met nor unmet")
    return Checklist(
        met=tuple(value is True for value in met),
        notes=tuple(_line(entry.get("shows"), _LONGEST_NOTE) for entry in ordered),
        shows=_line(answer.get("shows"), _LONGEST_SHOWN),
        words=_transcribed(answer.get("words")),
    )


def _grade(answer: Mapping[str, Any]) -> Grade:
    value = answer.get("grade")
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        value = float(found[1])
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 10:
        raise UnreadableReply(f"grade is {repr(value)[:50]}, no number from 0 to 10")
    return Grade(
        grade=float(value),
        faults=_texts(answer.get("faults"), _MOST_FAULTS),
        shows=_line(answer.get("shows"), _LONGEST_SHOWN),
    )


def _revision(answer: Mapping[str, Any], length_limit: int) -> Revision:
    prompt = _line(answer["revised_prompt"], length_limit)
    if not prompt:
        raise UnreadableReply("an empty revised prompt")
    unwanted = answer.get("negative_prompt")
    if isinstance(unwanted, list):  # one was asked for as text; either will do
        unwanted = ", ".join(entry for entry in unwanted if isinstance(entry, str))
    negative = _line(unwanted, length_limit)
    carried = _list(answer.get("carried_by")) or []
    return Revision(
        prompt,
        None if negative.strip(" .").casefold() in _NOTHING else negative,
        tuple(_line(words, _LONGEST_NOTE) for words in carried),
    )


def _requirements(answer: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    texts: dict[str, str] = {}
    for entry in _list(answer["requirements"]) or []:
        text = _line(entry.get("requirement") if isinstance(entry, Mapping) else entry, LONGEST_DERIVED)
        if text:
            texts.setdefault(" ".join(text.casefold().split()).rstrip("."), text)
    if not texts:
        raise UnreadableReply("no requirement in the list")
    listed = tuple(texts.values())
    return listed[:MOST_REQUIREMENTS], listed[MOST_REQUIREMENTS:][:MOST_REQUIREMENTS]


def _list(value: Any) -> list[Any] | None:
    """The list itself, or one that was written as JSON text, as a forced tool does now and then."""
    if isinstance(value, str):
        try:
            value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, list) else None


def _texts(value: Any, most: int) -> tuple[str, ...]:
    """A list of texts, or one text; empty for anything else."""
    entries = [value] if isinstance(value, str) and _list(value) is None else _list(value) or []
    texts = (_line(entry, _LONGEST_NOTE) for entry in entries)
    return tuple(text for text in texts if text.strip(" .").casefold() not in _NOTHING)[:most]


def _transcribed(value: Any) -> tuple[str, ...]:
    """All of the text in the picture: code looks through it, so none of it may be missing. Raises UnreadableReply.

    The figures of a clock or a house come as numbers; a fraction is none, since 3.50 would be read as 3.5.
    """
    entries = [value] if isinstance(value, str) and _list(value) is None else _list(value)
    if entries is None or not all(isinstance(entry, str) or _whole(entry) is not None for entry in entries):
        raise UnreadableReply("words that are no list of texts")
    texts = (cleaned(str(entry)).strip() for entry in entries)
    return tuple(text for text in texts if text.strip(" .").casefold() not in _NOTHING)


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:6])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _met(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "no": False, "false": False}
    return words.get(value.strip().casefold()) if isinstance(value, str) else None


def _line(value: Any, limit: int) -> str:
    """A text without characters that may not travel, trimmed, within a limit; empty for anything but text."""
    return cut(cleaned(value), limit).text if isinstance(value, str) else ""
