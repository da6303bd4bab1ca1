"""Drawing: the first usable image model of the chain is paid for the attempt's images, and they are saved at once.

Between the model's charge and the first saved image lies the one window in which money can be lost; nothing else is
done there. Must not judge.
"""

import json
from dataclasses import dataclass
from functools import partial

from chalicelib.attempt.claim import replace
from chalicelib.attempt.image_plan import Plan, give_back, plan
from chalicelib.attempt.saved_images import SavedImage, save
from chalicelib.attempt.services import Attempt
from chalicelib.errors import Ambiguous, Blocked, Declined, ModelError, ModelGone, RequestInvalid
from chalicelib.models.answers import parsed
from chalicelib.models.types import Pictures

LEAST_SECONDS = 15.0  # of which connecting may take five; with less, a picture that is paid for would come too late
MOST_SECONDS = 300.0  # large images want up to 300 s (AWS documentation of Nova Canvas, 2025)


def draw(attempt: Attempt, chosen: Plan) -> list[SavedImage]:
    """Pay for the planned images and save them; the next model of the chain where one is gone.

    Raises Declined, Ambiguous, Blocked, RequestInvalid, JobFails, and Changed when somebody else took over.
    """
    while True:
        try:
            pictures, drawn_seeds = _call(attempt, chosen)
        except ModelGone as error:
            attempt.services.remember_gone(str(chosen.reference), error.words)
            chosen = plan(attempt, chosen.worst_check_usd)
            replace(attempt)  # counted before it is paid: this one may be dearer than the one the claim names
            continue
        if pictures.blocked:
            attempt.note(held_back=pictures.blocked)
            attempt.remark(_missing(pictures))
        return save(attempt, chosen, pictures.images, drawn_seeds)


def _missing(pictures: Pictures) -> str:
    """What became of the images that were asked for and did not come: a filter is named only where one speaks."""
    filtered = any(sign in pictures.words.lower() for sign in ("filter", "block"))
    what = "held back by the content filter" if filtered else "missing"
    return f"{pictures.blocked} image(s) were {what}: {pictures.words or 'the model gave no reason'}"


def perhaps_for_its_language(attempt: Attempt, words: str) -> bool:
    """Whether a refusal is mended by the next prompt: Stability's models take English alone (public threads, 2026-11),
    and every rewritten prompt is in English.

    How they say so is not documented, so any refusal of a prompt with letters beyond ASCII may be that.
    """
    lower, standing = words.lower(), attempt.standing
    prompt = attempt.record.prompt  # one that was rewritten is English but for words that are to be read
    foreign = prompt == attempt.record.initial_prompt and any(
        letter.isalpha() and not letter.isascii() for letter in prompt
    )
    told = any(sign in lower for sign in ("english", "language"))
    rewritten = standing.revision + 1 < standing.revisions
    return rewritten and (told or (foreign and "malformed input request" not in lower))


def _call(attempt: Attempt, chosen: Plan) -> tuple[Pictures, tuple[int, ...]]:
    services = attempt.services
    try:
        timeout = attempt.timeout(LEAST_SECONDS, MOST_SECONDS)
    except ModelError:
        give_back(attempt, chosen)
        raise
    began = services.clock()
    bodies = [json.dumps(body).encode() for body in chosen.drawing.bodies]
    answers = services.side_by_side(partial(_one_call, attempt, chosen, timeout), bodies)
    attempt.took("generate", began)
    pictures = [answer for answer in answers if isinstance(answer, Pictures)]
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    if not pictures and all(not failure.charged for failure in failures):
        give_back(attempt, chosen)
    else:
        attempt.charge(-chosen.price_per_call * sum(not failure.charged for failure in failures))
    if not pictures:
        raise _gravest(failures)
    attempt.remark(*(f"a call for one of the images gave none: {failure.error}" for failure in failures))
    return _merged(answers, chosen, failures)


@dataclass(frozen=True)
class Failure:
    """One call without an image; `charged` as far as it can be known, never too low."""

    error: ModelError
    charged: bool


def _one_call(attempt: Attempt, chosen: Plan, timeout: float, body: bytes) -> Pictures | Failure:
    reference = chosen.reference
    try:
        reply = parsed(
            str(reference), attempt.services.models.invoke(reference.region, reference.id, body, timeout)
        )  # its bytes get no name here: a reply is large, and is let go of as soon as it is read
    except ModelError as error:
        return Failure(error, charged=isinstance(error, Ambiguous))
    try:
        return chosen.model.read(str(reference), reply, chosen.drawing.images_per_call)
    except ModelError as error:
        return Failure(error, charged=not isinstance(error, Declined))


def _gravest(failures: list[Failure]) -> ModelError:
    """One error for several calls: of what was charged, so that nothing else is paid; else what another could mend."""
    order = (Ambiguous, ModelGone, Blocked, RequestInvalid)
    ranked = sorted(
        [failure for failure in failures if failure.charged] or failures,
        key=lambda failure: next((i for i, k in enumerate(order) if isinstance(failure.error, k)), 9),
    )
    return ranked[0].error


def _merged(answers: list[object], chosen: Plan, failures: list[Failure]) -> tuple[Pictures, tuple[int, ...]]:
    images: list[bytes] = []
    drawn: list[int] = []
    blocked, words = 0, ""
    for answer, seed in zip(answers, chosen.drawing.seeds, strict=True):
        if isinstance(answer, Pictures):
            images += answer.images
            drawn += [seed] * len(answer.images)
            blocked, words = blocked + answer.blocked, words or answer.words
    for failure in failures:
        if isinstance(failure.error, Blocked):
            blocked, words = blocked + 1, words or failure.error.words
    return Pictures(tuple(images), blocked, words), tuple(drawn)
