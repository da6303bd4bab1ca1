"""The state machine of a job: what follows a judged attempt. A pure table; must not ask anybody anything.

judged     attempts left in the revision   revisions left   what follows
accepted   –                               –                the job ends: SUCCESS
rejected   yes                             –                the next attempt, same prompt
rejected   no                              yes              the prompt is rewritten
blocked    –                               yes              the prompt is rewritten, its other attempts skipped
rejected   no                              no               the job ends: FAIL
blocked    –                               no               the job ends: FAIL
lost       as rejected, but nothing was seen: it teaches the rewriter nothing
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, assert_never

Judged = Literal["accepted", "rejected", "blocked", "lost"]


class Move(Enum):
    """What follows a judged attempt."""

    ACCEPT = auto()
    NEXT_ATTEMPT = auto()
    REWRITE = auto()
    RUN_OUT = auto()


@dataclass(frozen=True)
class Standing:
    """Where a job stands: both count from 0; the limits are the request's own, 1 or more."""

    revision: int
    attempt: int
    attempts: int
    revisions: int

    @property
    def number(self) -> int:
        """Attempts before this one if none was skipped: k of the seed rule."""
        return self.revision * self.attempts + self.attempt


def what_follows(judged: Judged, standing: Standing) -> Move:
    """The row of the table above."""
    last_attempt = standing.attempt + 1 >= standing.attempts
    last_revision = standing.revision + 1 >= standing.revisions
    match judged:
        case "accepted":
            return Move.ACCEPT
        case "rejected" | "lost" if not last_attempt:
            return Move.NEXT_ATTEMPT
        case "rejected" | "lost" | "blocked":
            return Move.RUN_OUT if last_revision else Move.REWRITE
        case _:
            assert_never(judged)
