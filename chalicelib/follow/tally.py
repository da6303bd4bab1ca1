"""What a run has come to so far, counted from its events: what is under way, how jobs ended, what was spent. Pure."""

from dataclasses import dataclass

from chalicelib.follow.job_events import AttemptSeen, JobEnded, JobEvent, JobRefused
from chalicelib.follow.words import shortened, until
from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record, Status

ALL_ACCEPTED, SOME_FAILED, SOME_REFUSED = 0, 1, 3

End = JobEnded | JobRefused


@dataclass(frozen=True)
class Summary:
    """A whole run; `images` are pictures, `cost_usd` what all calls cost or would cost.

    `hint` is for people: what to look at next.
    """

    jobs: int
    accepted: int
    failed: int
    refused: int
    skipped: int
    not_ended: int
    images: int
    cost_usd: float
    seconds: float
    hint: str
    cancelled: int = 0


class Tally:
    """Changes with each event it is told of; `total` is how many jobs there are to be."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.under_way: dict[str, str] = {}  # by job: its attempt, and what is known of it
        self.ends: dict[str, End] = {}
        self.spent: dict[str, float] = {}
        self._verdicts: dict[str, str] = {}
        self._images: dict[str, int] = {}

    def take(self, event: JobEvent) -> None:
        match event:
            case AttemptSeen(record):
                self._attempt(record)
            case JobEnded(_, result):
                self.under_way.pop(result.job, None)
                self.spent[result.job] = result.cost_usd
                self._images[result.job] = pictures(event)
                self.ends[result.job] = event
            case JobRefused(_, job, _):
                self.under_way.pop(job, None)
                self.ends[job] = event

    def _attempt(self, record: Record) -> None:
        if record.status is Status.OUTCOME:
            self.spent[record.job] = record.spent_usd
            self._images[record.job] = self._images.get(record.job, 0) + len(record.images)
            self._verdicts[record.job] = f"{record.outcome}: {shortened(record.reason)}"
        waits = f"waits {until(record)}" if record.status is Status.DEFERRED else None
        self._at(record, waits or self._verdicts.get(record.job, "drawing"))

    def _at(self, record: Record, told: str) -> None:
        if record.job not in self.ends:
            self.under_way[record.job] = f"{position(record.revision, record.attempt)}  {told}"

    @property
    def images(self) -> int:
        return sum(self._images.values())

    @property
    def cost_usd(self) -> float:
        return sum(self.spent.values())

    @property
    def cost_of_ended(self) -> float:
        return sum(end.result.cost_usd for end in self.ends.values() if isinstance(end, JobEnded))

    @property
    def accepted(self) -> int:
        return sum(isinstance(end, JobEnded) and end.result.accepted for end in self.ends.values())

    @property
    def cancelled(self) -> int:
        return sum(isinstance(end, JobEnded) and end.result.status == "CANCELLED" for end in self.ends.values())

    @property
    def refused(self) -> int:
        return sum(isinstance(end, JobRefused) for end in self.ends.values())

    def summary(self, *, refused: int, skipped: int, seconds: float, hint: str) -> Summary:
        """`refused` could not become a prompt file, `skipped` were accepted before."""
        return Summary(
            jobs=self.total + refused + skipped,
            accepted=self.accepted,
            failed=len(self.ends) - self.accepted - self.refused - self.cancelled,
            refused=self.refused + refused,
            skipped=skipped,
            not_ended=self.total - len(self.ends),
            images=self.images,
            cost_usd=round(self.cost_usd, 6),
            seconds=round(seconds, 1),
            hint=hint,
            cancelled=self.cancelled,
        )


def pictures(end: JobEnded) -> int:
    """The images that a job left, not the calls that were made for them."""
    return sum(len(attempt.images) for attempt in end.result.attempts)


def exit_code(tally: Tally, refused: int) -> int:
    """0: all accepted. 1: a job failed, was cancelled or did not end. 3: none did, but a file was refused, or could not
    become one."""
    if tally.accepted + tally.refused < tally.total:
        return SOME_FAILED
    return SOME_REFUSED if tally.refused or refused else ALL_ACCEPTED
