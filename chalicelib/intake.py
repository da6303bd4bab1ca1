"""The three doors: what arrives becomes a message, or is refused with a record; then an attempt is made of it.

An S3 event that cannot be handled now is raised: Lambda tries twice more and then hands it to the dead-letter queue.
Must not know AWS; events come in as the dicts Lambda hands over.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.attempt.deliver import Delivery, deliver, is_begun
from chalicelib.attempt.ending import DeadLetter
from chalicelib.attempt.world import World
from chalicelib.errors import Changed, Refused, Unreachable, UnreadableRecord
from chalicelib.events import Letter, Upload, failed_invocation, letters, uploads
from chalicelib.message import Message, claimed_job, decode
from chalicelib.outbox_keys import job_name, stem
from chalicelib.refusal import Source, refuse
from chalicelib.request import FILE_LIMIT, check_allowed, read_request

TRIED_ENOUGH = 3  # receives; the queue itself gives up after maxReceiveCount, 5 or more
LAST_RECEIVE = 300  # of a dead letter: some six days, of the fourteen that a queue keeps a message at most
NEVER_FINISHED = "it was received {} times and never finished; the function's log says why"
VALUE_TOLD = 2_000  # characters of an attribute's value that a refusal repeats
NO_END = "the dead-letter queue handed it out {} times and it could never be dealt with; the function's log says why"


def on_prompt(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the first attempt of an uploaded prompt file; further files of the same event go to the queue before it."""
    for number, upload in reversed(list(enumerate(uploads(event)))):
        if opened := _opened(world, upload):
            message, source = opened
            if number:
                world.work.send(message.encode())
            else:
                _carried(world, Delivery(message, deadline, message.encode()), source)


def on_attempt(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the attempt that a message asks for."""
    for letter in letters(event):
        if message := _read(world, letter, deadline):
            injected = "job" in letter.wire.attributes and not message.spent_usd
            _carried(world, Delivery(message, deadline, letter.wire, injected=injected), _source(letter))


def on_dead_letter(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """End the jobs whose messages, or whose S3 events, could not be processed."""
    for letter in letters(event):
        failed = failed_invocation(letter.wire.body)
        if letter.receives >= LAST_RECEIVE:  # said while it can be: nothing comes after this queue
            refuse(world, replace(_source(letter), home=True), Refused(NO_END.format(letter.receives)))
        elif failed is None:
            _end_letter(world, letter, deadline)
        else:
            for upload in failed[0]:
                _end_upload(world, upload, failed[1], deadline, alone=len(failed[0]) == 1)


def _read(world: World, letter: Letter, deadline: datetime) -> Message | None:
    """The letter's message, or None once it was refused. A job that was begun under wider limits ends with a FAIL."""
    try:
        message = decode(letter.wire, world.settings, letter.job)
    except Refused as error:
        refuse(world, _source(letter), error)
        return None
    try:
        check_allowed(message.request, world.settings)
    except Refused as error:
        if is_begun(world, message):
            dead = DeadLetter(letter.wire, f"the stage does not allow it any more: {error}")
            _carried(world, Delivery(message, deadline, letter.wire, dead), _source(letter))
        else:
            refuse(world, _source(letter), error)
        return None
    return message


def _end_letter(world: World, letter: Letter, deadline: datetime) -> None:
    if message := _read(world, letter, deadline):
        dead = DeadLetter(letter.wire, NEVER_FINISHED.format(letter.receives), stopped=letter.receives < TRIED_ENOUGH)
        _carried(world, Delivery(message, deadline, letter.wire, dead), _source(letter))


def _end_upload(world: World, upload: Upload, error: str, deadline: datetime, *, alone: bool) -> None:
    try:
        opened = _opened(world, upload)
    except Unreachable as unreadable:  # nothing comes after this queue: told now, or never
        words = f"the prompt file cannot be read: {unreadable}; let the functions read it"
        refuse(world, _unread(upload), Refused(words))
        return
    if opened is None:
        return
    message, source = opened
    if alone:
        wire = message.encode()
        _carried(world, Delivery(message, deadline, wire, DeadLetter(wire, error)), source)
    else:
        world.work.send(message.encode())  # of several files, nobody knows which made the event fail


def _carried(world: World, delivery: Delivery, source: Source) -> None:
    """Deliver; an output bucket that is not there refuses the prompt before anything is paid.

    What may pass (a bucket that answers 403, a record that cannot be read before the next deployment) is raised, and
    refused only where nothing comes after.
    """
    try:
        deliver(world, delivery)
    except Refused as error:
        refuse(world, source.under_its_own_name(), error)
    except UnreadableRecord as error:
        if delivery.dead is None:
            raise
        refuse(world, source, Refused(str(error)))
    except Unreachable as error:
        if error.bucket == world.settings.outbox_bucket or not (error.for_good or delivery.dead):
            raise
        words = f"output_s3_bucket_name: {error}; create it and let the functions use it, or leave the field out"
        refuse(world, source, Refused(words, "output_s3_bucket_name"))


def _opened(world: World, upload: Upload) -> tuple[Message, Source] | None:
    """The upload's first message, or None after a refusal. With a version it is that version that counts."""
    try:
        stored = world.store.read(
            upload.place,
            version=upload.version or None,
            etag=None if upload.version else f'"{upload.etag}"' if upload.etag else None,
            most=FILE_LIMIT + 1,
        )
    except Changed:
        words = "the prompt file was overwritten before it was read; the newer one has its own job"
        refuse(world, _unread(upload), Refused(words))
        return None
    if stored is None:
        refuse(world, _unread(upload), Refused("the prompt file was gone before it was read; upload it again"))
        return None
    source = replace(_unread(upload), job=_upload_name(upload, stored.last_modified), received=stored.body)
    try:
        return Message.first(read_request(stored.body, world.settings), source.job), source
    except Refused as error:
        refuse(world, source, error)
        return None


def _unread(upload: Upload) -> Source:
    return Source(f"s3://{upload.place.bucket}/{upload.place.key}", _upload_name(upload, upload.moment), b"")


def _upload_name(upload: Upload, moment: datetime) -> str:
    place = upload.place
    return job_name(stem(place.key), moment, place.bucket, place.key, upload.version or upload.etag, upload.sequencer)


def _source(letter: Letter) -> Source:
    """Told with its own name and its values, so that two messages that claim the same are told apart."""
    values = ", ".join(f"{name}={value[:VALUE_TOLD]!r}" for name, (_, value) in sorted(letter.wire.attributes.items()))
    told = f"SQS message {letter.job} with attributes {{{values}}}"
    return Source(told, claimed_job(letter.wire, letter.job), letter.wire.body.encode(errors="replace"), letter.job)
