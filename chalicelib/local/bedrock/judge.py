"""The verifier: what a text asks for, compared with what the eye sees; and the requirements it would derive.

An acceptance needs every element there, in number and colour, and nothing that was excluded. A text that names nothing
known is judged by a coin that the picture itself tosses, so that the same picture is always judged the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .chance import share
from .eye import Eye
from .phrases import described, listed, noun
from .reading import Reading, Wanted, names, read
from .vocabulary import ELEMENTS

SIGNATURE = "(judged by the Retake stand-in, no real model)"
MOST_REQUIREMENTS = 12
_UNATTAINABLE = "unattainable"
_WHOLE = "The image shows what the prompt describes: "
_LONGEST_QUOTE = 200


@dataclass(frozen=True)
class Finding:
    """Whether one wish is met, and in what words."""

    met: bool
    note: str


def verdict(eye: Eye, prompt: str, negative: str, requirements: Sequence[str]) -> dict[str, Any]:
    """`{"result", "reason", "requirements"}`; without given requirements they are derived from the prompt."""
    wanted = {each.element for each in read(prompt).wanted}
    excluded = [name for name in names(negative) if name not in wanted]
    checklist = requirements or (*requirements_of(prompt), *(_no(name) for name in excluded))
    entries = [_entry(eye, requirement) for requirement in checklist]
    findings = _findings(eye, prompt) + [_absence(eye, name) for name in excluded]
    missing = [finding.note for finding in findings if not finding.met]
    if requirements:
        missing += [entry["note"] for entry in entries if not entry["met"]]
    reason = "; ".join(dict.fromkeys(missing)) or f"everything asked for is there: {_summary(read(prompt))}"
    return {
        "result": "NO" if missing else "YES",
        "reason": f"{_sentence(reason)} {SIGNATURE}",
        "requirements": entries,
    }


def requirements_of(prompt: str) -> list[str]:
    """At most twelve statements, each about one visible thing."""
    reading = read(prompt)
    if reading.empty or _UNATTAINABLE in prompt.lower():
        return [f"{_WHOLE}{prompt.strip()[:_LONGEST_QUOTE]}"]
    statements = [_stated(each) for each in reading.wanted] + [_no(name) for name in reading.unwanted]
    return statements[:MOST_REQUIREMENTS]


def _no(name: str) -> str:
    return f"There are no {noun(name, True)}."


def _stated(wanted: Wanted) -> str:
    if ELEMENTS[wanted.element].countable:
        return f"The image shows {described(wanted)}."
    return f"The image shows: {described(wanted)}."


def _entry(eye: Eye, requirement: str) -> dict[str, Any]:
    findings = _findings(eye, requirement)
    met = all(finding.met for finding in findings)
    notes = [finding.note for finding in findings if finding.met is met]
    return {"requirement": requirement, "met": met, "note": "; ".join(notes)}


def _findings(eye: Eye, text: str) -> list[Finding]:
    if _UNATTAINABLE in text.lower():
        return [Finding(False, "something unattainable is asked for, and no picture can show it")]
    reading = read(text)
    if reading.empty:
        return [_coin(eye, text)]
    return [_presence(eye, wanted) for wanted in reading.wanted] + [_absence(eye, name) for name in reading.unwanted]


def _coin(eye: Eye, text: str) -> Finding:
    words = text.removeprefix(_WHOLE).strip()[:_LONGEST_QUOTE]
    if share("coin", eye.pixels, words) < 0.5:
        return Finding(True, "the picture suits the words")
    return Finding(False, "the picture does not suit the words well enough")


def _presence(eye: Eye, wanted: Wanted) -> Finding:
    element = ELEMENTS[wanted.element]
    if not eye.sees(wanted.element):
        return Finding(False, f"no {noun(wanted.element, True)} to be seen")
    if element.countable and (wanted.least > 1 or wanted.most is not None):
        number = eye.count(wanted.element)
        if number < wanted.least or (wanted.most is not None and number > wanted.most):
            return Finding(
                False, f"{number} {noun(wanted.element, number != 1)} to be seen instead of {described(wanted)}"
            )
    if wanted.colour:
        colour = eye.colour(wanted.element) or "no clear colour"
        if colour != wanted.colour:
            many = wanted.least > 1
            return Finding(False, f"{noun(wanted.element, many)} seen in {colour} instead of {wanted.colour}")
    return Finding(True, f"{described(wanted)}: seen")


def _absence(eye: Eye, name: str) -> Finding:
    if eye.sees(name):
        return Finding(False, f"{noun(name, True)} to be seen, though none were wanted")
    return Finding(True, f"no {noun(name, True)}, as asked")


def _summary(reading: Reading) -> str:
    there = [described(wanted) for wanted in reading.wanted]
    absent = [f"no {noun(name, True)}" for name in reading.unwanted]
    return listed(there + absent) if there or absent else "the picture suits the words"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
