"""The three doors: what arrives becomes a message, or is refused with a record; then an attempt is made of it.

An S3 event that cannot be handled now is raised: Lambda tries twice more and then hands it to the dead-record queue.
Must not know AWS; events come in as the dicts Lambda hands over.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.attempt.deliver import Delivery, deliver, is_begun
from chalicelib.attempt.follow_up import DeadLetter
from chalicelib.attempt.refusals import Source, refuse
from chalicelib.attempt.services import Services
from chalicelib.errors import Changed, Refused, Unreachable, UnreadableRecord
from chalicelib.events.lambda_events import QueueRecord, Upload, failed_invocation, queue_records, uploads
from chalicelib.job.message import Message, claimed_job, decode
from chalicelib.job.outbox_keys import job_name, stem
from chalicelib.job.request import FILE_LIMIT, check_allowed, read_request

TRIED_ENOUGH = 3  # receives; the queue itself gives up after maxReceiveCount, 5 or more
LAST_RECEIVE = 300  # of a dead record: some six days, of the fourteen that a queue keeps a message at most
NEVER_FINISHED = "it was received {} times and never finished; the function's log says why"
VALUE_TOLD = 2_000  # characters of an attribute's value that a refusal repeats
NO_END = "the dead-record queue handed it out {} times and it could never be dealt with; the function's log says why"


def on_prompt(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the first attempt of an uploaded prompt file; further files of the same event go to the queue before it."""
    for number, upload in reversed(list(enumerate(uploads(event)))):
        if opened := _opened(services, upload):
            message, source = opened
            if number:
                services.work.send(message.encode())
            else:
                _carried(services, Delivery(message, deadline, message.encode()), source)


def on_attempt(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the attempt that a message asks for."""
    for record in queue_records(event):
        if message := _read(services, record, deadline):
            injected = "job" in record.wire.attributes and not message.spent_usd
            _carried(services, Delivery(message, deadline, record.wire, injected=injected), _source(record))


def on_dead_letter(services: Services, event: Mapping[str, Any], deadline: datetime) -> None:
    """End the jobs whose messages, or whose S3 events, could not be processed."""
    for record in queue_records(event):
        failed = failed_invocation(record.wire.body)
        if record.receives >= LAST_RECEIVE:  # said while it can be: nothing comes after this queue
            refuse(services, replace(_source(record), home=True), Refused(NO_END.format(record.receives)))
        elif failed is None:
            _end_record(services, record, deadline)
        else:
            for upload in failed[0]:
                _end_upload(services, upload, failed[1], deadline, alone=len(failed[0]) == 1)


def _read(services: Services, record: QueueRecord, deadline: datetime) -> Message | None:
    """The record's message, or None once it was refused. A job that was begun under wider limits ends with a FAIL."""
    try:
        message = decode(record.wire, services.settings, record.job)
    except Refused as error:
        refuse(services, _source(record), error)
        return None
    try:
        check_allowed(message.request, services.settings)
    except Refused as error:
        if is_begun(services, message):
            dead = DeadLetter(record.wire, f"the stage does not allow it any more: {error}")
            _carried(services, Delivery(message, deadline, record.wire, dead), _source(record))
        else:
            refuse(services, _source(record), error)
        return None
    return message


def _end_record(services: Services, record: QueueRecord, deadline: datetime) -> None:
    if message := _read(services, record, deadline):
        dead = DeadLetter(record.wire, NEVER_FINISHED.format(record.receives), stopped=record.receives < TRIED_ENOUGH)
        _carried(services, Delivery(message, deadline, record.wire, dead), _source(record))


def _end_upload(services: Services, upload: Upload, error: str, deadline: datetime, *, alone: bool) -> None:
    try:
        opened = _opened(services, upload)
    except Unreachable as unreadable:  # nothing comes after this queue: told now, or never
        words = f"the prompt file cannot be read: {unreadable}; let the functions read it"
        refuse(services, _unread(upload), Refused(words))
        return
    if opened is None:
        return
    message, source = opened
    if alone:
        wire = message.encode()
        _carried(services, Delivery(message, deadline, wire, DeadLetter(wire, error)), source)
    else:
        services.work.send(message.encode())  # of several files, nobody knows which made the event fail


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
        words = f"output_s3_bucket_name: {error}; create it and let the functions use it, or leave the field out"
        refuse(services, source, Refused(words, "output_s3_bucket_name"))


def _opened(services: Services, upload: Upload) -> tuple[Message, Source] | None:
    """The upload's first message, or None after a refusal. With a version it is that version that counts."""
    try:
        stored = services.store.read(
            upload.place,
            version=upload.version or None,
            etag=None if upload.version else f'"{upload.etag}"' if upload.etag else None,
            most=FILE_LIMIT + 1,
        )
    except Changed:
        words = "the prompt file was overwritten before it was read; the newer one has its own job"
        refuse(services, _unread(upload), Refused(words))
        return None
    if stored is None:
        refuse(services, _unread(upload), Refused("the prompt file was gone before it was read; upload it again"))
        return None
    source = replace(_unread(upload), job=_upload_name(upload, stored.last_modified), received=stored.body)
    try:
        return Message.first(read_request(stored.body, services.settings), source.job), source
    except Refused as error:
        refuse(services, source, error)
        return None


def _unread(upload: Upload) -> Source:
    return Source(f"s3://{upload.place.bucket}/{upload.place.key}", _upload_name(upload, upload.moment), b"")


def _upload_name(upload: Upload, moment: datetime) -> str:
    place = upload.place
    return job_name(stem(place.key), moment, place.bucket, place.key, upload.version or upload.etag, upload.sequencer)


def _source(record: QueueRecord) -> Source:
    """Told with its own name and its values, so that two messages that claim the same are told apart."""
    values = ", ".join(f"{name}={value[:VALUE_TOLD]!r}" for name, (_, value) in sorted(record.wire.attributes.items()))
    told = f"SQS message {record.job} with attributes {{{values}}}"
    return Source(told, claimed_job(record.wire, record.job), record.wire.body.encode(errors="replace"), record.job)
