"""Rewriting: the vision model sees what was tried and what was missed, and writes another prompt; code holds it to it.

Its answer is saved with the attempt's outcome, in one write, so a revision has one prompt whoever computed it.
Must not draw or judge.
"""

from functools import partial

from chalicelib.attempt.ask import ask_the_first, worst_answer_usd
from chalicelib.attempt.image_plan import chain_of
from chalicelib.attempt.services import Attempt
from chalicelib.errors import Unusable
from chalicelib.job.job_result import images_made, revisions
from chalicelib.job.judging import UNANSWERED, best_first, tried
from chalicelib.job.record import Record, Rewrite
from chalicelib.job.rewriting import allowed_exclusions, faults, mended
from chalicelib.models.replies import UnreadableReply, read_revision
from chalicelib.models.rewriting_question import rewrite_question
from chalicelib.models.seeds import seed_for_rewrite
from chalicelib.models.types import ModelReference, Revision, RewriteBrief, TriedPrompt
from chalicelib.text.cutting import cut

CODE = "code"  # who wrote a prompt that no model would write


def rewrite(attempt: Attempt, records: list[Record], feedback: tuple[str, ...]) -> Rewrite:
    """The next revision's prompt, from all of the job's records. Raises Unusable, Declined, Ambiguous, JobFails."""
    drawer = chain_of(attempt, attempt.record.revision + 1, 0)[0]
    brief = _brief(attempt, records, feedback, drawer)
    revision, model, cost_usd = _answered(attempt, brief)
    prompt, notes = mended(revision, brief)
    if model == CODE:
        notes = ("no rewritten prompt could be had; the initial one goes on with its requirements",)
    negative, dropped = allowed_exclusions(revision.negative_prompt, brief)
    attempt.remark(*notes, *(f"the rewriter excluded {term!r}, which is asked for: dropped" for term in dropped))
    seed, reason = _seed(attempt, records, drawer)
    return Rewrite(
        model=model, prompt=prompt, negative_prompt=negative, cost_usd=cost_usd, seed=seed, seed_reason=reason
    )


def _answered(attempt: Attempt, brief: RewriteBrief) -> tuple[Revision, str, float]:
    """What was written, by whom, and for how much. Nobody is asked for ever: what is said of a prompt may be filtered
    each time, and then the initial prompt is mended with the requirements by code."""
    try:
        reply, model = ask_the_first(
            attempt,
            rewrite_question(brief),
            attempt.message.request.revise_sampling,
            partial(_faultless, brief),
            partial(read_revision, length_limit=brief.length_limit),  # the second answer is taken as it is, and mended
        )
    except Unusable as error:
        if attempt.record.unanswered < UNANSWERED:
            attempt.note(unanswered=attempt.record.unanswered + 1)
            raise
        attempt.remark(f"no rewriter gave an answer that can be used: {error}")
        return Revision(cut(brief.initial_prompt, brief.length_limit).text, None, brief.requirements), CODE, 0.0
    return reply.value, str(model), reply.answered.cost_usd


def worst_rewrite_usd(attempt: Attempt) -> float:
    """The most that one asking for a rewrite can cost, in USD."""
    tokens = attempt.message.request.revise_sampling.max_tokens
    return worst_answer_usd(attempt.services.settings, attempt.message, tokens, None, image=False)


def _brief(attempt: Attempt, records: list[Record], feedback: tuple[str, ...], drawer: ModelReference) -> RewriteBrief:
    """What is told; limits and guidance are those of the model that will draw."""
    model = attempt.services.settings.catalogue.image(drawer.id)
    best = best_first(images_made(records))
    return RewriteBrief(
        initial_prompt=attempt.record.initial_prompt,
        negative_prompt=attempt.message.request.negative_prompt,
        requirements=attempt.record.requirements,
        tried=_tried(records),
        shown=best[0].image.shows if best else "",
        feedback=feedback,
        guidance=model.guidance,
        length_limit=model.prompt_limit,
    )


def _tried(records: list[Record]) -> tuple[TriedPrompt, ...]:
    """Each revision's prompt with what its pictures came to."""
    return tuple(
        tried(group[0].prompt, [image for record in group for image in record.images], group[-1].requirements)
        for group in revisions(records)
    )


def _faultless(brief: RewriteBrief, text: str) -> Revision:
    revision = read_revision(text, brief.length_limit)
    if found := faults(revision, brief):
        raise UnreadableReply("; ".join(found))
    return revision


def _seed(attempt: Attempt, records: list[Record], drawer: ModelReference) -> tuple[int | None, str]:
    """The seed to begin with, where the request leaves it free and the same model draws."""
    request = attempt.message.request
    if request.nova_canvas_seed or request.image_strategy != "fallback":
        return None, ""
    made = [each for each in best_first(images_made(records)) if each.image.image_model == str(drawer)]
    return seed_for_rewrite(made[0].image.share, made[0].image.seed) if made else (None, "")
