"""The three doors: what arrives becomes a message, or is refused with a record; then an attempt is made of it.

An S3 event that cannot be handled now is raised: Lambda tries twice more and then hands it to the dead-letter queue.
Must not know AWS; events come in as the dicts Lambda hands over.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.attempt.deliver import Delivery, deliver
from chalicelib.attempt.ending import DeadLetter
from chalicelib.attempt.world import World
from chalicelib.errors import Changed, Refused, Unreachable, UnreadableRecord
from chalicelib.events import Letter, Upload, failed_invocation, letters, uploads
from chalicelib.message import Message, claimed_job, decode
from chalicelib.outbox_keys import job_name, stem
from chalicelib.refusal import Source, refuse
from chalicelib.request import FILE_LIMIT, read_request

TRIED_ENOUGH = 3  # receives; the queue itself gives up after maxReceiveCount, 5 or more
NEVER_FINISHED = "it was received {} times and never finished; the function's log says why"


def on_prompt(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the first attempt of an uploaded prompt file; further files of the same event go to the queue."""
    for number, upload in enumerate(uploads(event)):
        source = Source(f"s3://{upload.place.bucket}/{upload.place.key}", _upload_name(upload, upload.moment), b"")
        if message := _opened(world, upload, source):
            if number:
                world.work.send(message.encode())
            else:
                _carried(world, Delivery(message, deadline), source)


def on_attempt(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """Run the attempt that a message asks for."""
    for letter in letters(event):
        source = _source(letter)
        try:
            message = decode(letter.wire, world.settings, letter.job)
        except Refused as error:
            refuse(world, source, error)
        else:
            injected = "job" in letter.wire.attributes and not message.spent_usd
            _carried(world, Delivery(message, deadline, injected=injected), source)


def on_dead_letter(world: World, event: Mapping[str, Any], deadline: datetime) -> None:
    """End the jobs whose messages, or whose S3 events, could not be processed."""
    for letter in letters(event):
        failed = failed_invocation(letter.wire.body)
        if failed is None:
            _end_letter(world, letter, deadline)
        else:
            for upload in failed[0]:
                _end_upload(world, upload, failed[1], deadline)


def _end_letter(world: World, letter: Letter, deadline: datetime) -> None:
    source = _source(letter)
    try:
        message = decode(letter.wire, world.settings, letter.job)
    except Refused as error:
        refuse(world, source, error)
        return
    dead = DeadLetter(letter.wire, NEVER_FINISHED.format(letter.receives), stopped=letter.receives < TRIED_ENOUGH)
    _carried(world, Delivery(message, deadline, dead), source)


def _end_upload(world: World, upload: Upload, error: str, deadline: datetime) -> None:
    source = Source(f"s3://{upload.place.bucket}/{upload.place.key}", _upload_name(upload, upload.moment), b"")
    try:
        message = _opened(world, upload, source)
    except Unreachable as unreadable:  # nothing comes after this queue: told now, or never
        refuse(world, source, Refused(f"the prompt file cannot be read: {unreadable}; let the functions read it"))
        return
    if message:
        dead = DeadLetter(message.encode(), f"the S3 event failed three times: {error}")
        _carried(world, Delivery(message, deadline, dead), source)


def _carried(world: World, delivery: Delivery, source: Source) -> None:
    """Deliver; a bucket that is not there or not ours refuses the prompt before anything is paid.

    A record that cannot be read may be read after the next deployment: refused only where nothing comes after.
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
        if error.bucket == world.settings.outbox_bucket:
            raise
        words = f"output_s3_bucket_name: {error}; create it, or leave the field out"
        refuse(world, source, Refused(words, "output_s3_bucket_name"))


def _opened(world: World, upload: Upload, source: Source) -> Message | None:
    """The upload's first message, or None after a refusal. With a version it is that version that counts."""
    try:
        stored = world.store.read(
            upload.place,
            version=upload.version or None,
            etag=None if upload.version else f'"{upload.etag}"' if upload.etag else None,
            most=FILE_LIMIT + 1,
        )
    except Changed:
        refuse(
            world, source, Refused("the prompt file was overwritten before it was read; the newer one has its own job")
        )
        return None
    if stored is None:
        refuse(world, source, Refused("the prompt file was gone before it was read; upload it again"))
        return None
    name = _upload_name(upload, stored.last_modified)
    try:
        return Message.first(read_request(stored.body, world.settings), name)
    except Refused as error:
        refuse(world, Source(source.told, name, stored.body), error)
        return None


def _upload_name(upload: Upload, moment: datetime) -> str:
    place = upload.place
    return job_name(stem(place.key), moment, place.bucket, place.key, upload.version or upload.etag, upload.sequencer)


def _source(letter: Letter) -> Source:
    told = f"SQS message with attributes {{{', '.join(sorted(letter.wire.attributes))}}}"
    return Source(told, claimed_job(letter.wire, letter.job), letter.wire.body.encode(errors="replace"), letter.job)
