"""One look of one vision model at one image: asked, read, and turned into a verdict by code.

The measure throughout is the initial prompt and the frozen requirements, never the rewritten prompt. Must not decide
which look is taken.
"""

from functools import partial

from chalicelib.attempt.ask import Asking, Reply, ask
from chalicelib.attempt.services import Attempt
from chalicelib.errors import RequestInvalid
from chalicelib.job.judging import Rule
from chalicelib.job.message import Message
from chalicelib.job.verdict import FindingRecord, Look, VerdictRecord
from chalicelib.models.answers import speaks_of_the_picture
from chalicelib.models.looks import GRADED_BY, both_question, checklist_question
from chalicelib.models.questions import Question
from chalicelib.models.replies import read_both, read_checklist, read_grade
from chalicelib.models.types import Checklist, Grade, ModelReference
from chalicelib.picture import NotAnImage
from chalicelib.settings import Settings
from chalicelib.text.cutting import cut
from chalicelib.text.written import asked_words, reads, to_a_judge

Seen = tuple[Grade | None, Checklist | None]
REASON, EXCLUSION, NOTE, MOST_WORDS = 2_000, 500, 500, 50


def rule_of(settings: Settings, message: Message) -> Rule:
    """How the job's images are looked at."""
    return settings.rule(message.request.acceptance, message.request.accept_grade)


def checklist_of(message: Message, requirements: tuple[str, ...]) -> tuple[str, ...]:
    """What a checklist asks: the frozen requirements, and that nothing is there which the user excluded."""
    excluded = message.request.negative_prompt
    return (*requirements, cut(f"None of this is visible: {excluded}", EXCLUSION).text) if excluded else requirements


def question_of(look: Look, message: Message, requirements: tuple[str, ...]) -> Question:
    """What is asked in a look."""
    prompt, excluded = message.request.prompt, message.request.negative_prompt
    checklist = checklist_of(message, requirements)
    if look == "checklist":
        return checklist_question(checklist)
    return both_question(prompt, excluded, checklist) if look == "both" else GRADED_BY[look](prompt, excluded)


def look_at(attempt: Attempt, reference: ModelReference, look: Look, data: bytes) -> VerdictRecord:
    """Take one look. Raises ModelGone, Unusable, Declined, Ambiguous, JobFails, RequestInvalid, NotAnImage."""
    message, requirements = attempt.message, attempt.record.requirements
    checklist = checklist_of(message, requirements)
    asking = Asking(
        reference,
        question_of(look, message, requirements),
        message.request.validate_sampling,
        data,
        partial(read_look, look, len(checklist)),
    )
    reply = _answered(attempt, asking)
    attempt.note_models(str(reference))
    seen = verdict_of(reply, str(reference), look, checklist)
    asked, (_, points) = " ".join((message.request.prompt, *checklist)), reply.value
    lettering = to_a_judge(points.words, asked) if points else None
    accepted = lettering is None and rule_of(attempt.services.settings, message).passes(seen)
    reason = "" if accepted else cut(_why_not(seen, lettering), REASON).text
    return seen.with_changes(accepted=accepted, lettering=lettering is not None, reason=reason)


def read_look(look: Look, count: int, text: str) -> Seen:
    """What a reply says in answer to a look, whose checklist has `count` entries. Raises UnreadableReply."""
    if look == "both":
        return read_both(text, count)
    return (None, read_checklist(text, count)) if look == "checklist" else (read_grade(text), None)


def verdict_of(reply: Reply[Seen], model: str, look: Look, checklist: tuple[str, ...]) -> VerdictRecord:
    """What was seen; not accepted until the rule has been asked."""
    grade, seen = reply.value
    return VerdictRecord(
        model=model,
        look=look,
        accepted=False,
        reason="",
        shows=(seen.shows if seen else "") or (grade.shows if grade else ""),
        requirements=findings(seen, checklist) if seen else (),
        grade=grade.grade if grade else None,
        faults=grade.faults if grade else (),
        words=tuple(cut(words, NOTE).text for words in seen.words[:MOST_WORDS]) if seen else (),
        input_tokens=reply.answered.input_tokens,
        output_tokens=reply.answered.output_tokens,
        cost_usd=reply.answered.cost_usd,
    )


def _why_not(seen: VerdictRecord, lettering: str | None) -> str:
    """What speaks against the picture, the gravest alone."""
    if lettering:
        return f"text in the picture speaks to its judge, and nobody asked for it: {lettering}"
    if unmet := [finding for finding in seen.requirements if not finding.met]:
        return "; ".join(f"not met: {_described(finding)}" for finding in unmet)
    return f"grade {seen.grade:g} of 10" + (f": {'; '.join(seen.faults)}" if seen.faults else "")


def findings(seen: Checklist, checklist: tuple[str, ...]) -> tuple[FindingRecord, ...]:
    """A requirement that words be read is met only where the transcription has them, letter by letter."""
    found = []
    for requirement, met, note in zip(checklist, seen.met, seen.notes, strict=True):
        words = asked_words(requirement)
        there = words is None or reads(seen.words, words)
        note = note if there else f"read in the picture: {', '.join(seen.words) or 'nothing'}"
        found.append(FindingRecord(requirement=requirement, met=met and there, note=cut(note, NOTE).text))
    return tuple(found)


def _described(finding: FindingRecord) -> str:
    return f"{finding.requirement.rstrip('.')} ({finding.note})" if finding.note else finding.requirement.rstrip(".")


def _answered(attempt: Attempt, asking: Asking[Seen]) -> Reply[Seen]:
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
