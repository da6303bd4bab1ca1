"""An uploaded file: read as it was when its event was made, named, and turned into the first messages of its jobs.

One prompt is read here; what a file of many needs is loaded only for one. Must not send or attempt anything.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.attempt.refusals import Source, refuse
from chalicelib.attempt.services import SAVE_RESERVE, Services
from chalicelib.errors import Changed, OutOfTime, Refused
from chalicelib.events.lambda_events import Upload
from chalicelib.job.destination import destination
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import SUFFIXES, job_name, stem
from chalicelib.job.request import FILE_LIMIT, check_allowed, read_value, request_of
from chalicelib.text.strict_json import begins_with

BATCH_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """The message that starts a job, and where its prompt came from."""

    message: Message
    source: Source


def opened(services: Services, upload: Upload, deadline: datetime) -> tuple[Opened, ...]:
    """The first message of each prompt in the file; whatever is none has its refusal by then.

    Raises OutOfTime, and Unreachable where the inbox cannot be read.
    """
    if upload.place.key.endswith("/"):  # what the S3 console calls a folder is an empty object
        services.journal({"event": "a folder", "key": upload.place.key})
        return ()
    source = unread(services, upload)
    try:
        suffix = _suffix(upload)
        source = _read(services, upload)
        if suffix != ".json" or begins_with(source.received, b"["):
            from chalicelib.intake.batch import opened_rows  # its readers are not loaded for one prompt

            return opened_rows(services, source, suffix, deadline)
    except Refused as error:
        refuse(services, source, error)
        return ()
    one = opened_prompt(services, source)
    return (one,) if one else ()


def opened_prompt(services: Services, source: Source) -> Opened | None:
    """The first message of one prompt; None: it has its refusal by then, where its own fields ask for that to lie."""
    try:
        value = read_value(source.received, FILE_LIMIT)
        fields = value if isinstance(value, dict) else {}
        source = replace(source, place=destination(fields, services.settings))
        request = request_of(value)
        check_allowed(request, services.settings)
    except Refused as error:
        refuse(services, source, error)
        return None
    return Opened(Message.first(request, source.job), source)


def check_time(services: Services, deadline: datetime) -> None:
    """Raises OutOfTime where the function is about to be stopped."""
    left = (deadline - services.clock()).total_seconds()
    if left < SAVE_RESERVE:
        raise OutOfTime(f"{left:.0f} s are left of the function's time, and not every prompt of the file is under way")


def unread(services: Services, upload: Upload) -> Source:
    """The file by its event alone."""
    origin = f"s3://{upload.place.bucket}/{upload.place.key}"
    return Source(origin, _name(upload, upload.moment), b"", destination({}, services.settings))


def _suffix(upload: Upload) -> str:
    """Which of the kinds of files that hold prompts this is, told by its name."""
    key = upload.place.key
    found = next((suffix for suffix in SUFFIXES if key.lower().endswith(suffix)), None)
    if found is None:
        raise Refused(
            f"the file's name ends in none of {', '.join(SUFFIXES)}; a prompt, or an array of them, is a .json, "
            "a prompt a line a .jsonl, a table a .csv: upload it again under such a name"
        )
    return found


def _read(services: Services, upload: Upload) -> Source:
    """The file with its contents, and one byte more than may come. With a version it is that version that counts."""
    inbox = services.settings.inbox_bucket
    if upload.place.bucket != inbox:
        raise Refused(f"an object of bucket {upload.place.bucket} came; prompt files are taken from {inbox} only")
    try:
        stored = services.store.read(
            upload.place,
            version=upload.version or None,
            etag=None if upload.version else f'"{upload.etag}"' if upload.etag else None,
            most=BATCH_BYTES + 1,
        )
    except Changed:
        raise Refused("the prompt file was overwritten before it was read; the newer one has its own job") from None
    if stored is None:
        raise Refused("the prompt file was gone before it was read; upload it again")
    return replace(unread(services, upload), job=_name(upload, stored.last_modified), received=stored.body)


def _name(upload: Upload, moment: datetime) -> str:
    place = upload.place
    return job_name(stem(place.key), moment, place.bucket, place.key, upload.version or upload.etag, upload.sequencer)
