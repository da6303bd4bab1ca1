"""Rewriting: the vision model sees the initial prompt, the prompts tried and what failed, and writes another.

Its answer is saved with the attempt's outcome, in one write, so a revision has one prompt whoever computed it.
Must not draw or judge.
"""

from functools import partial

from chalicelib.attempt.ask import Asking, ask, usable_models
from chalicelib.attempt.claim import read_earlier
from chalicelib.attempt.services import Attempt
from chalicelib.errors import ModelGone
from chalicelib.job.record import Rewrite
from chalicelib.models.questions import Question, rewrite_question
from chalicelib.models.replies import read_revision
from chalicelib.models.types import Revision

NEGATIVE_LIMIT = 10_000


def rewrite(attempt: Attempt, failure: str) -> Rewrite:
    """The prompt of the next revision. Raises Unusable, Declined, Ambiguous, JobFails."""
    question, limit = _question(attempt, failure)
    while True:
        reference = usable_models(attempt)[0]
        try:
            sampling = attempt.message.request.revise_sampling
            read = partial(read_revision, length_limit=limit)
            reply = ask(attempt, Asking(reference, question, sampling, None, read))
        except ModelGone:
            continue
        revision: Revision = reply.value
        return Rewrite(
            model=str(reference),
            prompt=revision.prompt,
            negative_prompt=added_exclusions(attempt.record.negative_prompt, revision.negative_prompt),
            cost_usd=reply.answered.cost_usd,
        )


def worst_rewrite_usd(attempt: Attempt) -> float:
    """The most that one asking for a rewrite can cost, in USD."""
    entry = (attempt.message.request.vision_models or attempt.services.settings.vision_models)[0]
    settings = attempt.services.settings
    model = settings.catalogue.vision(settings.reference(entry).id)
    return model.worst_price(attempt.message.request.revise_sampling.max_tokens, image=False)


def added_exclusions(before: str | None, new: str | None) -> str | None:
    """What must not appear, before and after a rewrite: it adds, and never removes what the user excluded."""
    if not before or not new:
        return before or new
    known = {term.strip().casefold() for term in before.split(",")}
    added = [term.strip() for term in new.split(",") if term.strip() and term.strip().casefold() not in known]
    joined = ", ".join((before, *added))
    return joined if len(joined) <= NEGATIVE_LIMIT else before


def _question(attempt: Attempt, failure: str) -> tuple[Question, int]:
    services, record = attempt.services, attempt.record
    model = services.settings.catalogue.image(_image_model(attempt))
    question = rewrite_question(
        record.initial_prompt,
        attempt.message.request.negative_prompt,
        _tried(attempt),
        tuple(dict.fromkeys((*record.feedback, failure))) if failure else record.feedback,
        model.guidance,
        model.prompt_limit,
    )
    return question, model.prompt_limit


def _image_model(attempt: Attempt) -> str:
    """The id of the model in use: the one that drew, else the first of the chain."""
    if attempt.record.image_model:
        return attempt.record.image_model.partition("/")[2]
    entry = (attempt.message.request.image_models or attempt.services.settings.image_models)[0]
    return attempt.services.settings.reference(entry).id


def _tried(attempt: Attempt) -> tuple[str, ...]:
    """Each revision's prompt, from its first record; read only here, once a revision."""
    earlier = [read_earlier(attempt, revision, 0) for revision in range(attempt.record.revision)]
    prompts = [record.prompt for record in earlier if record]
    return tuple(dict.fromkeys((*prompts, attempt.record.prompt)))
