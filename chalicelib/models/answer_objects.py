"""The JSON objects in what a vision model wrote: thinking, fences and prose around them are passed over. Pure.

An answer is never guessed: of broken JSON only raw line breaks inside texts are read.
"""

import json
import re
from typing import Any, NamedTuple

LONGEST_REPLY = 100_000
_MOST_BROKEN = 200
_THINKING = re.compile(r"<(/?)(?:think|thinking|thoughts?|reasoning|reflection|scratchpad)\s?>", re.IGNORECASE)


class UnreadableReply(ValueError):
    """A reply that does not answer the question; the message says why."""


class _Found(NamedTuple):
    objects: list[dict[str, Any]]
    broken: int


def answers(text: str, key: str) -> list[dict[str, Any]]:
    """Every JSON object in the reply that has the key, at least one. Raises UnreadableReply."""
    if len(text) > LONGEST_REPLY:
        raise UnreadableReply(f"a reply of {len(text):,} characters")
    outside = _said(text)
    found = _objects(outside)
    if found.broken == _MOST_BROKEN:
        raise UnreadableReply("braces without end")
    holding = [answer for found_object in found.objects for answer in _holding(found_object, key)]
    if not holding:
        raise UnreadableReply(f"no JSON object with {key!r} in it")
    if found.broken and len(re.findall(rf"\b{key}\b\W{{0,3}}:", outside)) > len(holding):
        raise UnreadableReply(f"broken JSON around {key!r}")
    return holding


def _said(text: str) -> str:
    """The reply without its thinking: what stands before a lone closing tag, after a lone opening one, or between."""
    kept: list[str] = []
    depth = start = 0
    for tag in _THINKING.finditer(text):
        if not tag[1]:
            if not depth:
                kept.append(text[start : tag.start()])
            depth += 1
        elif depth:
            depth -= 1
            start = tag.end()
        else:
            kept, start = [], tag.end()
    return " ".join(kept if depth else [*kept, text[start:]])


def _holding(candidate: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The object itself, or those directly inside it: some models print a tool call with its input."""
    if key in candidate:
        return [candidate]
    return [value for value in candidate.values() if isinstance(value, dict) and key in value]


def _objects(text: str) -> _Found:
    """The JSON objects of a text in order, outermost only, and how many braces opened something else."""
    decoder = json.JSONDecoder(object_pairs_hook=_unique, strict=False)  # a raw line break in a text is read
    objects, broken, at = [], 0, text.find("{")
    while at >= 0 and broken < _MOST_BROKEN:
        try:
            value, end = decoder.raw_decode(text, at)
            objects.append(value)
        except UnreadableReply:
            raise
        except (ValueError, RecursionError):
            broken, end = broken + 1, at + 1
        at = text.find("{", end)
    return _Found(objects, broken)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableReply("an answer that names the same field twice")
    return found
