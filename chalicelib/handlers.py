"""The three handlers: what arrives becomes a message, or is refused with a record; then an attempt is made of it.

The way leads down: `events` reads what Lambda hands over, once; `resolve` says which message counts; `deliver` does the
rest. It comes back here between these three, and to refuse what `deliver` meets. An S3 event that cannot be handled now
is raised: Lambda tries twice more and then hands it to the dead-letter queue.
Must not know AWS; events come in as the dicts Lambda hands over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.attempt.deliver import Delivery, deliver
from chalicelib.attempt.follow_up import DeadLetter
from chalicelib.attempt.refusals import Source, refuse, refuse_arrival, refuse_at_home
from chalicelib.attempt.services import Services
from chalicelib.errors import Refused, Unreachable, UnreadableRecord
from chalicelib.events.lambda_events import Upload, arrivals, failed_invocation, uploads
from chalicelib.intake.upload import Opened, check_time, opened, unread
from chalicelib.job.arrival import Arrival, Resolved
from chalicelib.job.request import check_allowed

TRIED_ENOUGH = 3  # receives; the queue itself gives up after maxReceiveCount, 5 or more
LAST_RECEIVE = 300  # of a dead letter: some six days, of the fourteen that a queue keeps a message at most
NEVER_FINISHED = "it never finished (received {} ×); the function's log says why"
NO_END = "the dead-letter queue handed it out {} times and it could never be dealt with; the function's log says why"


def on_prompt(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the first attempt of an uploaded prompt; the others of its file, or event, go to the queue before it.

    A process that dies on the way begins again: a message sent twice is a delivery like any other.
    """
    for number, upload in reversed(list(enumerate(uploads(event)))):
        found = opened(services, upload, deadline)
        here = 0 if number else 1
        _send(services, found[here:], deadline)
        for each in found[:here]:
            _deliver(services, Delivery(each.message, deadline, each.message.encode()), each.source)


def on_attempt(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the attempt that a message asks for."""
    for arrival in arrivals(event, services.settings):
        _deliver_what_it_wakes(services, arrival, deadline)


def on_dead_letter(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """End the jobs whose messages, or whose S3 events, could not be processed."""
    for arrival in arrivals(event, services.settings):
        failed = failed_invocation(arrival.wire.body)
        if arrival.receives >= LAST_RECEIVE:  # said while it can be: nothing comes after this queue
            refuse_at_home(services, arrival, Refused(NO_END.format(arrival.receives)))
        elif failed is None:
            stopped = arrival.receives < TRIED_ENOUGH
            why = NEVER_FINISHED.format(arrival.receives)
            _deliver_what_it_wakes(services, arrival, deadline, why, stopped=stopped)
        else:
            for upload in failed[0]:
                _end_upload(services, upload, failed[1], deadline, alone=len(failed[0]) == 1)


def _deliver_what_it_wakes(
    services: Services, arrival: Arrival, deadline: datetime, why: str | None = None, *, stopped: bool = False
) -> None:
    """Deliver the message that an arrival stands for; `why` it cannot be, where the dead-letter queue handed it over.

    A job that was begun under wider limits than the stage has now ends with a FAIL.
    """
    try:
        resolved = _resolved(services, arrival, last=why is not None)
    except Refused as error:
        refuse_arrival(services, arrival, error)
        return
    why = why or _no_longer_allowed(services, resolved)
    wire = resolved.message.encode() if resolved.known else arrival.wire
    dead = DeadLetter(wire, why, stopped) if why else None
    _deliver(services, Delivery(resolved.message, deadline, wire, dead), Source.of(arrival))


def _resolved(services: Services, arrival: Arrival, *, last: bool) -> Resolved:
    """Whose message it is. Where its record cannot be read and nothing comes after, its own word ends the job."""
    try:
        return services.resolve(services, arrival)
    except UnreadableRecord:
        if not last:
            raise
        return Resolved(arrival.known_message(), known=False)  # not encoded anew: it is kept as it came


def _no_longer_allowed(services: Services, resolved: Resolved) -> str | None:
    """Why a job under way cannot go on, since its stage was deployed anew; who starts one was held to it already."""
    if not resolved.known:
        return None
    try:
        check_allowed(resolved.message.request, services.settings)
    except Refused as error:
        return f"the stage does not allow it any more: {error}"
    return None


def _end_upload(services: Services, upload: Upload, error: str, deadline: datetime, *, alone: bool) -> None:
    try:
        found = opened(services, upload, deadline)
    except Unreachable as unreadable:  # nothing comes after this queue: told now, or never
        words = f"the prompt file cannot be read: {unreadable}; let the functions read it"
        refuse(services, unread(services, upload), Refused(words))
        return
    if not alone or len(found) > 1:
        _send(services, found, deadline)  # of several prompts, nobody knows which made the event fail
        return
    for each in found:
        wire = each.message.encode()
        _deliver(services, Delivery(each.message, deadline, wire, DeadLetter(wire, error)), each.source)


def _send(services: Services, found: Sequence[Opened], deadline: datetime) -> None:
    for each in found:
        check_time(services, deadline)
        services.work.send(each.message.encode())


def _deliver(services: Services, delivery: Delivery, source: Source) -> None:
    """Deliver; an output bucket that is not there refuses the prompt before anything is paid.

    What may pass (a bucket that answers 403, a record that cannot be read before the next deployment) is raised, and
    refused only where nothing comes after.
    """
    try:
        deliver(services, delivery)
    except Refused as error:
        refuse(services, source.under_its_own_name(), error)
    except UnreadableRecord as error:
        if delivery.dead is None:
            raise
        refuse(services, source, Refused(str(error)))
    except Unreachable as error:
        if error.bucket == services.settings.outbox_bucket or not (error.for_good or delivery.dead):
            raise
        words = (
            f"output_s3_bucket_name: {error}; create it and let the functions use it (a KMS key of its own is named "
            "under output_kms_keys of the stage), or leave the field out"
        )
        refuse(services, source, Refused(words, "output_s3_bucket_name"))
