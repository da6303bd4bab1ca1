"""One question to one vision model: within cap and clock, asked again once if the reply cannot be read.

Must not interpret what the answer means for the job.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.attempt.world import Attempt
from chalicelib.errors import Ambiguous, Blocked, JobFails, ModelGone, Unusable
from chalicelib.models.types import Answered, ModelReference, Sampling
from chalicelib.replies import UnreadableReply
from chalicelib.wording import Question

Read = TypeVar("Read")

LEAST_SECONDS = 5.0
MOST_SECONDS = 120.0


@dataclass(frozen=True)
class Reply(Generic[Read]):
    """What was read, and the answer it was read from."""

    value: Read
    answered: Answered


def usable_models(attempt: Attempt) -> list[ModelReference]:
    """The panel without the models that have ended. Raises JobFails when none is left."""
    world = attempt.world
    panel = [
        world.settings.reference(entry)
        for entry in attempt.message.request.vision_models or world.settings.vision_models
    ]
    gone = [
        f"{reference} answered: {world.gone[str(reference)]}" for reference in panel if str(reference) in world.gone
    ]
    usable = [reference for reference in panel if str(reference) not in world.gone]
    if not usable:
        raise JobFails("no vision model is left: " + "; ".join(gone))
    attempt.remark(*(f"{answer}; the panel goes on without it" for answer in gone))
    return usable


def ask(
    attempt: Attempt,
    reference: ModelReference,
    question: Question,
    sampling: Sampling,
    image: bytes | None,
    read: Callable[[str], Read],
) -> Reply[Read]:
    """Pay for one readable answer. Raises ModelGone (remembered), Unusable, Declined, Ambiguous, JobFails."""
    for last in (False, True):
        try:
            return _ask_once(attempt, reference, question, sampling, image, read)
        except ModelGone as error:
            attempt.world.gone[str(reference)] = error.words
            raise
        except Unusable:
            if last:
                raise
    raise AssertionError("the last try returns or raises")


def _ask_once(
    attempt: Attempt,
    reference: ModelReference,
    question: Question,
    sampling: Sampling,
    image: bytes | None,
    read: Callable[[str], Read],
) -> Reply[Read]:
    model = attempt.world.settings.catalogue.vision(reference.id)
    request, notes = model.ask(question, sampling, image)
    attempt.remark(*notes)
    worst = model.worst_price(sampling.max_tokens, question, image is not None)
    attempt.afford(worst, f"asking {reference}")
    timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
    began = attempt.world.clock()
    try:
        answered = model.read(
            str(reference), attempt.world.models.converse(reference.region, reference.id, request, timeout)
        )
    except Ambiguous:
        attempt.charge(worst)
        raise
    except Unusable as error:
        attempt.charge(error.cost_usd)
        raise
    except Blocked as error:  # the question was filtered: neither yes nor no
        raise Unusable(str(reference), error.words) from None
    finally:
        attempt.took(question.kind, began)
    _book(attempt, answered)
    try:
        return Reply(read(answered.text), answered)
    except UnreadableReply as error:
        raise Unusable(str(reference), str(error)) from None


def _book(attempt: Attempt, answered: Answered) -> None:
    attempt.charge(answered.cost_usd)
    attempt.note(
        input_tokens=attempt.record.input_tokens + answered.input_tokens,
        output_tokens=attempt.record.output_tokens + answered.output_tokens,
    )
