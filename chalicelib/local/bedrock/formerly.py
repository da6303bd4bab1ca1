"""The questions as they were asked before requirements had numbers: to be deleted with the kind `verify`."""

from collections.abc import Sequence
from typing import Any

from .judge import SIGNATURE, Eye, unwanted
from .things import things


def verdict(seen: dict[str, Any], points: Sequence[tuple[int, str]], negative: str, eye: Eye) -> dict[str, Any]:
    """A checklist's answers as `{"result", "reason", "requirements"}`."""
    texts = dict(points)
    entries = [
        {
            "requirement": texts.get(each["n"], "something else"),
            "met": each["met"],
            "note": "" if each["met"] else each["shows"],
        }
        for each in seen["answers"]
    ]
    faults = [entry["note"] for entry in entries if not entry["met"]]
    faults += filter(None, (eye.lack(thing) for thing in unwanted(negative)))
    reason = "; ".join(dict.fromkeys(faults)) or "everything asked for is there"
    result = "NO" if faults else "YES"
    return {"result": result, "reason": f"{reason[0].upper()}{reason[1:]}. {SIGNATURE}", "requirements": entries}


def missed(failures: Sequence[Any], points: Sequence[tuple[int, str]]) -> dict[int, int]:
    """How often the words of each requirement stand in failures told as sentences."""
    told = [{mark for thing in things(str(failure)) for mark in thing.marks} for failure in failures]
    marks = {number: {mark for thing in things(text) for mark in thing.marks} for number, text in points}
    return {number: sum(bool(marks[number] & each) for each in told) for number, _ in points}
