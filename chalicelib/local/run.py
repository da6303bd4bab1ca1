"""`run`: prompt files in, a directory of jobs out, on this machine only.

Uploads, follows the outbox, copies each job when it ends. What becomes of a job is read from what the product wrote,
never computed here.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from queue import Empty

from chalicelib.local.cloud import LocalAws
from chalicelib.local.copies import Copies
from chalicelib.local.gallery import write_gallery
from chalicelib.local.job_events import JobEnded, JobEvent, JobRefused, Outbox, Undelivered
from chalicelib.local.kept import Kept
from chalicelib.local.product_log import failures_to, journal_aside
from chalicelib.local.reporting import Reporter
from chalicelib.local.tally import Tally
from chalicelib.local.words import counted, shortened
from chalicelib.prompts.files import PromptFile, label_of
from chalicelib.prompts.rows import RefusedRow

ALL_ACCEPTED, SOME_FAILED, SOME_REFUSED, INTERRUPTED = 0, 1, 3, 130
STALLED_SECONDS = 1_200  # longer than any one wait of the product, 900 s
STAND_IN = "stand-in"
STAND_IN_TOLD = "Stand-in: a script draws and judges the pictures here. No model is asked, nothing is paid."


@dataclass(frozen=True)
class Order:
    """What is to be run: `refused` could not become a prompt file; `again` does what is accepted there once more."""

    files: tuple[PromptFile, ...]
    refused: tuple[RefusedRow, ...]
    directory: Path
    again: bool = False
    verbose: bool = False


class Run:
    """One run, followed to its end."""

    def __init__(self, order: Order, reporter: Reporter, now: Callable[[], float]) -> None:
        self._order = order
        self._reporter = reporter
        self._now = now
        self._kept = Kept(order.directory, STAND_IN)
        self._files = order.files if order.again else tuple(self._kept.without_accepted(order.files))
        self._by_label = {file.label: file for file in self._files}
        self._tally = Tally(len(self._files))

    def to_its_end(self, environment: MutableMapping[str, str]) -> int:
        """The exit code. Raises SettingsError."""
        began, interrupted = self._now(), False
        for row in self._order.refused:
            self._reporter.say(f"refused: {shortened(str(row), 500)}", "red")
        skipped = len(self._order.files) - len(self._files)
        if skipped:
            told = f"{counted(skipped, 'prompt')} accepted in {self._order.directory} already; --again redoes"
            self._reporter.say(told, "dim")
        if self._files:
            interrupted = self._run(environment)
        gallery = write_gallery(self._order.directory)
        refused = len(self._order.refused)
        self._reporter.summary(
            self._tally.summary(refused=refused, skipped=skipped, seconds=self._now() - began, gallery=gallery)
        )
        return INTERRUPTED if interrupted else exit_code(self._tally, refused)

    def _run(self, environment: MutableMapping[str, str]) -> bool:
        """Whether the user broke off."""
        failures = failures_to(self._reporter, verbose=self._order.verbose)
        with journal_aside(verbose=self._order.verbose), LocalAws(environment, failures) as aws:
            copies = Copies(aws.engine.s3, aws.engine.names, self._order.directory)
            self._reporter.say(STAND_IN_TOLD, "dim")
            with _terminated_like_ctrl_c():
                interrupted = self._followed(aws, copies)
            aws.settle()
            copies.copy_all()
        self._not_copied(copies)
        return interrupted

    def _followed(self, aws: LocalAws, copies: Copies) -> bool:
        outbox, inbox = Outbox(aws.engine.s3, aws.engine.names.inbox), aws.engine.names.inbox
        try:
            with self._reporter.live(self._tally):
                for file in self._files:
                    aws.engine.s3.put_object(Bucket=inbox, Key=file.key, Body=file.body)
                while len(self._tally.ends) < self._tally.total:
                    for event in outbox.events(aws.written.get(timeout=STALLED_SECONDS)):
                        self._take(event, copies)
                        if isinstance(event, Undelivered):
                            return False
        except Empty:
            self._reporter.say(f"nothing has moved for {STALLED_SECONDS // 60} minutes: giving up", "bold red")
        except KeyboardInterrupt:
            self._reporter.say("interrupted: what is under way ends, then all there is, is copied", "bold red")
            return True
        return False

    def _take(self, event: JobEvent, copies: Copies) -> None:
        ended = event.result.job if isinstance(event, JobEnded) else event.job if isinstance(event, JobRefused) else ""
        if ended and label_of(ended) not in self._by_label:
            return
        self._tally.take(event)
        where = ""
        if isinstance(event, JobEnded):
            copies.copy_folder(event.place)
            where = copies.told(_to_look_at(event))
            folder = str(PurePosixPath(event.place.key).parent)
            self._kept.note(self._by_label[label_of(ended)], ended, event.result.status, folder)
        elif isinstance(event, JobRefused):
            copies.copy_object(event.place)
            where = copies.told(event.place.key)
        self._reporter.event(event, where)

    def _not_copied(self, copies: Copies) -> None:
        for place, why in copies.left.items():
            self._reporter.say(f"not copied: s3://{place.bucket}/{shortened(place.key, 500)}: {why}", "red")
        if copies.left:
            told = f"{counted(len(copies.left), 'object')} could not be copied to {copies.directory}"
            self._reporter.say(f"{told}; run again with another --out, or another output_s3_key_prefix", "bold red")


def exit_code(tally: Tally, refused: int) -> int:
    """0: all accepted. 1: a job failed or did not end. 3: none did, but a file was refused, or could not become one."""
    if tally.accepted + tally.refused < tally.total:
        return SOME_FAILED
    return SOME_REFUSED if tally.refused or refused else ALL_ACCEPTED


def _to_look_at(end: JobEnded) -> str:
    result = end.result
    return result.image or (result.best.image if result.best else end.place.key)


@contextlib.contextmanager
def _terminated_like_ctrl_c() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
