"""Ending a job from outside, as its user asked: one look at its chain, and what can be done about its newest record.

It works by the same conditional writes as every delivery, so it can be cut off, doubled and raced like one, and needs
nothing but the outbox. Where somebody is at an attempt nothing can be ended yet: then the positions that can follow are
marked. Whoever comes to a mark ends the job there (`protocol`), so that nothing more is begun even if nobody looks
again. Must not pay, send or wait.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.attempt.claim import announced, create_mark, hold_name, read_record
from chalicelib.attempt.follow_up import DeadLetter, write_result
from chalicelib.attempt.perform import end_cancelled
from chalicelib.attempt.services import Services
from chalicelib.errors import AlreadyExists, Changed, Refused
from chalicelib.job.arrival import START
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.protocol import EndCancelled, MarkSuccessors, WriteResult, decide_cancel, successors
from chalicelib.job.record import Record, Status
from chalicelib.job.result import Result

PATIENCE = timedelta(minutes=5)  # nobody ends a command of the user's; this is what the report may take at most


@dataclass(frozen=True)
class NotBegun:
    """The job has no record; `marked`: but its name is held, and whoever comes with its first message ends it."""

    marked: bool = False


@dataclass(frozen=True)
class UnderWay:
    """Somebody is at this attempt; no other follows it."""

    record: Record


@dataclass(frozen=True)
class Ended:
    """The job has its result."""

    result: Result


@dataclass(frozen=True)
class Frontier:
    """The position from which nothing leads further: its message, and its record where it has one."""

    message: Message
    record: Record | None
    etag: str


def cancel(services: Services, place: JobPlace, *, ahead: bool = False) -> NotBegun | UnderWay | Ended:
    """End the job, or see to it that it ends with the attempt under way; looked at again whenever something moved.

    `ahead`: a job that has not begun is kept from it, too, by a mark under its name. Raises Refused for what is none of
    this release's, UnreadableRecord, Unreachable, Unavailable.
    """
    while True:
        found = read_record(services, place, *START)
        if found is None and not ahead:
            return NotBegun()
        try:
            if found is None:
                hold_name(services, place)
            if found is None or found[0].status is Status.CANCELLING:
                return NotBegun(marked=True)
            if came_to := _applied(services, _frontier(services, place, *found), place):
                return came_to
        except (AlreadyExists, Changed):
            continue


def _frontier(services: Services, place: JobPlace, record: Record, etag: str) -> Frontier:
    """Where the chain from its first record ends. Only what a record announces belongs to it."""
    message = record.message()
    if (own := services.place(message)) != place:
        raise Refused(
            f"{place.job} is a copy: by its records the job itself is s3://{own.bucket}/{own.prefix}/{own.job}/"
        )
    while following := announced(services, record):
        message = following
        found = read_record(services, place, *message.position)
        if found is None:
            return Frontier(message, None, "")
        record, etag = found
    return Frontier(message, record, etag)


def _applied(services: Services, frontier: Frontier, place: JobPlace) -> UnderWay | Ended | None:
    """What the table says; None where the job moved meanwhile. Raises AlreadyExists, Changed for the same."""
    message, now = frontier.message, services.clock()
    match decide_cancel(frontier.record, now):
        case EndCancelled(record):
            return Ended(end_cancelled(services, message, now + PATIENCE, record, frontier.etag))
        case WriteResult(result, letter):
            write_result(services, message, result, DeadLetter(message.encode(), "") if letter else None)
            return Ended(result)
        case MarkSuccessors(record):
            _mark(services, message, record)
            again = read_record(services, place, record.revision, record.attempt)
            return UnderWay(record) if again and again[1] == frontier.etag else None


def _mark(services: Services, message: Message, record: Record) -> None:
    request = message.request
    so_far = replace(message, spent_usd=record.spent_usd)
    for position in successors(record, request.max_retry_attempts, request.max_prompt_revisions):
        try:
            create_mark(services, so_far, position)
        except AlreadyExists:  # marked before; or begun meanwhile, which the next look tells
            continue
