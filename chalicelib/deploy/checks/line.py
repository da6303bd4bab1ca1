"""One line of `doctor`, and what a whole of them means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from chalicelib.deploy.errors import CannotDeploy


class Mark(Enum):
    """FAIL: a job would go wrong; note: worth knowing, nothing is broken; ?: it could not be looked at."""

    OK = "ok"
    NOTE = "note"
    UNSEEN = "?"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Check:
    """`mend` is the command or act that puts it right, empty where all is well."""

    mark: Mark
    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.mark.value:<5}{self.says}" + (f" -> {self.mend}" if self.mend else "")


def passed(checks: Iterable[Check]) -> bool:
    """Whether a job can be expected to run: nothing is wrong, and what must be could be looked at."""
    return not {check.mark for check in checks} & {Mark.FAIL, Mark.UNSEEN}


def good(right: bool, says: str, otherwise: str, mend: str) -> Check:
    """All well, or a FAIL with what mends it."""
    return Check(Mark.OK, says) if right else Check(Mark.FAIL, otherwise, mend)


def unseen(name: str, reason: CannotDeploy, mark: Mark = Mark.UNSEEN) -> Check:
    """What could not be looked at is a line of its own."""
    return Check(mark, f"{name} cannot be looked at: {reason.says}", _lower(reason.then))


def hidden(reasons: Mapping[str, CannotDeploy], *names: str) -> Check | None:
    """The line for the first of these that was not seen, or None."""
    return next((unseen(name, reasons[name]) for name in names if name in reasons), None)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
