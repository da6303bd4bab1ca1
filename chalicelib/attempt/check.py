"""Looking: every image of the attempt goes through the looks of its rule, in sequence, and stops at the first no.

Images are looked at side by side. An answer that cannot be read is neither yes nor no; what was seen so far stays in
the record whatever happens. Must not draw or rewrite, and decides nothing: `job/judging` does.
"""

from collections.abc import Sequence
from functools import partial

from chalicelib.attempt.ask import usable_models, worst_answer_usd
from chalicelib.attempt.look import look_at, question_of, rule_of
from chalicelib.attempt.saved_images import SavedImage
from chalicelib.attempt.services import Attempt
from chalicelib.errors import JobFails, ModelError, ModelGone, Unusable
from chalicelib.job.judging import UNANSWERED, Rule, score
from chalicelib.job.message import Message
from chalicelib.job.verdict import ImageRecord
from chalicelib.models.questions import LONGEST_DERIVED, MOST_REQUIREMENTS
from chalicelib.picture import NotAnImage
from chalicelib.settings import Settings
from chalicelib.text.characters import cleaned

# As large as derived ones can be: every character of four bytes.
_UNKNOWN_REQUIREMENTS = ("\U00010000" * LONGEST_DERIVED,) * MOST_REQUIREMENTS


def check(attempt: Attempt, saved_images: Sequence[SavedImage]) -> None:
    """Judge what is not judged yet; afterwards the record says accepted or rejected.

    Raises Unusable, Declined, Ambiguous, JobFails; the verdicts so far are in the record.
    """
    attempt.note(images=tuple(saved_image.record for saved_image in saved_images))
    unjudged = [(number, saved.data) for number, saved in enumerate(saved_images) if saved.record.accepted is None]
    stopped = attempt.services.side_by_side(partial(_judged, attempt), unjudged) if unjudged else []
    if failures := [failure for failure in stopped if isinstance(failure, ModelError | JobFails)]:
        raise next((failure for failure in failures if isinstance(failure, JobFails)), failures[0])
    best = attempt.record.best
    assert best is not None, "an attempt is checked only when it has an image"
    attempt.note(judged="accepted" if best.accepted else "rejected", reason=best.reason)


def worst_check_usd(settings: Settings, message: Message) -> float:
    """The most that one sequence of looks at all the attempt's images can cost, in USD."""
    tokens = message.request.validate_sampling.max_tokens
    requirements = message.requirements or _UNKNOWN_REQUIREMENTS
    questions = [question_of(look, message, requirements) for look in rule_of(settings, message).looks]
    worst = sum(worst_answer_usd(settings, message, tokens, question, image=True) for question in questions)
    return worst * message.request.nova_canvas_number_of_images


def _judged(attempt: Attempt, unjudged: tuple[int, bytes]) -> ModelError | JobFails | None:
    """Judge one image; what stops it is handed back, so that the others are judged all the same."""
    try:
        _judge(attempt, *unjudged)
    except (ModelError, JobFails) as error:
        return error
    return None


def _judge(attempt: Attempt, number: int, data: bytes) -> None:
    rule = rule_of(attempt.services.settings, attempt.message)
    while due := rule.next_look(attempt.record.images[number].verdicts):
        look, turn = due
        panel = usable_models(attempt)
        reference = panel[turn % len(panel)]
        image = attempt.record.images[number]
        try:
            verdict = look_at(attempt, reference, look, data)
        except ModelGone:
            continue
        except NotAnImage as error:  # paid for, and nobody can look at it
            attempt.set_image(number, image.with_changes(accepted=False, reason=str(error)))
            return
        except Unusable as error:
            if image.unanswered < UNANSWERED:
                attempt.set_image(number, image.with_changes(unanswered=image.unanswered + 1))
                raise
            attempt.set_image(number, _unjudged(image, error))
            return
        attempt.set_image(number, image.with_changes(verdicts=(*image.verdicts, verdict)))
    attempt.set_image(number, summed_up(attempt.record.images[number], rule))


def _unjudged(image: ImageRecord, error: Unusable) -> ImageRecord:
    """Nobody is asked for ever: what was seen so far stands, and the image is not accepted."""
    reason = (
        f"unjudged by {error.model}, which gave no readable answer {image.unanswered + 1} times over: {error.words}"
    )
    left = image.with_changes(accepted=False, unjudged_by=error.model, reason=cleaned(reason))
    return left.with_changes(score=score(left))


def summed_up(image: ImageRecord, rule: Rule) -> ImageRecord:
    """The image with what its verdicts come to."""
    deciding = next((verdict for verdict in image.verdicts if not verdict.accepted), None)
    grades = " and ".join(f"{verdict.grade:g}" for verdict in image.verdicts if verdict.grade is not None)
    all_met = f"every requirement is met; graded {grades} of 10"
    return image.with_changes(
        accepted=rule.accepts(image.verdicts), score=score(image), reason=deciding.reason if deciding else all_met
    )
