"""What a vision model is being asked: the kind of question, and the data in its tags. Pure.

The wording around the tags is the product's business; only the tags and the names of the wanted keys count here.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from .judge import requirements_of
from .rewriter import Missed


@dataclass(frozen=True)
class Question:
    """One question; `kind` is requirements, checklist, grade, economy or rewrite."""

    kind: str
    initial: str
    negative: str
    points: tuple[tuple[int, str], ...]
    missed: Missed
    limit: int
    data: str


def understand(text: str, has_image: bool) -> Question:
    """The question in all the text of a request, system prompt included."""
    wording = re.sub(r"<(\w+)>[^<]*</\1>", "", text)
    initial = _tag(text, "initial_prompt") or ("" if "<initial_prompt>" in text else text)
    items = _array(text, "requirements")
    points = [(item["n"], str(item["requirement"])) for item in items if isinstance(item, dict)]
    kind = _kind(wording, has_image, bool(points))
    limit = _tag(text, "length_limit")
    points = points or list(enumerate(requirements_of(initial), 1))
    data = " ".join(re.findall(r"<\w+>([^<]*)</\w+>", text))
    missed = _missed(_array(text, "tried"))
    return Question(
        kind,
        initial,
        _tag(text, "negative_prompt"),
        tuple(points),
        missed,
        int(limit) if limit.isdecimal() else 1024,
        data,
    )


def _kind(wording: str, has_image: bool, numbered: bool) -> str:
    graded = '"grade"' in wording
    if has_image:
        return ("economy" if numbered else "grade") if graded else "checklist"
    return "rewrite" if '"revised_prompt"' in wording else "requirements"


def _tag(text: str, name: str) -> str:
    found = re.findall(rf"<{name}>([^<]*)</{name}>", text)
    return found[-1].strip().replace("&lt;", "<") if found else ""


def _array(text: str, name: str) -> list[Any]:
    raw = _tag(text, name)
    try:
        items = json.loads(raw) if raw else []
    except ValueError:
        return []
    return items if isinstance(items, list) else []


def _missed(tried: list[Any]) -> Missed:
    times: dict[int, int] = {}
    for attempt in tried:
        for miss in attempt.get("missed", []) if isinstance(attempt, dict) else []:
            times[miss["n"]] = times.get(miss["n"], 0) + int(miss["times"])
    return Missed(times, frozenset(each["prompt"] if isinstance(each, dict) else str(each) for each in tried))
