"""Looks that nobody recorded are taken now, as handlers take them: who is due by the rules, and what is answered.

How a request travels is handed in. Must not decide which picture is good.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.attempt.ask import Reply
from chalicelib.attempt.look import checklist_of, question_of, read_look, verdict_of
from chalicelib.calibration.looks import Picture, heard
from chalicelib.calibration.replay import Replay
from chalicelib.errors import Unusable
from chalicelib.job.judging import LOOKS, Rule
from chalicelib.job.record import Record
from chalicelib.job.verdict import Look, VerdictRecord
from chalicelib.models.replies import UnreadableReply
from chalicelib.models.vision import VisionModel
from chalicelib.ports import Json

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
            picture = replace(picture, looks=(*picture.looks, heard(record.initial_prompt, verdict)))
            yield verdict


def take(judge: Judge, look: Look, record: Record, image: bytes) -> VerdictRecord:
    """One look, as a record has it; `accepted` says only that nothing was answered as unmet. Raises ModelError."""
    message = record.message()
    checklist = checklist_of(message, record.requirements)
    question = question_of(look, message, record.requirements)
    request, _ = judge.model.ask(question, message.request.validate_sampling, image)
    answered = judge.model.read(judge.name, judge.ask(request))
    try:
        seen = read_look(look, len(checklist), answered.text)
    except UnreadableReply as error:
        raise Unusable(judge.name, str(error), answered.cost_usd) from None
    verdict = verdict_of(Reply(seen, answered), judge.name, look, checklist)
    return verdict.with_changes(accepted=all(finding.met for finding in verdict.requirements))
