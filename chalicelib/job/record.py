"""The record of an attempt: first its claim, then its outcome, and always the whole truth about it.

Everybody who is handed the same message meets at this one object and takes turns by replacing it conditionally.
Frozen; a changed record is a new value. New fields get defaults, so that records outlive deployments. Must not read
or write objects.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from chalicelib.errors import Refused
from chalicelib.job.frozen import Part
from chalicelib.job.judging import Made, best_first
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import batch_of
from chalicelib.job.request import request_of
from chalicelib.job.result import Result
from chalicelib.job.verdict import ImageRecord, VerdictRecord
from chalicelib.ports import WireMessage

Outcome = Literal["accepted", "rejected", "blocked", "lost", "failed", "cancelled"]


class Status(StrEnum):
    """`leased`: somebody is at it until `lease_end`. `deferred`: put off until `not_before`. `outcome`: final.

    `cancelling`: nobody was here, and nobody is to begin here. It holds a place and is no state of the job: where the
    job never comes to it, it stays. At 000-000 it holds a name, and knows nothing of the job but that.
    """

    LEASED = "leased"
    DEFERRED = "deferred"
    OUTCOME = "outcome"
    CANCELLING = "cancelling"


class Rewrite(Part):
    """What the rewriter answered after this attempt."""

    model: str
    prompt: str
    negative_prompt: str | None
    cost_usd: float = 0.0
    seed: int | None = None
    seed_reason: str = ""


class LateGrade(Part):
    """A grade given when the job ran out, to an image of this or an earlier attempt."""

    image: str
    verdict: VerdictRecord


class NextMessage(Part):
    """The whole next message, exactly as it is sent."""

    body: str
    attributes: dict[str, tuple[str, str]]
    revision: int
    attempt: int
    seed: int | None = None

    @classmethod
    def of(cls, message: Message) -> "NextMessage":
        wire = message.encode()
        return cls(
            body=wire.body,
            attributes=dict(wire.attributes),
            revision=message.revision,
            attempt=message.attempt,
            seed=message.seed,
        )

    @property
    def position(self) -> tuple[int, int]:
        return self.revision, self.attempt

    def wire(self) -> WireMessage:
        return WireMessage(self.body, self.attributes, batch_of(self.attributes.get("job", ("", ""))[1]))


class Follow(Part):
    """What follows an outcome: exactly one of the two."""

    message: NextMessage | None = None
    result: Result | None = None


class Record(Part):
    """`RRR-AAA.json`. Money in USD, times in UTC, durations in seconds."""

    job: str
    revision: int
    attempt: int
    status: Status
    owner: str
    lease_end: datetime
    not_before: datetime | None = None
    began_at: datetime
    updated_at: datetime
    generations: int = 0
    deferrals: int = 0

    request: dict[str, object] | None = None
    initial_prompt: str
    prompt: str
    negative_prompt: str | None = None
    requirements: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    spent_before_usd: float = 0.0
    kept_seed: int | None = None

    image_model: str | None = None
    seeds: tuple[int, ...] = ()
    sent_prompt: str | None = None
    sent_negative_prompt: str | None = None
    parameters: dict[str, object] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    model_answers: tuple[str, ...] = ()
    images: tuple[ImageRecord, ...] = ()
    held_back: int = 0
    judged: Literal["accepted", "rejected", "blocked", "lost"] | None = None
    rewrite: Rewrite | None = None
    unanswered: int = 0  # times that its rewriter gave no answer that could be read
    late_grades: tuple[LateGrade, ...] = ()
    vision_models: tuple[str, ...] = ()

    outcome: Outcome | None = None
    why: str | None = None
    reason: str = ""
    timings: dict[str, float] = Field(default_factory=dict)
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    next: Follow | None = None

    def message(self, delivered: Message | None = None) -> Message:
        """The attempt's message as the record has it: whoever came first decided.

        A record of a release that kept no request is read with the delivered one's. Raises Refused where the request
        cannot be understood, or where there is none.
        """
        if self.request is not None:
            request = request_of(self.request)
        elif delivered is not None:
            request = delivered.request
        else:
            raise Refused(f"the record of {self.job} holds no request")
        return Message(
            request=request,
            job=self.job,
            prompt=self.prompt,
            revision=self.revision,
            attempt=self.attempt,
            negative_prompt=self.negative_prompt,
            requirements=self.requirements,
            feedback=self.feedback,
            spent_usd=self.spent_before_usd,
            deferrals=self.deferrals,
            seed=self.kept_seed,
        )

    @property
    def spent_usd(self) -> float:
        """The job's spending up to and with this attempt."""
        return round(self.spent_before_usd + self.cost_usd, 6)

    @property
    def made(self) -> tuple[Made, ...]:
        """The attempt's images, each with where it was made."""
        return tuple(Made(image, (self.revision, self.attempt, number)) for number, image in enumerate(self.images))

    @property
    def best(self) -> ImageRecord | None:
        """The image to show: an accepted one, else the one that came nearest."""
        return next((made.image for made in best_first(self.made)), None)

    def as_json(self) -> bytes:
        return self.model_dump_json(indent=1).encode()
