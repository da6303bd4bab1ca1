"""What the vision models answered, read tolerantly and decided strictly.

Fences, prose around the JSON and `<thinking>` are passed over. An acceptance comes only from a JSON object that says
"YES" and leaves no requirement unmet; it is never guessed from prose, nor from a fragment of broken JSON, which may be
words that a model copied from the picture. What cannot be read is neither yes nor no. Pure.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.models.questions import MOST_REQUIREMENTS
from chalicelib.models.types import Finding, Judgement, Revision
from chalicelib.text.characters import cleaned
from chalicelib.text.cutting import cut

LONGEST_REPLY = 100_000
_MOST_BROKEN = 200
_LONGEST_REASON, _LONGEST_REQUIREMENT = 2_000, 500
_THINKING = re.compile(r"<(/?)(?:think|thinking|thoughts?|reasoning|reflection|scratchpad)\s?>", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "none", "n/a", "null", "nothing"})


class UnreadableReply(ValueError):
    """A reply that does not answer the question; the message says why."""


def read_verdict(text: str, requirements: tuple[str, ...] = ()) -> Judgement:
    """The verdict on one image; `requirements` are those asked about, for their own wording. Raises UnreadableReply."""
    judgements = [_judgement(answer, requirements) for answer in _answers(text, "result")]
    if len({judgement.accepted for judgement in judgements}) > 1:
        raise UnreadableReply("several answers that contradict each other")
    return judgements[-1]


def read_revision(text: str, length_limit: int) -> Revision:
    """The rewritten prompt and what must not appear, each within `length_limit` characters. Raises UnreadableReply."""
    revisions = {_revision(answer, length_limit) for answer in _answers(text, "revised_prompt")}
    if len(revisions) > 1:
        raise UnreadableReply("several different revised prompts")
    return revisions.pop()


def read_requirements(text: str) -> tuple[str, ...]:
    """The derived requirements, 1 to 12, each once. Raises UnreadableReply."""
    lists = {_requirements(answer) for answer in _answers(text, "requirements")}
    if len(lists) > 1:
        raise UnreadableReply("several different lists of requirements")
    return lists.pop()


def _judgement(answer: Mapping[str, Any], requirements: tuple[str, ...]) -> Judgement:
    result = answer["result"]
    said = result.strip(" .!\n\t").casefold() if isinstance(result, str) else ""
    if said not in ("yes", "no"):
        raise UnreadableReply(f"result is {str(result)[:50]!r}, neither YES nor NO")
    entries = _list(answer.get("requirements"))
    strict = said == "yes"
    if strict and entries is None:
        raise UnreadableReply("YES with requirements that are no list")
    findings = tuple(_findings(entries or [], requirements, strict=strict))
    if strict and not _all_answered(findings, requirements):
        raise UnreadableReply("YES without an answer to every requirement that was asked about")
    accepted = strict and all(finding.met for finding in findings)
    return Judgement(accepted, _reason(answer.get("reason"), findings), findings)


def _findings(entries: list[Any], requirements: tuple[str, ...], *, strict: bool) -> Iterator[Finding]:
    """Each requirement with its answer; `strict` refuses what is neither met nor unmet instead of passing it over."""
    own_wording = {_plain(requirement): requirement for requirement in requirements}
    for entry in entries:
        met = _met(entry.get("met")) if isinstance(entry, Mapping) else None
        if met is None:
            if strict:
                raise UnreadableReply("YES with a requirement that is neither met nor unmet")
            continue
        said = _line(entry.get("requirement"), _LONGEST_REQUIREMENT)
        yield Finding(own_wording.get(_plain(said), said), met, _line(entry.get("note"), _LONGEST_REQUIREMENT))


def _list(value: Any) -> list[Any] | None:
    """The list itself, or one that was written as JSON text, as a forced tool does now and then."""
    if isinstance(value, str):
        try:
            value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, list) else None


def _all_answered(findings: tuple[Finding, ...], requirements: tuple[str, ...]) -> bool:
    """Each requirement by its own wording; or, where the judge reworded some, in their place and in the same number."""
    named = [_plain(finding.requirement) for finding in findings]
    asked = [_plain(requirement) for requirement in requirements]
    if set(asked) <= set(named):
        return True
    return len(named) == len(asked) and all(
        said == wanted or (said and said not in asked) for said, wanted in zip(named, asked, strict=True)
    )


def _met(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "no": False, "false": False}
    return words.get(value.strip().casefold()) if isinstance(value, str) else None


def _reason(said: Any, findings: tuple[Finding, ...]) -> str:
    """The model's reason, or what is unmet where it gave none."""
    reason = _line(said, _LONGEST_REASON)
    unmet = "; ".join(f"not met: {finding.requirement}" for finding in findings if not finding.met)
    return reason or cut(unmet, _LONGEST_REASON).text


def _revision(answer: Mapping[str, Any], length_limit: int) -> Revision:
    prompt = _line(answer["revised_prompt"], length_limit)
    if not prompt:
        raise UnreadableReply("an empty revised prompt")
    unwanted = answer.get("negative_prompt")
    if isinstance(unwanted, list):  # one was asked for as text; either will do
        unwanted = ", ".join(entry for entry in unwanted if isinstance(entry, str))
    negative = _line(unwanted, length_limit)
    return Revision(prompt, None if negative.strip(" .").casefold() in _NOTHING else negative)


def _requirements(answer: Mapping[str, Any]) -> tuple[str, ...]:
    texts: dict[str, str] = {}
    for entry in _list(answer["requirements"]) or []:
        text = _line(entry.get("requirement") if isinstance(entry, Mapping) else entry, _LONGEST_REQUIREMENT)
        if text:
            texts.setdefault(_plain(text), text)
    if not texts:
        raise UnreadableReply("no requirement in the list")
    return tuple(texts.values())[:MOST_REQUIREMENTS]


def _line(value: Any, limit: int) -> str:
    """A text without characters that may not travel, trimmed, within a limit; empty for anything but text."""
    return cut(cleaned(value), limit).text if isinstance(value, str) else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


class _Found(NamedTuple):
    objects: list[dict[str, Any]]
    broken: int


def _answers(text: str, key: str) -> list[dict[str, Any]]:
    """Every JSON object in the reply that has the key, at least one. Raises UnreadableReply."""
    if len(text) > LONGEST_REPLY:
        raise UnreadableReply(f"a reply of {len(text):,} characters")
    outside = _said(text)
    found = _objects(outside)
    if found.broken == _MOST_BROKEN:
        raise UnreadableReply("braces without end")
    answers = [answer for found_object in found.objects for answer in _holding(found_object, key)]
    if not answers:
        raise UnreadableReply(f"no JSON object with {key!r} in it")
    if found.broken and len(re.findall(rf"\b{key}\b\W{{0,3}}:", outside)) > len(answers):
        raise UnreadableReply(f"broken JSON around {key!r}")
    return answers


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
