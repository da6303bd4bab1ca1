"""Who does what with a delivery: the table of the attempt protocol as a pure function.

Any message may arrive twice, late, or after a process died half-way. The facts are the attempt's record, whether its
image is there, the successor's record, and the time; the answer is one step. Must not read, write, wait or draw lots.

The rows, in order (dead: what `on_dead_letter` does instead):

    absent                                        create            dead: create a FAIL
    marked by a cancel                            end it as cancelled, over the mark
    leased or deferred, not due                   a delayed copy
    due; image or verdict there                   take over         dead: take over with a FAIL
    due; no image, generations < 2                take over, draw   dead: likewise
    due; no image, generations = 2                lost              dead: likewise
    outcome, a result follows                     write it if absent (dead-letter outcome: the letter first)
    outcome, a message follows, record exists     if that record ends the job, write its result
    outcome, a message follows, lease running     a delayed copy    dead: send what follows
    outcome, a message follows, lease over        send what follows

A mark is no record of the successor: what follows is sent until somebody has ended the job there.

And what `cancel` does, at the first position from which nothing leads further:

    no record at all                              nothing; or, ahead of it, mark the first position
    absent, or marked                             end it as cancelled
    deferred, or leased and due                   take over, end it as cancelled
    leased, not due                               mark both positions that can follow; look again
    outcome, a result follows                     write it if absent

Only one of the two marks can be met, but which one is known only with the outcome; between that and a claim of the
next attempt there is no time to mark anything. So both stand before the attempt under way says what follows.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.job.record import NextMessage, Record, Status
from chalicelib.job.result import Result

GENERATIONS = 2


@dataclass(frozen=True)
class Facts:
    """What was read: `image_there` matters once a claim is due, `successor` once a message follows."""

    record: Record | None
    now: datetime
    dead: bool = False
    image_there: bool = False
    successor: Record | None = None


@dataclass(frozen=True)
class Begin:
    """Nobody was here: claim the attempt and draw."""


@dataclass(frozen=True)
class TakeOver:
    """The claim has run out: go on from what is there; `draw` counts one more generation first."""

    record: Record
    draw: bool


@dataclass(frozen=True)
class GiveUpImage:
    """Two generations were begun and no image is there: outcome lost, no third payment."""

    record: Record


@dataclass(frozen=True)
class EndDead:
    """End the attempt with a FAIL, because its message ended in the dead-letter queue; record None: never begun."""

    record: Record | None


@dataclass(frozen=True)
class EndCancelled:
    """End the attempt, and the job, because its user asked for it; record None, or a mark: never begun."""

    record: Record | None


@dataclass(frozen=True)
class MarkSuccessors:
    """Somebody is at the attempt: see to it that no other follows."""

    record: Record


@dataclass(frozen=True)
class PutBack:
    """Too early: a copy of the message, delayed until `due`, carrying the larger count of deferrals."""

    due: datetime
    deferrals: int


@dataclass(frozen=True)
class WriteResult:
    """The job has ended: its result is written if it is absent, after the dead letter where `letter` says so."""

    result: Result
    letter: bool = False


@dataclass(frozen=True)
class SendNext:
    """The outcome is there and what follows was perhaps never sent."""

    message: NextMessage


@dataclass(frozen=True)
class Acknowledge:
    """Everything that follows has been seen."""


Step = Begin | TakeOver | GiveUpImage | EndDead | EndCancelled | PutBack | WriteResult | SendNext | Acknowledge
StepOfCancel = EndCancelled | MarkSuccessors | WriteResult


def due_at(record: Record) -> datetime:
    """When somebody else may take the attempt over."""
    if record.status is Status.DEFERRED and record.not_before:
        return record.not_before
    return record.lease_end


def decide(facts: Facts) -> Step:
    """The one row of the table that fits."""
    record = facts.record
    if record is None:
        return EndDead(None) if facts.dead else Begin()
    if record.status is Status.CANCELLING:
        return EndCancelled(record)
    if record.status is not Status.OUTCOME:
        return _unfinished(record, facts)
    if record.next and record.next.result:
        return WriteResult(record.next.result, letter=record.why == "dead")
    assert record.next, "an outcome always says what follows"
    assert record.next.message, "what follows is a message or a result"
    return _followed(record, record.next.message, facts)


def _unfinished(record: Record, facts: Facts) -> Step:
    due = due_at(record)
    if facts.now < due:
        return PutBack(due, record.deferrals)
    if facts.dead:
        return EndDead(record)
    if facts.image_there or record.images or record.judged:
        return TakeOver(record, draw=False)
    if record.generations < GENERATIONS:
        return TakeOver(record, draw=True)
    return GiveUpImage(record)


def _followed(record: Record, message: NextMessage, facts: Facts) -> Step:
    successor = facts.successor
    if successor is not None and successor.status is not Status.CANCELLING:
        ended = successor.status is Status.OUTCOME and successor.next and successor.next.result
        return WriteResult(ended) if ended else Acknowledge()  # its letter is kept by its own dead letter's delivery
    if facts.now < record.lease_end and not facts.dead:
        return PutBack(record.lease_end, record.deferrals)
    return SendNext(message)


def decide_cancel(record: Record | None, now: datetime) -> StepOfCancel:
    """The row of the second table; `record` is the first from which nothing leads further."""
    if record is None or record.status is Status.CANCELLING:
        return EndCancelled(record)
    if record.status is Status.OUTCOME:
        assert record.next, "an outcome always says what follows"
        assert record.next.result, "from where a message follows, something leads further"
        return WriteResult(record.next.result, letter=record.why == "dead")
    if record.status is Status.DEFERRED or now >= due_at(record):
        return EndCancelled(record)
    return MarkSuccessors(record)


def successors(record: Record, attempts: int, revisions: int) -> list[tuple[int, int]]:
    """The positions that can follow this one, whatever it comes to: the next attempt, and the next prompt's first."""
    following = [(record.revision, record.attempt + 1)] if record.attempt + 1 < attempts else []
    return [*following, (record.revision + 1, 0)] if record.revision + 1 < revisions else following
