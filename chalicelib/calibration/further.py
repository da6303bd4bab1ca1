"""Looks that nobody recorded are taken now, as handlers take them: who is due by the rules, and what is answered.

How a request travels is handed in. Must not decide which picture is good.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.attempt.look import checklist_of, question_of
from chalicelib.calibration.looks import Picture, taken_of
from chalicelib.calibration.replay import Replay
from chalicelib.errors import Unusable
from chalicelib.job.judging import LOOKS, Rule
from chalicelib.job.record import Record
from chalicelib.job.verdict import FindingRecord, Look, VerdictRecord
from chalicelib.models.replies import UnreadableReply, read_both, read_checklist, read_grade
from chalicelib.models.types import Checklist, Grade
from chalicelib.models.vision import VisionModel
from chalicelib.ports import Json
from chalicelib.text.written import asked_words, reads

LEAST_GRADE = 7  # below the lowest threshold no later look is ever asked for


@dataclass(frozen=True)
class Judge:
    """A vision model and how it is asked: a Converse request without `modelId`, and its reply. Raises ModelError."""

    name: str
    model: VisionModel
    ask: Callable[[Json], Json]


def looks_due(picture: Picture) -> dict[Look, int]:
    """Every look that some mode may still ask for, with its turn."""
    due: dict[Look, int] = {}
    for mode, looks in LOOKS.items():
        if missing := Replay(Rule(mode, LEAST_GRADE)).due(picture):
            due |= {
                look: turn for turn, look in enumerate(looks) if turn >= missing[1] and not picture.taken(look, None)
            }
    return due


def worst_usd(panel: Sequence[Judge], picture: Picture, record: Record) -> float:
    """The most that all looks due at a picture cost."""
    return sum(look_usd(panel[turn % len(panel)], look, record) for look, turn in looks_due(picture).items())


def look_usd(judge: Judge, look: Look, record: Record) -> float:
    """The most that one look costs."""
    message = record.message()
    question = question_of(look, message, record.requirements)
    return judge.model.worst_price(message.request.validate_sampling.max_tokens, question)


def take_all(panel: Sequence[Judge], picture: Picture, record: Record, image: bytes) -> Iterator[VerdictRecord]:
    """Each look as it was answered, until every mode knows what it makes of the picture. Raises ModelError."""
    for mode in LOOKS:
        replay = Replay(Rule(mode, LEAST_GRADE))
        while missing := replay.due(picture):
            look, turn = missing
            verdict = take(panel[turn % len(panel)], look, record, image)
            picture = replace(picture, looks=(*picture.looks, taken_of(record.initial_prompt, verdict)))
            yield verdict


def take(judge: Judge, look: Look, record: Record, image: bytes) -> VerdictRecord:
    """One look, as a record has it; `accepted` says only that nothing was answered as unmet. Raises ModelError."""
    message = record.message()
    checklist = checklist_of(message, record.requirements)
    question = question_of(look, message, record.requirements)
    request, _ = judge.model.ask(question, message.request.validate_sampling, image)
    answered = judge.model.read(judge.name, judge.ask(request))
    try:
        grade, seen = _read(look, len(checklist), answered.text)
    except UnreadableReply as error:
        raise Unusable(judge.name, str(error), answered.cost_usd) from None
    findings = _findings(checklist, seen) if seen else ()
    return VerdictRecord(
        model=judge.name,
        look=look,
        accepted=all(finding.met for finding in findings),
        reason="",
        requirements=findings,
        grade=grade.grade if grade else None,
        words=seen.words if seen else (),
        cost_usd=answered.cost_usd,
    )


def _read(look: Look, count: int, text: str) -> tuple[Grade | None, Checklist | None]:
    if look == "both":
        return read_both(text, count)
    return (None, read_checklist(text, count)) if look == "checklist" else (read_grade(text), None)


def _findings(checklist: Sequence[str], seen: Checklist) -> tuple[FindingRecord, ...]:
    """As an attempt has it: words count as read where the transcription has them."""
    return tuple(
        FindingRecord(
            requirement=asked, met=met and ((words := asked_words(asked)) is None or reads(seen.words, words))
        )
        for asked, met in zip(checklist, seen.met, strict=True)
    )
