"""What a vision model is being asked: the kind of question, and the user's texts in their tags. Pure.

The wording around the tags is the product's business; only the tags and the name of the wanted key count here.
"""

import json
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question; `kind` is verify, rewrite or requirements."""

    kind: str
    initial: str
    negative: str = ""
    requirements: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    limit: int = 1024


def understand(text: str, has_image: bool) -> Question:
    """The question in all the text of a request, system prompt included."""
    wording = re.sub(r"<(\w+)>[^<]*</\1>", "", text)
    kind = "verify" if has_image else "rewrite" if '"revised_prompt"' in wording else "requirements"
    limit = _tag(text, "length_limit").strip()
    return Question(
        kind,
        _tag(text, "initial_prompt") or ("" if "<initial_prompt>" in text else text),
        _tag(text, "negative_prompt"),
        _array(text, "requirements"),
        _array(text, "tried"),
        _array(text, "failures"),
        int(limit) if limit.isascii() and limit.isdigit() else 1024,
    )


def _tag(text: str, name: str) -> str:
    found = re.findall(rf"<{name}>([^<]*)</{name}>", text)
    return found[-1].strip().replace("&lt;", "<") if found else ""


def _array(text: str, name: str) -> tuple[str, ...]:
    raw = _tag(text, name)
    try:
        items = json.loads(raw) if raw else []
    except ValueError:
        return ()
    if not isinstance(items, list):
        return ()
    return tuple(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items)
