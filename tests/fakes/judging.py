"""What a vision model in memory answers, in every shape the pipeline may ask for: the one place that knows the shapes.

An answer holds the fields of each kind of question about a picture at once (a verdict, a numbered checklist, a grade);
a reader takes its own and passes the others over. A kind that is new is added here and nowhere else.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.bedrock import spoken

NUMBERED = re.compile(r'"n":\s*(\d+)')
LISTED = re.compile(r"<requirements>(\[.*?\])</requirements>", re.DOTALL)


def picture_in(request: Mapping[str, Any]) -> bytes | None:
    """The picture that a Converse request shows, if it shows one."""
    for message in request["messages"]:
        for block in message["content"]:
            if "image" in block:
                return bytes(block["image"]["source"]["bytes"])
    return None


def text_of(request: Mapping[str, Any]) -> str:
    """Everything a Converse request says in words."""
    blocks = [block for message in request["messages"] for block in message["content"]]
    return "\n".join(block["text"] for block in (*request.get("system", ()), *blocks) if "text" in block)


def about_a_picture(request: Mapping[str, Any], accepted: bool) -> dict[str, Any]:
    """Everything is there, or nothing."""
    text = text_of(request)
    listed = LISTED.search(text)
    wordings = json.loads(listed[1]) if listed else ["the subject"]
    answer = {
        "result": "YES" if accepted else "NO",
        "reason": "all there" if accepted else "nothing there",
        "requirements": [{"requirement": _words(entry), "met": accepted, "note": ""} for entry in wordings],
        "shows": "a picture",
        "answers": [{"n": number, "shows": "a picture", "met": accepted} for number in _numbers(text)],
        "words": [],
        "faults": [] if accepted else ["nothing there"],
        "grade": 10 if accepted else 2,
    }
    return spoken(json.dumps(answer))


def in_words(request: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    """A rewritten prompt, or the requirements of one."""
    text = text_of(request)
    if "revised_prompt" not in text:
        return spoken(json.dumps({"requirements": ["the subject"]}))
    answer = {"revised_prompt": prompt, "negative_prompt": "blur", "carried_by": [prompt for _ in _numbers(text)]}
    return spoken(json.dumps(answer))


def _numbers(text: str) -> list[int]:
    """1 … N of a numbered checklist; 1 where none is numbered."""
    return list(range(1, max(map(int, NUMBERED.findall(text)), default=1) + 1))


def _words(entry: Any) -> str:
    return str(entry["requirement"]) if isinstance(entry, Mapping) else str(entry)
