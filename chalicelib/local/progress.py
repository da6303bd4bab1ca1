"""What the user sees while jobs run: one line for each thing that happened, plain where the output is no terminal.

Everything printed came from prompts and models: it is shown as text, never read as markup. Must not decide anything.
"""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record
from chalicelib.job.result import Result
from chalicelib.local.happenings import (
    AttemptEnded,
    AttemptPutOff,
    Happening,
    JobEnded,
    JobRefused,
    LetterKept,
    Unreadable,
)
from chalicelib.text.characters import cleaned

STAND_IN = "This is a stand-in: S3, SQS and Bedrock are played on this machine. No model is asked, nothing is paid."
REASON_CHARACTERS = 160
PROMPT_CHARACTERS = 300
STYLES = {"accepted": "green", "rejected": "yellow", "blocked": "magenta", "SUCCESS": "bold green", "FAIL": "bold red"}


class Progress:
    """Prints happenings; a note is told once, when the first job has it.

    `told_job` shortens the names of jobs, where they can be told apart without their time and hash.
    """

    def __init__(self, console: Console, told_job: Callable[[str], str]) -> None:
        self._console = console
        self._told_job = told_job
        self._noted: set[str] = set()
        self._spent: dict[str, float] = {}

    def say(self, text: str, style: str = "") -> None:
        """A line of our own."""
        self._console.print(Text(text, style), soft_wrap=True)

    def verdict(self, what: str, status: str, told: str) -> None:
        """A line of the summary."""
        line = Text.assemble(f"{what:<20} ", (f"{status:<10}", STYLES.get(status, "red")), f" {told}")
        self._console.print(line, soft_wrap=True)

    @contextlib.contextmanager
    def live(self, running: Callable[[], str]) -> Iterator[None]:
        """Below the lines, on a terminal: how many jobs run, and what all have cost so far."""
        if not self._console.is_terminal:
            yield
            return
        spinner = Spinner("dots")

        def now() -> Spinner:
            spinner.update(text=f"{running()} · ${sum(self._spent.values()):.3f}")
            return spinner

        live = Live(get_renderable=now, console=self._console, transient=True, redirect_stdout=False)
        with live:  # standard output is the product's journal, which is no progress
            yield

    def show(self, happening: Happening) -> None:
        """One happening, in one line or two."""
        match happening:
            case AttemptEnded(record):
                self._attempt(record)
            case AttemptPutOff(record):
                when = f"{record.not_before:%H:%M:%S} UTC" if record.not_before else "later"
                self._line(record.job, record, Text(f"put off until {when}: {shortened(record.reason)}", "dim"))
            case JobEnded(_, result):
                self._line(result.job, None, _ended(result))
            case JobRefused(_, job, error):
                self._line(job, None, Text(f"refused: {cleaned(error)}", "red"))
            case Unreadable(place):
                self.say(f"s3://{place.bucket}/{place.key} is none of ours, or is gone", "dim")
            case LetterKept(place, job, error):
                self._line(job, None, Text(f"could not be processed: {shortened(error)}; kept as {place.key}", "red"))

    def _attempt(self, record: Record) -> None:
        self._spent[record.job] = record.spent_usd
        for note in record.notes:
            if note not in self._noted:
                self._noted.add(note)
                self._line(record.job, record, Text(note, "dim"))
        outcome = record.outcome or ""
        line = Text(f"{_drawn(record)}: ").append(outcome, STYLES.get(outcome, "red"))
        if record.reason:
            line.append(f", {shortened(record.reason)}")
        self._line(record.job, record, line.append(f" · ${record.spent_usd:.3f}", "dim"))
        if record.rewrite is not None:
            prompt = shortened(record.rewrite.prompt, PROMPT_CHARACTERS)
            self._line(record.job, record, Text(f"prompt rewritten: {prompt}", "cyan"))

    def _line(self, job: str, record: Record | None, text: Text) -> None:
        where = position(record.revision, record.attempt) if record is not None else ""
        self._console.print(Text(f"{self._told_job(job):<12} {where:<7}  ").append_text(text), soft_wrap=True)


def shortened(text: str, most: int = REASON_CHARACTERS) -> str:
    """One line without control characters, cut at a word."""
    line = " ".join(cleaned(text).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def paid(result: Result) -> str:
    """What a job's models made and would have cost."""
    return f"{counted(result.generations, 'image')}, ${result.cost_usd:.3f}"


def _drawn(record: Record) -> str:
    seeds = ", ".join(str(image.seed) for image in record.images if image.seed is not None)
    return f"{record.image_model or 'no model'}{f' (seed {seeds})' if seeds else ''}"


def _ended(result: Result) -> Text:
    told = f"{result.status} after {counted(len(result.attempts), 'attempt')}, {paid(result)}"
    return Text(told, STYLES.get(result.status, "bold"))
