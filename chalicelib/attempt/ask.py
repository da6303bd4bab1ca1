"""One question to one vision model: within cap and clock, asked again once if the reply cannot be read.

Must not interpret what the answer means for the job.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.attempt.services import Attempt
from chalicelib.errors import Ambiguous, Blocked, Declined, JobFails, ModelError, ModelGone, RequestInvalid, Unusable
from chalicelib.job.message import Message
from chalicelib.models.questions import Question
from chalicelib.models.replies import UnreadableReply
from chalicelib.models.types import Answered, ModelReference, Sampling
from chalicelib.models.vision import VisionModel
from chalicelib.ports import Json
from chalicelib.settings import Settings

Read = TypeVar("Read")

LEAST_SECONDS = 15.0  # of which connecting may take five
MOST_SECONDS = 120.0
ASKED_AT_MOST = 2  # times in one invocation, for one answer that can be read


@dataclass(frozen=True)
class Reply(Generic[Read]):
    """What was read, and the answer it was read from."""

    value: Read
    answered: Answered


def worst_answer_usd(
    settings: Settings, message: Message, tokens: int, question: Question | None, *, image: bool
) -> float:
    """The most that one answer of any model of the panel can cost, in USD; without a question, of the longest."""
    models = [settings.catalogue.vision(reference.id) for reference in settings.panel(message.request.vision_models)]
    return max(model.worst_price(tokens, question, image) for model in models)


def usable_models(attempt: Attempt) -> list[ModelReference]:
    """The panel without the models that have ended. Raises JobFails when none is left."""
    services = attempt.services
    panel = services.settings.panel(attempt.message.request.vision_models)
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
    lenient: Callable[[str], Read] | None = None  # for the last time it is asked: what there is, is taken


def ask(attempt: Attempt, asking: Asking[Read]) -> Reply[Read]:
    """Pay for one readable answer. Raises ModelGone (remembered), Unusable, Declined, Ambiguous, JobFails."""
    for _ in range(ASKED_AT_MOST - 1):
        with suppress(Unusable):
            return _ask_once(attempt, asking, asking.read)
    return _ask_once(attempt, asking, asking.lenient or asking.read)


def ask_the_first(
    attempt: Attempt,
    question: Question,
    sampling: Sampling,
    read: Callable[[str], Read],
    lenient: Callable[[str], Read] | None = None,
) -> tuple[Reply[Read], ModelReference]:
    """Ask the first model of the panel that is there, about no picture; who it was, too. Raises as `ask`."""
    while True:
        reference = usable_models(attempt)[0]
        with suppress(ModelGone):
            return ask(attempt, Asking(reference, question, sampling, None, read, lenient)), reference


def _ask_once(attempt: Attempt, asking: Asking[Read], read: Callable[[str], Read]) -> Reply[Read]:
    model = attempt.services.settings.catalogue.vision(asking.reference.id)
    request, notes = model.ask(asking.question, asking.sampling, asking.image)
    attempt.remark(*notes)
    worst = model.worst_price(asking.sampling.max_tokens, asking.question, asking.image is not None)
    attempt.reserve(worst, f"asking {asking.reference}")
    answered = _paid(attempt, asking, model, request, worst)
    attempt.book(answered.cost_usd - worst, answered.input_tokens, answered.output_tokens)
    try:
        return Reply(read(answered.text), answered)
    except UnreadableReply as error:
        raise Unusable(str(asking.reference), str(error)) from None


def _sent(attempt: Attempt, asking: Asking[Read], model: VisionModel, request: Json) -> Json:
    """In the stage's tier; in the standard one where flex is busy or unknown, which costs nothing."""
    services, reference = attempt.services, asking.reference
    if services.settings.vision_tier == "flex" and model.flex < 1:
        flexible = {**request, "serviceTier": {"type": "flex"}}
        with suppress(Declined, RequestInvalid):
            timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
            return services.models.converse(reference.region, reference.id, flexible, timeout)
    timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
    return services.models.converse(reference.region, reference.id, request, timeout)


def _paid(attempt: Attempt, asking: Asking[Read], model: VisionModel, request: Json, worst: float) -> Answered:
    """The one paid call. What is reserved for it stays where what it cost cannot be known, else it is given back."""
    name = str(asking.reference)
    began = attempt.services.clock()
    try:
        answered = model.read(name, _sent(attempt, asking, model, request))
        attempt.services.heard.add(name)
        return answered
    except Ambiguous:
        raise
    except ModelError as error:
        attempt.charge((error.cost_usd if isinstance(error, Unusable) else 0.0) - worst)
        if isinstance(error, ModelGone):
            attempt.services.remember_gone(name, error.words)
        if isinstance(error, Blocked):  # the question was filtered: neither yes nor no
            raise Unusable(name, error.words) from None
        raise
    finally:
        attempt.took(asking.question.kind, began)
