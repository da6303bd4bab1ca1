"""A job's requirements: the user's own, or derived once from the initial prompt, and frozen from then on.

Asked for before anything is drawn, so a panel that cannot answer costs no image. Must not judge.
"""

from contextlib import suppress
from dataclasses import replace

from chalicelib.attempt.ask import ask_the_first, usable_models, worst_answer_usd
from chalicelib.attempt.services import Attempt
from chalicelib.errors import RequestInvalid, Unusable
from chalicelib.job.message import Message
from chalicelib.models.questions import MOST_REQUIREMENTS, Question, requirements_question
from chalicelib.models.replies import read_requirements
from chalicelib.settings import Settings
from chalicelib.text.cutting import cut
from chalicelib.text.written import quoted, text_requirement

PROOF_TOKENS = 16
READY = Question("You answer in one word.", "Are you ready? Say OK.", "requirements", {"type": "object"})
WHOLE_PROMPT = 500  # characters of a prompt that stands as its own requirement


def freeze_requirements(attempt: Attempt) -> None:
    """Afterwards record and message have the job's list, and a model of the panel has answered.

    Raises Declined, Ambiguous, JobFails.
    """
    if attempt.record.requirements:
        first = attempt.standing.number == 0 and attempt.record.deferrals == 0
        if first and attempt.message.request.requirements:  # else somebody answered when they were derived
            _prove_the_panel(attempt)
        return
    prompt = attempt.message.request.prompt
    try:
        question = requirements_question(prompt)
        reply, _ = ask_the_first(attempt, question, attempt.message.request.validate_sampling, read_requirements)
        derived, too_many = reply.value
    except (Unusable, RequestInvalid) as error:
        attempt.remark(f"no requirements could be had ({error}); the prompt itself is the one requirement")
        derived, too_many = (cut(prompt, WHOLE_PROMPT).text,), ()
    requirements, left_out = with_texts(prompt, derived)
    if beyond := (*left_out, *too_many):
        attempt.remark(f"requirements beyond {MOST_REQUIREMENTS}, not checked by themselves: {'; '.join(beyond)}")
    attempt.note(requirements=requirements)
    attempt.message = replace(attempt.message, requirements=requirements)


def _prove_the_panel(attempt: Attempt) -> None:
    """No image is paid before a model that looks at it is known to answer: a word, once a sandbox, where none did."""
    if str(usable_models(attempt)[0]) in attempt.services.heard:
        return
    sampling = replace(attempt.message.request.validate_sampling, max_tokens=PROOF_TOKENS)
    with suppress(Unusable, RequestInvalid):  # cut off, or not willing: it is there
        ask_the_first(attempt, READY, sampling, str)


def with_texts(prompt: str, derived: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The list with a requirement for each text that the prompt puts in quotation marks; and what has no room left."""
    texts = tuple(map(text_requirement, quoted(prompt)))
    room = MOST_REQUIREMENTS - len(texts)
    others = tuple(requirement for requirement in derived if requirement not in texts)
    return (*others[:room], *texts), others[room:]


def worst_requirements_usd(settings: Settings, message: Message) -> float:
    """The most that deriving them can cost, in USD; 0 where the message has them."""
    if message.requirements:
        return 0.0
    question = requirements_question(message.request.prompt)
    return worst_answer_usd(settings, message, message.request.validate_sampling.max_tokens, question, image=False)
