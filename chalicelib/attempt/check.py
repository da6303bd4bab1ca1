"""Checking: every image of the attempt against the initial prompt, by every model of the panel, failing closed.

An image is accepted only if the whole panel accepts it; an unreadable reply is neither yes nor no. Verdicts given
so far stay in the record whatever happens. Must not draw or rewrite.
"""

from functools import partial

from chalicelib.attempt.ask import Asking, Reply, ask, usable_models
from chalicelib.attempt.saved_images import SavedImage
from chalicelib.attempt.services import Attempt, Services
from chalicelib.errors import ModelGone, RequestInvalid
from chalicelib.job.message import Message
from chalicelib.job.record import FindingRecord, ImageRecord, VerdictRecord
from chalicelib.models.answers import speaks_of_the_picture
from chalicelib.models.questions import Question, verify_question
from chalicelib.models.replies import read_verdict
from chalicelib.models.types import Judgement, ModelReference
from chalicelib.picture import NotAnImage

NEARLY = 0.9  # the most a rejected image scores with one judge


def question_for(message: Message, requirements: tuple[str, ...]) -> Question:
    """The measure throughout: the initial prompt and the user's own exclusions, never the rewritten ones."""
    return verify_question(message.request.prompt, message.request.negative_prompt, requirements)


def worst_check_usd(services: Services, message: Message) -> float:
    """The most that one check of all the attempt's images can cost, in USD."""
    request, settings = message.request, services.settings
    question = question_for(message, message.requirements)
    panel = [
        settings.catalogue.vision(settings.reference(entry).id)
        for entry in request.vision_models or settings.vision_models
    ]
    worst = sum(model.worst_price(request.validate_sampling.max_tokens, question, True) for model in panel)
    return worst * request.nova_canvas_number_of_images


def check(attempt: Attempt, saved_images: list[SavedImage]) -> None:
    """Judge what is not judged yet; afterwards the record says accepted or rejected.

    Raises Unusable, Declined, Ambiguous, JobFails; the verdicts so far are in the record.
    """
    attempt.note(images=tuple(saved_image.record for saved_image in saved_images))
    for number, saved_image in enumerate(saved_images):
        if saved_image.record.accepted is None:
            _judge(attempt, number, saved_image.data)
    best = attempt.record.best
    assert best is not None, "an attempt is checked only when it has an image"
    attempt.note(judged="accepted" if best.accepted else "rejected", reason=best.reason)


def _judge(attempt: Attempt, number: int, data: bytes) -> None:
    while True:
        image = attempt.record.images[number]
        panel = usable_models(attempt)
        asked = {verdict.model: verdict for verdict in image.verdicts}
        missing = [reference for reference in panel if str(reference) not in asked]
        if not missing or any(not verdict.accepted for verdict in image.verdicts):
            break
        try:
            verdict = _verdict(attempt, missing[0], data)
        except ModelGone:
            continue
        except NotAnImage as error:  # paid for, and nobody can look at it
            _set_image(attempt, number, image.with_changes(accepted=False, reason=str(error)))
            return
        _set_image(attempt, number, image.with_changes(verdicts=(*image.verdicts, verdict)))
    _set_image(attempt, number, _summed_up(image, len(panel)))
    attempt.note(vision_models=tuple(dict.fromkeys((*attempt.record.vision_models, *asked))))


def _verdict(attempt: Attempt, reference: ModelReference, data: bytes) -> VerdictRecord:
    requirements = attempt.record.requirements
    asking = Asking(
        reference,
        question_for(attempt.message, requirements),
        attempt.message.request.validate_sampling,
        data,
        partial(read_verdict, requirements=requirements),
    )
    reply = _looked_at(attempt, asking)
    judgement: Judgement = reply.value
    return VerdictRecord(
        model=str(reference),
        accepted=judgement.accepted,
        reason=judgement.reason,
        requirements=tuple(
            FindingRecord(requirement=finding.requirement, met=finding.met, note=finding.note)
            for finding in judgement.findings
        ),
        input_tokens=reply.answered.input_tokens,
        output_tokens=reply.answered.output_tokens,
        cost_usd=reply.answered.cost_usd,
    )


def _looked_at(attempt: Attempt, asking: Asking[Judgement]) -> Reply[Judgement]:
    """The judge's reply. A judge that twice says it cannot read the picture rejects it. Raises NotAnImage."""
    try:
        return ask(attempt, asking)
    except RequestInvalid as error:
        if not speaks_of_the_picture(error.words):
            raise
    try:
        return ask(attempt, asking)
    except RequestInvalid as error:
        raise NotAnImage(str(error)) from None


def _summed_up(image: ImageRecord, judges: int) -> ImageRecord:
    accepted = bool(image.verdicts) and all(verdict.accepted for verdict in image.verdicts)
    deciding = next((verdict for verdict in image.verdicts if not verdict.accepted), image.verdicts[-1])
    score = sum(_score(verdict) for verdict in image.verdicts) / max(judges, len(image.verdicts))
    return image.with_changes(accepted=accepted, score=round(score, 4), reason=deciding.reason)


def _score(verdict: VerdictRecord) -> float:
    if verdict.accepted:
        return 1.0
    met = sum(finding.met for finding in verdict.requirements)
    return NEARLY * met / len(verdict.requirements) if verdict.requirements else 0.0


def _set_image(attempt: Attempt, number: int, image: ImageRecord) -> None:
    images = attempt.record.images
    attempt.note(images=(*images[:number], image, *images[number + 1 :]))
