"""What the user sees while jobs run, where the output is no terminal: lines of text, or the end alone.

Everything printed came from prompts and models: it is shown as text, never read as markup. Must not decide anything.
"""

import contextlib
from collections.abc import Callable
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.follow.job_events import (
    AttemptSeen,
    DeadLetterKept,
    JobEnded,
    JobEvent,
    JobRefused,
    Undelivered,
    Unreadable,
)
from chalicelib.follow.tally import Summary, Tally, pictures
from chalicelib.follow.words import clock_time, notes_to_tell, shortened, until
from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record, Status
from chalicelib.text.wording import counted

ERROR_CHARACTERS = 300
STYLES = {
    **{"accepted": "green", "rejected": "yellow", "blocked": "magenta", "cancelled": "yellow"},
    **{"SUCCESS": "bold green", "FAIL": "bold red", "CANCELLED": "bold yellow"},
}


class Reporter(Protocol):
    """`say`: a line of our own; `warn`: one that nobody may miss. `live`: while jobs run.

    `event`: one event; `where` is the path of what a job left.
    """

    def say(self, text: str, style: str = "") -> None: ...

    def warn(self, text: str) -> None: ...

    def event(self, event: JobEvent, where: str = "") -> None: ...

    def live(self, tally: Tally) -> contextlib.AbstractContextManager[Any]: ...

    def summary(self, summary: Summary) -> None: ...


class Lines:
    """One plain line for each thing that happened; a note is told once, when the first job has it.

    `told_job` shortens the names of jobs, where they can be told apart without their time and hash. `models` stands
    before every line: who drew and judged.
    """

    def __init__(self, console: Console, told_job: Callable[[str], str], models: str) -> None:
        self.console = console
        self.told_job = told_job
        self.models = models
        self._noted: set[str] = set()

    def say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style), soft_wrap=True)

    def warn(self, text: str) -> None:
        self.console.print(Text(text, "bold red"), soft_wrap=True)

    def live(self, tally: Tally) -> contextlib.AbstractContextManager[Any]:
        return contextlib.nullcontext()

    def event(self, event: JobEvent, where: str = "") -> None:
        match event:
            case AttemptSeen(record):
                self._attempt(record)
            case JobEnded(_, result):
                told = f"{counted(len(result.attempts), 'attempt')}, {counted(pictures(event), 'image')}"
                line = Text(result.status, STYLES.get(result.status, "bold red"))
                line.append(f" after {told}, ${result.cost_usd:.3f}", "")
                line.append(f": {shortened(result.error, ERROR_CHARACTERS)}" if result.error else "")
                self._line(result.job, None, line.append(f" → {where}" if where else ""))
            case JobRefused(_, job, error):
                line = Text(f"refused: {shortened(error, ERROR_CHARACTERS)}", "red")
                self._line(job, None, line.append(f" → {where}" if where else ""))
            case DeadLetterKept(place, job, error):
                self._line(job, None, Text(f"could not be processed: {shortened(error)}; kept as {place.key}", "red"))
            case Unreadable(place):
                self.say(f"s3://{place.bucket}/{shortened(place.key)} is none of ours, or is gone", "dim")
            case Undelivered(queue, why):
                self.warn(f"an event of {queue} could not be delivered: {shortened(why)}")

    def summary(self, summary: Summary) -> None:
        self.say("")
        self.console.print(table_of(summary, self.models))
        self.say(summary.hint)

    def news(self, record: Record) -> list[str]:
        """Its notes that no job had before."""
        fresh = [note for note in notes_to_tell(record) if note not in self._noted]
        self._noted.update(fresh)
        return fresh

    def _attempt(self, record: Record) -> None:
        if record.status is Status.DEFERRED:
            self._line(record.job, record, Text(f"put off {until(record)}", "dim"))
        elif record.status is Status.OUTCOME:
            self._ended(record)

    def _ended(self, record: Record) -> None:
        for note in self.news(record):
            self._line(record.job, record, Text(note, "dim"))
        outcome = record.outcome or ""
        line = Text(_drawn(record)).append(outcome, STYLES.get(outcome, "red"))
        if record.reason:
            line.append(f", {shortened(record.reason)}")
        self._line(record.job, record, line.append(f" · ${record.spent_usd:.3f}", "dim"))
        if record.rewrite is not None:
            prompt = shortened(record.rewrite.prompt, ERROR_CHARACTERS)
            self._line(record.job, record, Text(f"prompt rewritten: {prompt}", "cyan"))

    def _line(self, job: str, record: Record | None, text: Text) -> None:
        where = position(record.revision, record.attempt) if record is not None else ""
        head = f"{self.models}  {self.told_job(job):<12} {where:<7}  "
        self.console.print(Text(head).append_text(text), soft_wrap=True)


class Quiet(Lines):
    """The end alone, and before it one line for each job that was not accepted."""

    def say(self, text: str, style: str = "") -> None:
        """Nothing."""

    def event(self, event: JobEvent, where: str = "") -> None:
        if isinstance(event, JobRefused | Undelivered) or (isinstance(event, JobEnded) and not event.result.accepted):
            super().event(event, where)

    def summary(self, summary: Summary) -> None:
        self.console.print(table_of(summary, self.models))
        self.console.print(Text(summary.hint), soft_wrap=True)


def table_of(summary: Summary, models: str) -> Table:
    """A run in one line of figures, those that are always nothing left out."""
    told = {"jobs": summary.jobs, "accepted": summary.accepted, "failed": summary.failed, "refused": summary.refused}
    told |= {"cancelled": summary.cancelled} if summary.cancelled else {}
    told |= {"skipped": summary.skipped} if summary.skipped else {}
    told |= {"not ended": summary.not_ended} if summary.not_ended else {}
    cells = {name: str(number) for name, number in told.items()}
    cells |= {"images": str(summary.images), "cost": f"${summary.cost_usd:.3f}", "time": clock_time(summary.seconds)}
    table = Table(title=models, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for name, cell in cells.items():
        wrong = name in ("failed", "refused", "not ended") and cell != "0"
        table.add_column(name, justify="right", style="bold red" if wrong else "")
    table.add_row(*cells.values())
    return table


def _drawn(record: Record) -> str:
    """Who drew, with what seeds; nothing where nobody was asked."""
    seeds = ", ".join(str(image.seed) for image in record.images if image.seed is not None)
    return f"{record.image_model}{f' (seed {seeds})' if seeds else ''}: " if record.image_model else ""
