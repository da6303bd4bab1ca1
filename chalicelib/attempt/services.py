"""What an attempt is given, and the attempt under way. Must not create clients, read clocks or the environment."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any, NamedTuple

from chalicelib.errors import JobFails, PutOff
from chalicelib.job.arrival import Arrival, Resolved
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.protocol import Facts, Step, decide
from chalicelib.job.record import Record
from chalicelib.job.verdict import ImageRecord
from chalicelib.job.what_follows import Standing
from chalicelib.picture import thumbnail
from chalicelib.ports import Json, ModelCaller, ObjectStore, Place, Queue
from chalicelib.settings import Settings
from chalicelib.text.characters import cleaned

LEASE_MARGIN = timedelta(seconds=30)
SAVE_RESERVE = 10.0  # seconds kept back for saving and sending after a paid call
GONE_FOR = timedelta(minutes=15)  # an access may be granted meanwhile, and asking a model that has ended costs nothing


def report(records: Sequence[Record]) -> bytes:
    """The contact sheet. Jinja2 is loaded only now: an attempt that ends no job never pays for it."""
    from chalicelib.report.contact_sheet import contact_sheet

    return contact_sheet(records)


class Gone(NamedTuple):
    """A model's answer that ended its use, and when it came."""

    words: str
    since: datetime


@dataclass(frozen=True)
class Services:
    """The ports, the stage and the sandbox's memory; `gone` holds by `region/model` the answer that ended its use,
    `heard` the vision models that have answered; `remarks` stand in every result's notes."""

    settings: Settings
    store: ObjectStore
    work: Queue
    dead_letters: Queue
    models: ModelCaller
    clock: Callable[[], datetime]
    chance: random.Random
    journal: Callable[[Json], None]
    resolve: "Callable[[Services, Arrival], Resolved]"
    side_by_side: Callable[[Callable[[Any], object], Sequence[Any]], list[object]]
    thumbnail: Callable[[bytes], str | None] = thumbnail
    report: Callable[[Sequence[Record]], bytes] = report
    gone: dict[str, Gone] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    decide: Callable[[Facts], Step] = decide
    remarks: tuple[str, ...] = ()

    def place(self, message: Message) -> JobPlace:
        """Where the message's job lies."""
        request = message.request
        bucket = request.output_s3_bucket_name or self.settings.outbox_bucket
        return JobPlace(bucket, request.output_s3_key_prefix, message.job)

    def owner(self) -> str:
        """A fresh nonce: a request or message id is shared by duplicates, this is not."""
        return f"{self.chance.getrandbits(64):016x}"

    def remember_gone(self, model: str, words: str) -> None:
        """`region/model` answered that it has ended or is not accessible: nobody asks it for a while."""
        self.gone[model] = Gone(cleaned(words), self.clock())

    def gone_words(self, model: str) -> str | None:
        """What the model answered lately that ended its use, or None."""
        found = self.gone.get(model)
        return found.words if found and self.clock() - found.since < GONE_FOR else None


class Attempt:
    """One attempt under way. Mutable on purpose: what is known must outlive the exception that ends a paid call."""

    def __init__(
        self, services: Services, message: Message, deadline: datetime, record: Record, etag: str = ""
    ) -> None:
        self.services = services
        self.message = message
        self.deadline = deadline
        self.record = record
        self.etag = etag
        self.earlier: tuple[Record, ...] | None = None  # the job's records before this one, once they are read
        self.lock = RLock()  # images are looked at side by side, and each look tells this record

    def note(self, **changes: object) -> None:
        """Replace the record by one that knows more."""
        with self.lock:
            self.record = self.record.with_changes(**changes)

    def set_image(self, number: int, image: ImageRecord) -> None:
        """Replace one image by one that knows more."""
        with self.lock:
            images = self.record.images
            self.note(images=(*images[:number], image, *images[number + 1 :]))

    def note_models(self, *models: str) -> None:
        """Add vision models that were asked, once."""
        with self.lock:
            self.note(vision_models=tuple(dict.fromkeys((*self.record.vision_models, *models))))

    def remark(self, *notes: str) -> None:
        """Add what a reader of the record should know, once."""
        with self.lock:
            self.note(notes=tuple(dict.fromkeys((*self.record.notes, *map(cleaned, notes)))))

    def charge(self, usd: float) -> None:
        """Add to (or give back from) what this attempt has cost."""
        with self.lock:
            self.note(cost_usd=round(max(0.0, self.record.cost_usd + usd), 6))

    def reserve(self, usd: float, what: str) -> None:
        """Count a call at its worst before it is made. Raises JobFails where the job's cap does not allow it."""
        with self.lock:
            self.afford(usd, what)
            self.charge(usd)

    def book(self, usd: float, input_tokens: int, output_tokens: int) -> None:
        """What a call came to, beside what was reserved for it."""
        with self.lock:
            self.charge(usd)
            self.note(
                input_tokens=self.record.input_tokens + input_tokens,
                output_tokens=self.record.output_tokens + output_tokens,
            )

    def took(self, what: str, began: datetime) -> None:
        """Add to the time spent on `what`, in seconds."""
        with self.lock:
            spent = (self.services.clock() - began).total_seconds() + self.record.timings.get(what, 0.0)
            self.note(timings={**self.record.timings, what: round(spent, 3)})

    @property
    def standing(self) -> Standing:
        request = self.message.request
        return Standing(
            self.record.revision, self.record.attempt, request.max_retry_attempts, request.max_prompt_revisions
        )

    @property
    def cap_usd(self) -> float:
        """The job's cap: its own where it has one, never above the stage's."""
        stages = self.services.settings.max_cost_usd
        return min(self.message.request.max_cost_usd or stages, stages)

    def afford(self, usd: float, what: str) -> None:
        """Raise JobFails when a call of at most `usd` could pass the job's cap."""
        if round(self.record.spent_usd + usd, 6) > self.cap_usd:
            raise JobFails(
                f"the cost cap: ${self.record.spent_usd:.4f} of ${self.cap_usd:.4f} is spent, and {what} could cost "
                f"${usd:.4f} more; raise max_cost_usd in the prompt file (at most to the stage's MAX_COST_USD), or "
                "--max-usd of `run`, which every job has a share of"
            )

    def timeout(self, least: float, most: float) -> float:
        """Seconds a paid call may take now. Raises PutOff when fewer than `least` are left."""
        left = (self.deadline - self.services.clock()).total_seconds() - SAVE_RESERVE
        if left < least:
            raise PutOff("the function's clock", f"{left:.0f} s left, {least:.0f} s needed for the next call")
        return min(left, most)

    @property
    def place(self) -> JobPlace:
        return self.services.place(self.message)

    def image_place(self, number: int) -> Place:
        return self.place.image(self.record.revision, self.record.attempt, number)
