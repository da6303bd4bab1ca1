"""`run`: prompt files in, a directory of jobs out, on this machine only.

Uploads, follows the outbox, copies each job when it ends. What becomes of a job is read from what the product wrote,
never computed here.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty

from chalicelib.follow.copies import Copies
from chalicelib.follow.gallery import write_gallery
from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.job_events import JobEnded, JobEvent, JobRefused, Undelivered
from chalicelib.follow.kept import NAME, Kept
from chalicelib.follow.reporting import Reporter
from chalicelib.follow.tally import Tally, exit_code
from chalicelib.follow.words import shortened
from chalicelib.job.result import Result
from chalicelib.local.cloud import LocalAws
from chalicelib.local.models import Models
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.files import PromptFile, label_of
from chalicelib.prompts.rows import RefusedRow
from chalicelib.text.wording import counted

INTERRUPTED = 130
STALLED_SECONDS = 3_000  # longer than any one wait of the product, 2,700 s: copies on the way write nothing


@dataclass(frozen=True)
class Order:
    """What is to be run: `refused` could not become a prompt file, `skipped` are accepted in `directory` already."""

    files: tuple[PromptFile, ...]
    refused: tuple[RefusedRow, ...]
    skipped: int
    directory: Path
    models: Models
    budget: Budget
    verbose: bool = False
    local_aws: type[LocalAws] = LocalAws


class Run:
    """One run, followed to its end."""

    def __init__(self, order: Order, reporter: Reporter, now: Callable[[], float]) -> None:
        self._order = order
        self._reporter = reporter
        self._now = now
        self._kept = Kept(order.directory, order.models.name)
        self._by_label = {file.label: file for file in order.files}
        self._waiting = list(order.files)
        self._reserved: dict[str, float] = {}  # by label: what a job under way may cost
        self._tally = Tally(len(order.files))
        self._unkept = ""

    def to_its_end(self, environment: MutableMapping[str, str]) -> int:
        """The exit code. Raises SettingsError."""
        began, interrupted = self._now(), False
        for row in self._order.refused:
            self._reporter.warn(f"refused: {shortened(str(row), 500)}")
        if skipped := self._order.skipped:
            told = f"{counted(skipped, 'prompt')} accepted in {self._order.directory} already; --again does them again"
            self._reporter.say(told, "dim")
        if self._order.files:
            interrupted = self._run(environment)
        hint = write_gallery(self._order.directory)
        refused = len(self._order.refused)
        self._reporter.summary(
            self._tally.summary(refused=refused, skipped=skipped, seconds=self._now() - began, hint=hint)
        )
        return INTERRUPTED if interrupted else exit_code(self._tally, refused)

    def _run(self, environment: MutableMapping[str, str]) -> bool:
        """Whether the user broke off. Whatever ends it, what was paid for is copied and remembered."""
        order = self._order
        prompts = [request.prompt for file in order.files if (request := order.budget.request_of(file))]
        for line in filter(None, (order.models.opening, order.models.limits_told(prompts))):
            self._reporter.say(line, "dim")
        made = order.local_aws(environment, order.models, self._reporter, verbose=order.verbose)
        with made as aws, interrupts(aws.interrupt):  # to the last copy: a terminal that closes says so more than once
            copies = Copies(aws.engine.s3, aws.engine.names.inbox, order.directory)
            try:
                interrupted = self._followed(aws, copies)
            finally:
                try:
                    late = [(event, self._kept_path(event, copies)) for event in aws.settle()]
                finally:  # a second Ctrl-C waits no longer, and loses nothing that is there
                    copies.copy_all()
            for event, where in late:
                self._reporter.event(event, where)
            self._not_copied(copies)
        return interrupted

    def _followed(self, aws: LocalAws, copies: Copies) -> bool:
        order = self._order
        try:
            with self._reporter.live(self._tally):
                self._begin(aws)
                for event in aws.events(STALLED_SECONDS) if self._reserved else ():
                    self._reporter.event(event, self._kept_path(event, copies))
                    if isinstance(event, JobEnded | JobRefused):
                        self._begin(aws)
                    if copies.full:
                        self._reporter.warn(f"{order.directory} is full: what is under way ends, nothing more is begun")
                    if copies.full or isinstance(event, Undelivered) or not self._reserved:
                        return False
        except Empty:
            self._reporter.warn(f"nothing has moved for {STALLED_SECONDS // 60} minutes: giving up")
            return False
        if interrupted := bool(self._reserved):
            self._reporter.warn("interrupted: what is under way is finished, and all that is made is copied")
        return interrupted

    def _begin(self, aws: LocalAws) -> None:
        """Upload whatever the budget admits; once nothing is under way and nothing more fits, say so."""
        for file in list(self._waiting):
            reserved = self._tally.cost_of_ended + sum(self._reserved.values())
            if admitted := self._order.budget.admitted(file, reserved, alone=not self._reserved):
                self._waiting.remove(file)
                self._reserved[file.label] = admitted[1]
                aws.engine.s3.put_object(Bucket=aws.engine.names.inbox, Key=file.key, Body=admitted[0].body)
        if self._waiting and not self._reserved:
            left = (self._order.budget.most_usd or 0.0) - self._tally.cost_of_ended
            told = f"{counted(len(self._waiting), 'prompt')} not begun, from {self._waiting[0].origin} on"
            self._reporter.warn(f"{told}: ${left:.3f} of --max-usd is left, less than an attempt can cost")

    def _kept_path(self, event: JobEvent, copies: Copies) -> str:
        """Count it; where a job has ended, copy and remember what it left; the path to look at."""
        self._tally.take(event)
        match event:
            case JobRefused(place, job, _):
                self._reserved.pop(label_of(job), None)
                copies.copy_object(place)
                return copies.shown_path(place.key)
            case JobEnded(place, result):
                self._reserved.pop(label_of(result.job), None)
                if copies.copy_folder(place):  # else another run must do it again
                    self._remember(result, place.key.rpartition("/")[0])
                return copies.shown_path(result.to_look_at or place.key)
        return ""

    def _remember(self, result: Result, folder: str) -> None:
        try:
            if file := self._by_label.get(label_of(result.job)):
                self._kept.note(file, result.job, result.status, folder)
        except OSError as error:
            self._unkept = error.strerror or str(error)

    def _not_copied(self, copies: Copies) -> None:
        if self._unkept:
            self._reporter.warn(f"{NAME} cannot be written ({self._unkept}): another run does all of this again")
        for place, why in copies.left.items():
            self._reporter.warn(f"not copied: s3://{place.bucket}/{shortened(place.key, 500)}: {why}")
        if copies.left:
            told = f"{counted(len(copies.left), 'object')} could not be copied to {copies.directory}"
            self._reporter.warn(f"{told}; run again with another --out, or another output_s3_key_prefix")
