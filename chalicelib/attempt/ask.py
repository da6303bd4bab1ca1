"""One question to one vision model: within cap and clock, asked again once if the reply cannot be read.

Must not interpret what the answer means for the job.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.attempt.services import Attempt
from chalicelib.errors import Ambiguous, Blocked, JobFails, ModelGone, Unusable
from chalicelib.models.questions import Question
from chalicelib.models.replies import UnreadableReply
from chalicelib.models.types import Answered, ModelReference, Sampling
from chalicelib.models.vision import VisionModel
from chalicelib.ports import Json

Read = TypeVar("Read")

LEAST_SECONDS = 15.0  # of which connecting may take five
MOST_SECONDS = 120.0
ASKED_AT_MOST = 2  # times in one invocation, for one answer that can be read


@dataclass(frozen=True)
class Reply(Generic[Read]):
    """What was read, and the answer it was read from."""

    value: Read
    answered: Answered


def usable_models(attempt: Attempt) -> list[ModelReference]:
    """The panel without the models that have ended. Raises JobFails when none is left."""
    services = attempt.services
    panel = [
        services.settings.reference(entry)
        for entry in attempt.message.request.vision_models or services.settings.vision_models
    ]
    answers = {reference: services.gone_words(str(reference)) for reference in panel}
    usable = [reference for reference, words in answers.items() if words is None]
    gone = [f"{reference} answered: {words}" for reference, words in answers.items() if words is not None]
    if not usable:
        raise JobFails("no vision model is left: " + "; ".join(gone))
    attempt.remark(*(f"{answer}; the panel goes on without it" for answer in gone))
    return usable


@dataclass(frozen=True)
class Asking(Generic[Read]):
    """Who is asked what, with which sampling, about which image, and how the reply's text is read."""

    reference: ModelReference
    question: Question
    sampling: Sampling
    image: bytes | None
    read: Callable[[str], Read]


def ask(attempt: Attempt, asking: Asking[Read]) -> Reply[Read]:
    """Pay for one readable answer. Raises ModelGone (remembered), Unusable, Declined, Ambiguous, JobFails."""
    for _ in range(ASKED_AT_MOST - 1):
        with suppress(Unusable):
            return _ask_once(attempt, asking)
    return _ask_once(attempt, asking)


def _ask_once(attempt: Attempt, asking: Asking[Read]) -> Reply[Read]:
    model = attempt.services.settings.catalogue.vision(asking.reference.id)
    request, notes = model.ask(asking.question, asking.sampling, asking.image)
    attempt.remark(*notes)
    worst = model.worst_price(asking.sampling.max_tokens, asking.question, asking.image is not None)
    attempt.afford(worst, f"asking {asking.reference}")
    answered = _paid(attempt, asking, model, request, worst)
    _book(attempt, answered)
    try:
        return Reply(asking.read(answered.text), answered)
    except UnreadableReply as error:
        raise Unusable(str(asking.reference), str(error)) from None


def _paid(attempt: Attempt, asking: Asking[Read], model: VisionModel, request: Json, worst: float) -> Answered:
    """The one paid call; what it cost is counted, at its worst where that cannot be known."""
    reference, name = asking.reference, str(asking.reference)
    timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
    began = attempt.services.clock()
    try:
        return model.read(name, attempt.services.models.converse(reference.region, reference.id, request, timeout))
    except ModelGone as error:
        attempt.services.remember_gone(name, error.words)
        raise
    except Ambiguous:
        attempt.charge(worst)
        raise
    except Unusable as error:
        attempt.charge(error.cost_usd)
        raise
    except Blocked as error:  # the question was filtered: neither yes nor no
        raise Unusable(name, error.words) from None
    finally:
        attempt.took(asking.question.kind, began)


def _book(attempt: Attempt, answered: Answered) -> None:
    attempt.charge(answered.cost_usd)
    attempt.note(
        input_tokens=attempt.record.input_tokens + answered.input_tokens,
        output_tokens=attempt.record.output_tokens + answered.output_tokens,
    )
