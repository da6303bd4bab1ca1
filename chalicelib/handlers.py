"""The three doors: what arrives becomes a message, or is refused with a record; then an attempt is made of it.

An S3 event that cannot be handled now is raised: Lambda tries twice more and then hands it to the dead-letter queue.
Must not know AWS; events come in as the dicts Lambda hands over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.attempt.deliver import Delivery, deliver
from chalicelib.attempt.follow_up import DeadLetter
from chalicelib.attempt.refusals import Source, refuse
from chalicelib.attempt.resolve import has_records
from chalicelib.attempt.services import Services
from chalicelib.errors import Refused, Unreachable, UnreadableRecord
from chalicelib.events.lambda_events import QueueRecord, Upload, failed_invocation, queue_records, uploads
from chalicelib.intake.upload import Opened, check_time, opened, unread
from chalicelib.job.message import claimed_job, decode
from chalicelib.job.request import check_allowed
from chalicelib.job.wake_up import Resolved

TRIED_ENOUGH = 3  # receives; the queue itself gives up after maxReceiveCount, 5 or more
LAST_RECEIVE = 300  # of a dead letter: some six days, of the fourteen that a queue keeps a message at most
NEVER_FINISHED = "it was received {} times and never finished; the function's log says why"
VALUE_TOLD = 2_000  # characters of an attribute's value that a refusal repeats
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
            _carried(services, Delivery(each.message, deadline, each.message.encode()), each.source)


def on_attempt(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the attempt that a message asks for."""
    for record in queue_records(event):
        _carried_record(services, record, deadline)


def on_dead_letter(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """End the jobs whose messages, or whose S3 events, could not be processed."""
    for record in queue_records(event):
        failed = failed_invocation(record.wire.body)
        if record.receives >= LAST_RECEIVE:  # said while it can be: nothing comes after this queue
            refuse(services, replace(_source(record), home=True), Refused(NO_END.format(record.receives)))
        elif failed is None:
            stopped = record.receives < TRIED_ENOUGH
            _carried_record(services, record, deadline, NEVER_FINISHED.format(record.receives), stopped=stopped)
        else:
            for upload in failed[0]:
                _end_upload(services, upload, failed[1], deadline, alone=len(failed[0]) == 1)


def _carried_record(
    services: Services, record: QueueRecord, deadline: datetime, why: str | None = None, *, stopped: bool = False
) -> None:
    """Deliver what a record of the queue stands for; `why` it cannot be, where the dead-letter queue handed it over.

    A job that was begun under wider limits than the stage has now ends with a FAIL.
    """
    try:
        resolved = _resolved(services, record, last=why is not None)
        try:
            check_allowed(resolved.message.request, services.settings)
        except Refused as error:
            if not resolved.known:
                raise
            why = why or f"the stage does not allow it any more: {error}"
    except Refused as error:
        refuse(services, _refused(services, record, error), error)
        return
    wire = resolved.message.encode() if resolved.known else record.wire
    dead = DeadLetter(wire, why, stopped) if why else None
    _carried(services, Delivery(resolved.message, deadline, wire, dead), _source(record))


def _resolved(services: Services, record: QueueRecord, *, last: bool) -> Resolved:
    """Whose message it is. Where its record cannot be read and nothing comes after, its own word ends the job."""
    try:
        return services.resolve(services, record.wire, record.job)
    except UnreadableRecord:
        if not last:
            raise
        return Resolved(decode(record.wire, services.settings, record.job), known=True)


def _refused(services: Services, record: QueueRecord, error: Refused) -> Source:
    """Under the name it claims, unless a job bears that, or the body is too damaged to tell where such a job would lie.

    Nothing refused may stand where a job's end is looked for.
    """
    source = _source(record)
    unplaced = error.field is None
    return source.under_its_own_name() if unplaced or has_records(services, record.wire, record.job) else source


def _end_upload(services: Services, upload: Upload, error: str, deadline: datetime, *, alone: bool) -> None:
    try:
        found = opened(services, upload, deadline)
    except Unreachable as unreadable:  # nothing comes after this queue: told now, or never
        words = f"the prompt file cannot be read: {unreadable}; let the functions read it"
        refuse(services, unread(upload), Refused(words))
        return
    if not alone or len(found) > 1:
        _send(services, found, deadline)  # of several prompts, nobody knows which made the event fail
        return
    for each in found:
        wire = each.message.encode()
        _carried(services, Delivery(each.message, deadline, wire, DeadLetter(wire, error)), each.source)


def _send(services: Services, found: Sequence[Opened], deadline: datetime) -> None:
    for each in found:
        check_time(services, deadline)
        services.work.send(each.message.encode())


def _carried(services: Services, delivery: Delivery, source: Source) -> None:
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


def _source(record: QueueRecord) -> Source:
    """Told with its own name and its values, so that two messages that claim the same are told apart."""
    values = ", ".join(f"{name}={value[:VALUE_TOLD]!r}" for name, (_, value) in sorted(record.wire.attributes.items()))
    told = f"SQS message {record.job} with attributes {{{values}}}"
    return Source(told, claimed_job(record.wire, record.job), record.wire.body.encode(errors="replace"), record.job)
