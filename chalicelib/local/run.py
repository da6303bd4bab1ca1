"""`run`: prompt files in, a directory of jobs out, on this machine only.

Uploads, follows the outbox, copies each job when it ends. What becomes of a job is read from what the product wrote,
never computed here.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from queue import Empty

from chalicelib.follow.copies import Copies
from chalicelib.follow.gallery import write_gallery
from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.job_events import JobEnded, JobEvent, JobRefused, Outbox, Undelivered
from chalicelib.follow.kept import Kept
from chalicelib.follow.reporting import Reporter
from chalicelib.follow.tally import Tally, exit_code
from chalicelib.follow.words import counted, shortened
from chalicelib.local.cloud import LocalAws
from chalicelib.local.invocation import failures_to, journal_aside
from chalicelib.local.models import Models
from chalicelib.ports import Place
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.files import PromptFile, label_of
from chalicelib.prompts.rows import RefusedRow

INTERRUPTED = 130
STALLED_SECONDS = 1_200  # longer than any one wait of the product, 900 s


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
        """Whether the user broke off."""
        order, verbose = self._order, self._order.verbose
        failures = failures_to(self._reporter, verbose=verbose)
        with journal_aside(verbose=verbose), order.local_aws(environment, failures, order.models) as aws:
            copies = Copies(aws.engine.s3, aws.engine.names.inbox, order.directory)
            prompts = [request.prompt for file in order.files if (request := order.budget.request_of(file))]
            for line in filter(None, (order.models.opening, order.models.limits_told(prompts))):
                self._reporter.say(line, "dim")
            outbox = Outbox(aws.engine.s3, aws.engine.names.inbox)

            def hear(written: Place | Undelivered) -> None:
                for event in outbox.events(written):
                    self._take(event, copies)

            interrupted = self._followed(aws, hear)
            aws.settle()
            while not aws.written.empty():  # what was written while the invocations under way ended
                if (written := aws.written.get()) is not None:
                    hear(written)
            copies.copy_all()
        self._not_copied(copies)
        return interrupted

    def _followed(self, aws: LocalAws, hear: Callable[[Place | Undelivered], None]) -> bool:
        try:
            with interrupts(aws.interrupt), self._reporter.live(self._tally):
                self._begin(aws)
                while self._reserved:
                    if (written := aws.written.get(timeout=STALLED_SECONDS)) is None:
                        self._reporter.warn(
                            "interrupted: what is under way is finished, and all that is made is copied"
                        )
                        return True
                    hear(written)
                    if isinstance(written, Undelivered):
                        return False
                    self._begin(aws)
        except Empty:
            self._reporter.warn(f"nothing has moved for {STALLED_SECONDS // 60} minutes: giving up")
        return False

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

    def _take(self, event: JobEvent, copies: Copies) -> None:
        ended = event.result.job if isinstance(event, JobEnded) else event.job if isinstance(event, JobRefused) else ""
        if ended and label_of(ended) not in self._by_label:
            return
        self._tally.take(event)
        self._reserved.pop(label_of(ended), None)
        where = ""
        if isinstance(event, JobEnded):
            copies.copy_folder(event.place)
            where = copies.shown_path(event.result.picture or event.place.key)
            folder = str(PurePosixPath(event.place.key).parent)
            self._kept.note(self._by_label[label_of(ended)], ended, event.result.status, folder)
        elif isinstance(event, JobRefused):
            copies.copy_object(event.place)
            where = copies.shown_path(event.place.key)
        self._reporter.event(event, where)

    def _not_copied(self, copies: Copies) -> None:
        for place, why in copies.left.items():
            self._reporter.warn(f"not copied: s3://{place.bucket}/{shortened(place.key, 500)}: {why}")
        if copies.left:
            told = f"{counted(len(copies.left), 'object')} could not be copied to {copies.directory}"
            self._reporter.warn(f"{told}; run again with another --out, or another output_s3_key_prefix")
