"""`send`: each prompt becomes a file in the inbox; then the names of their jobs.

A job's name ends in a hash of what only S3's own event tells (its sequencer), so it cannot be known beforehand: of a
file that has just been put, `<stem>-<time>-` is known. The rest is read from the outbox as soon as the job has begun.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import CannotGoOn, Refused
from chalicelib.job.destination import destination_of_file
from chalicelib.job.outbox_keys import job_name, stem
from chalicelib.job.request import parse_request
from chalicelib.prompts.files import PromptFile
from chalicelib.stage.listing import JobSeen, Listed, Listing, jobs_of
from chalicelib.stage.objects import Objects, in_parallel
from chalicelib.stage.where import Where, explained

PAUSES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0)  # seconds; a function that starts cold needs some
ASKED_AFTER = 100  # files; of more than these, only the beginnings of the names are told
HASH = 8
TIME = len("20261122T081500Z-")


@dataclass(frozen=True)
class Sent:
    """A file that was put, where its job will lie, and what the job's name begins with."""

    file: PromptFile
    bucket: str
    prefix: str
    beginning: str


@dataclass(frozen=True)
class Begun:
    """A job that was found, or a file that was refused."""

    job: str
    error: str | None = None


@dataclass(frozen=True)
class Put:
    """What is in the inbox now; where not all of it could be put, what is `left`, and why."""

    sent: tuple[Sent, ...]
    left: tuple[PromptFile, ...] = ()
    why: str = ""


def put_all(where: Where, files: Sequence[PromptFile]) -> Put:
    """Put them into the inbox; once that fails, no further one. What is there begins, and is paid: it must be known.

    Raises CannotGoOn where nothing was put.
    """
    failures: list[ClientError | BotoCoreError] = []

    def put(file: PromptFile) -> Sent | None:
        try:
            return None if failures else _put(where, file)
        except (ClientError, BotoCoreError) as error:
            failures.append(error)
            return None

    tried = list(zip(files, in_parallel(put, files), strict=True))
    sent = tuple(one for _, one in tried if one)
    try:
        with explained(where.stage):
            for failure in failures:
                raise failure
    except CannotGoOn as told:
        if not sent:
            raise
        return Put(sent, tuple(file for file, one in tried if one is None), str(told))
    return Put(sent)


def _put(where: Where, file: PromptFile) -> Sent:
    place: Any = {"Bucket": where.inbox, "Key": file.key}
    reply = where.s3.put_object(**place, Body=file.body, ContentType="application/json")
    version: Any = {"VersionId": reply["VersionId"]} if reply.get("VersionId") else {}
    bucket, prefix = destination_of_file(file.body, where.settings)
    try:
        moment = where.s3.head_object(**place, **version)["LastModified"]
    except (ClientError, BotoCoreError):  # who may only put does not learn the time; the file is there all the same
        return Sent(file, bucket, prefix, job_name(stem(file.key), datetime.now(UTC))[: -TIME - HASH])
    return Sent(file, bucket, prefix, job_name(stem(file.key), moment)[:-HASH])


def names(where: Where, sent: Sequence[Sent], wait: Callable[[float], None]) -> dict[Sent, Begun]:
    """What has begun of them within some twenty seconds; `wait` is told seconds."""
    found: dict[Sent, Begun] = {}
    for pause in PAUSES if len(sent) <= ASKED_AFTER else ():
        left = [one for one in sent if one not in found]
        if not left:
            break
        wait(pause)
        for one, begun in zip(left, in_parallel(partial(_begun, where), left), strict=True):
            if begun:
                found[one] = begun
    return found


def _begun(where: Where, sent: Sent) -> Begun | None:
    """The one job that begins so and has this very request; None where there is none yet, or two are alike."""
    listing, objects = Listing(where.s3, sent.bucket, where.inbox), Objects(where.s3)
    try:
        kept = [_refused(where, sent, objects, job) for job in jobs_of(_listed(listing, sent, "rejected/"))]
        begun = [Begun(job.job) for job in jobs_of(_listed(listing, sent, "")) if _is_its(objects, job, sent)]
    except ClientError:  # its bucket is not there yet, or may not be read; the file lies in the inbox all the same
        return None
    found = [*filter(None, kept), *begun]
    return found[0] if len(found) == 1 else None


def _listed(listing: Listing, sent: Sent, between: str) -> Iterator[Listed]:
    return listing.objects(f"{sent.prefix}/{between}{sent.beginning}")


def _refused(where: Where, sent: Sent, objects: Objects, job: JobSeen) -> Begun | None:
    body = objects.body(job, next(iter(job.objects)))
    try:
        record = json.loads(body or b"")
        its_own = record["source"] == f"s3://{where.inbox}/{sent.file.key}"
        return Begun(job.job, str(record["error"])) if its_own else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_its(objects: Objects, job: JobSeen, sent: Sent) -> bool:
    record = objects.record(job, job.newest_record)
    try:
        return record is not None and record.request == parse_request(sent.file.body).fields()
    except Refused:
        return False
