"""Holding a claim: draw, check, conclude, save, follow. Whatever stops it becomes a saved record that says so.

The order is the promise: count before paying, save before sending, send before acknowledging.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.attempt.ask import usable_models
from chalicelib.attempt.check import check, worst_check_usd
from chalicelib.attempt.claim import create, fresh_record, leased_again, replace
from chalicelib.attempt.conclude import block, conclude, end_early, end_failed, put_off
from chalicelib.attempt.draw import draw, perhaps_for_its_language
from chalicelib.attempt.follow_up import DeadLetter, follow, write_report
from chalicelib.attempt.image_plan import Plan, give_back, plan
from chalicelib.attempt.metrics import announce
from chalicelib.attempt.requirements import freeze_requirements, worst_requirements_usd
from chalicelib.attempt.saved_images import find_saved_images
from chalicelib.attempt.services import Attempt, Services
from chalicelib.attempt.unrecorded_cost import count_lost_questions
from chalicelib.errors import Blocked, JobFails, ModelError, PutOff, Refused, RequestInvalid, Unusable
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record, Status
from chalicelib.job.result import Result

LOST = "no image came of two paid calls (a lost answer or a process that died); it is not paid for a third time"
TAKEN_AWAY = "its image was taken out of the outbox before it was looked at; it is not paid for again"
CANCELLED = "the job was cancelled"


def begin(services: Services, message: Message, deadline: datetime) -> None:
    """Claim an attempt that nobody has begun. Raises AlreadyExists."""
    attempt = Attempt(services, message, deadline, fresh_record(services, message, deadline))
    _open(attempt, create, draw_first=True)


def take_over(
    services: Services, message: Message, deadline: datetime, record: Record, etag: str, draw_first: bool
) -> None:
    """Go on with what is there, after the former owner's time. Raises Changed."""
    attempt = _taken_over(services, message, deadline, record, etag)
    if record.status is Status.LEASED:
        count_lost_questions(attempt, drawn=not draw_first)
    _open(attempt, replace, draw_first)


def give_up_image(services: Services, message: Message, deadline: datetime, record: Record, etag: str) -> None:
    """Two generations, no image: the outcome is lost, and the next attempt follows. Raises Changed."""
    attempt = _taken_over(services, message, deadline, record, etag)
    if record.status is Status.LEASED:
        count_lost_questions(attempt, drawn=False)
    attempt.note(judged="lost", reason=LOST)
    replace(attempt)
    _see_and_conclude(attempt, None, record.cost_usd)


def end_dead(
    services: Services, message: Message, deadline: datetime, record: Record | None, etag: str, dead: DeadLetter
) -> None:
    """End an attempt whose message could not be processed. Raises AlreadyExists, Changed."""
    if record:
        attempt = Attempt(services, _known(record, message), deadline, leased_again(services, record, deadline), etag)
        _note_what_was_left(attempt, record)
    else:
        attempt = Attempt(services, message, deadline, fresh_record(services, message, deadline))
    end_failed(attempt, "failed", _dead_words(attempt, record, dead), why="dead")
    (replace if record else create)(attempt)
    announce(attempt, 0.0)
    follow(services, message, attempt.record, dead)


def end_cancelled(services: Services, message: Message, deadline: datetime, record: Record | None, etag: str) -> Result:
    """End an attempt, and the job with it, as its user asked: nothing is paid for it any more.

    `record` None, or a mark: nobody has begun it. Raises AlreadyExists, Changed.
    """
    if record and record.status is not Status.CANCELLING:
        attempt = _taken_over(services, message, deadline, record, etag)
        _note_what_was_left(attempt, record)
    else:
        attempt = Attempt(services, message, deadline, fresh_record(services, message, deadline), etag)
    end_early(attempt, CANCELLED, "CANCELLED")
    _end_unpaid(attempt, replace if record else create)
    assert attempt.record.next, "an outcome always says what follows"
    assert attempt.record.next.result, "a job that was cancelled has ended"
    return attempt.record.next.result


def _known(record: Record, delivered: Message) -> Message:
    """The record's own message; the delivered one where a newer release was asked what this one does not know."""
    try:
        return record.message(delivered)
    except Refused:
        return delivered


def _note_what_was_left(attempt: Attempt, before: Record) -> None:
    """What was drawn and never looked at is told, too, and what an owner who died may have paid is counted."""
    if not attempt.record.images:
        attempt.note(images=tuple(saved_image.record for saved_image in find_saved_images(attempt, looked_at=False)))
    if before.status is Status.LEASED:
        count_lost_questions(attempt, drawn=bool(attempt.record.images))


def _taken_over(services: Services, message: Message, deadline: datetime, record: Record, etag: str) -> Attempt:
    known = record.message(message)
    return Attempt(services, known, deadline, leased_again(services, record, deadline), etag)


def _dead_words(attempt: Attempt, record: Record | None, dead: DeadLetter) -> str:
    place = position(attempt.record.revision, attempt.record.attempt)
    words = f"the message of attempt {place} could not be processed: {dead.error}"
    if dead.stopped and (record is None or record.status is Status.DEFERRED):
        words += (
            ". Nobody was working on it, and it was received only a few times: AWS Lambda's recursive loop detection "
            "leaves a message so when it stops a function after about 16 invocations in one chain (AWS documentation, "
            "2026-11); if that is not allowed yet, allow it for on_attempt (RecursiveLoop: Allow)"
        )
    return f"{words}. The message is kept under dead-letters/ and can be sent again as a new job (redrive)"


def _open(attempt: Attempt, write: Callable[[Attempt], None], draw_first: bool) -> None:
    before = attempt.record.cost_usd
    chosen = None
    try:
        if draw_first:
            usable_models(attempt)  # an image that nobody could check is not paid for
            chosen = plan(attempt, worst_checks_usd(attempt))
    except JobFails as error:
        end_failed(attempt, "failed", str(error))
        _end_unpaid(attempt, write)
        return
    write(attempt)
    _see_and_conclude(attempt, chosen, before)


def _end_unpaid(attempt: Attempt, write: Callable[[Attempt], None]) -> None:
    """Save the job's end and tell of it; this invocation asked nobody anything."""
    write(attempt)
    announce(attempt, 0.0)
    write_report(attempt)
    follow(attempt.services, attempt.message, attempt.record)


def worst_checks_usd(attempt: Attempt) -> float:
    """What the attempt's image brings with it at most, in USD: requirements, where there are none yet, and looks."""
    settings, message = attempt.services.settings, attempt.message
    return worst_requirements_usd(settings, message) + worst_check_usd(settings, message)


def _see_and_conclude(attempt: Attempt, chosen: Plan | None, cost_before: float) -> None:
    try:
        if attempt.record.judged is None:
            _see(attempt, chosen)
        conclude(attempt)
    except (PutOff, Unusable) as error:
        put_off(attempt, error)
    except (JobFails, RequestInvalid) as error:
        end_early(attempt, str(error))
    announce(attempt, attempt.record.cost_usd - cost_before)
    replace(attempt)
    write_report(attempt)
    follow(attempt.services, attempt.message, attempt.record)


def _see(attempt: Attempt, chosen: Plan | None) -> None:
    """Draw or fetch the images, and judge them; a prompt that its model will not take is a judgement of its own."""
    try:
        freeze_requirements(attempt)
    except (ModelError, JobFails):
        if chosen:
            give_back(attempt, chosen)
        raise
    try:
        saved_images = draw(attempt, chosen) if chosen else find_saved_images(attempt)
    except Blocked as error:
        block(attempt, f"the content filter stopped the {error.what}: {error.words}")
        return
    except RequestInvalid as error:
        if not perhaps_for_its_language(attempt, error.words):
            raise
        block(attempt, f"the prompt was refused, perhaps for its language; English is asked for next: {error.words}")
        return
    if saved_images:
        check(attempt, saved_images)
    else:
        attempt.note(judged="lost", reason=TAKEN_AWAY, images=())
