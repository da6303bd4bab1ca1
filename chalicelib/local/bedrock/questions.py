"""What a vision model is being asked: the kind of question, and the data in its tags. Pure.

The wording around the tags is the product's business; only the tags and the names of the wanted keys count here.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .judge import Point, requirements_of


@dataclass(frozen=True)
class Question:
    """One question; `kind` is requirements, checklist, grade, economy or rewrite.

    For a rewrite: how often each point was missed, the prompts tried, and the length there is. `data`: all that stands
    in tags.
    """

    kind: str
    initial: str
    negative: str = ""
    points: tuple[Point, ...] = ()
    missed: Mapping[int, int] = field(default_factory=dict)
    tried: frozenset[str] = frozenset()
    limit: int = 1024
    data: str = ""


def understand(text: str, has_image: bool) -> Question:
    """The question in all the text of a request, system prompt included."""
    initial = _tag(text, "initial_prompt") or ("" if "<initial_prompt>" in text else text)
    points = tuple((item["n"], str(item["requirement"])) for item in _array(text, "requirements"))
    tried, missed = _array(text, "tried"), Counter[int]()
    for miss in (miss for prompt in tried for miss in prompt.get("missed", [])):
        missed[miss["n"]] += int(miss["times"])
    return Question(
        _kind(re.sub(r"<(\w+)>[^<]*</\1>", "", text), has_image, bool(points)),
        initial,
        _tag(text, "negative_prompt"),
        points or tuple(enumerate(requirements_of(initial), 1)),
        missed,
        frozenset(prompt["prompt"] for prompt in tried),
        int(_tag(text, "length_limit") or 1024),
        " ".join(re.findall(r"<\w+>([^<]*)</\w+>", text)),
    )


def _kind(wording: str, has_image: bool, numbered: bool) -> str:
    if has_image:
        return ("economy" if numbered else "grade") if '"grade"' in wording else "checklist"
    return "rewrite" if '"revised_prompt"' in wording else "requirements"


def _tag(text: str, name: str) -> str:
    found = re.findall(rf"<{name}>([^<]*)</{name}>", text)
    return found[-1].strip().replace("&lt;", "<") if found else ""


def _array(text: str, name: str) -> list[dict[str, Any]]:
    try:
        items = json.loads(_tag(text, name) or "[]")
    except ValueError:
        return []
    return [item for item in items if isinstance(item, dict)]
