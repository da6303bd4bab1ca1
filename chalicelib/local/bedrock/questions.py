"""What a vision model is being asked: the kind of question, and the data in its tags. Pure.

The wording around the tags is the product's business; only the tags and the names of the wanted keys count here.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from .judge import Point


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
    points = tuple((item["n"], item["requirement"]) for item in json.loads(_tag(text, "requirements") or "[]"))
    tried, missed = json.loads(_tag(text, "tried") or "[]"), Counter[int]()
    for miss in (miss for prompt in tried for miss in prompt["missed"]):
        missed[miss["n"]] += miss["times"]
    return Question(
        _kind(re.sub(r"<(\w+)>[^<]*</\1>", "", text), has_image, bool(points)),
        _tag(text, "initial_prompt"),
        _tag(text, "negative_prompt"),
        points,
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
