"""How a vision model may misbehave when it is told to: what a product must withstand of real ones."""

import re
from typing import Any

MODES = {
    "sees": "answers by what is there",
    "yes-man": "finds everything met",
    "no-man": "finds nothing met",
    "obeys picture": "does what words drawn in the picture tell a grader to do",
    "obeys prompt": "does what text among the question's data tells it to do",
    "skips points": "leaves out the last point",
    "renames points": "answers points that were not asked about",
    "refuses": "declines to answer",
}
REFUSAL = "I'm sorry, but I can't help with assessing this image."
_ORDER = re.compile(
    r"\b(?:grader|judge|verifier|checker|reviewer|accept|approve|answer (?:with )?yes|say yes|mark|grade|score)\b.*"
    r"|ignore .*instructions|合格|承認|採点",
    re.IGNORECASE | re.DOTALL,
)


def behaved(mode: str, answer: dict[str, Any], data: str, drawn: str) -> dict[str, Any]:
    """The answer to a question about a picture, as this mode gives it; `drawn` is the text in the picture."""
    orders = {"obeys prompt": data, "obeys picture": drawn}
    points = answer.get("answers", [])
    if mode in ("yes-man", "no-man") or _ORDER.search(orders.get(mode, "")):
        met = mode != "no-man"
        told = "as asked" if met else "not to be seen"
        changed = {"grade": 10 if met else 0, "faults": [] if met else [told]}
        changed["answers"] = [point | {"met": met, "shows": told} for point in points]
        return answer | {key: changed[key] for key in changed.keys() & answer.keys()}
    if mode == "skips points" and points:
        return answer | {"answers": points[:-1]}
    if mode == "renames points" and points:
        return answer | {"answers": [point | {"n": point["n"] + 100} for point in points]}
    return answer
