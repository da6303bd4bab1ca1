"""`redrive`: a job's dead letters are sent again, each as a new job, which goes on where the old one died.

The old job keeps its FAIL; two jobs under one name would meet at the old records. Must not touch the dead letter.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.errors import CannotGoOn, Unsendable
from chalicelib.events.sqs_rules import check_sendable
from chalicelib.ports import Place, Queue, WireMessage
from chalicelib.stage.find import find_one
from chalicelib.stage.listing import JobSeen, Listing
from chalicelib.stage.objects import Objects
from chalicelib.stage.where import Where, explained

NAME_ROOM = 100  # characters of the old name that are kept; a job's name has 128
MEND = "Nothing was sent; correct that dead letter, or move it away, and run this again."
FORM = '{"body": "…", "attributes": {"NAME": {"DataType": "…", "StringValue": "…"}}}'


@dataclass(frozen=True)
class Again:
    """A dead letter as the message of a new job; `kept` is where it lies, `job` the new name."""

    kept: Place
    job: str
    message: WireMessage


def redrive(
    where: Where, work: Queue, prefix: str | None, given: str, nonce: str, sent: Callable[[str, str], None]
) -> None:
    """Send every dead letter of the job; each new job's name and folder are told at once. Raises CannotGoOn.

    All are read before the first is sent: a dead letter that cannot be sent again then stops nothing half-way.
    """
    with explained(where.stage):
        job = _meant(where, prefix, given)
        objects = Objects(where.s3)
        letters = [
            _read(objects, job, name, f"{job.job[:NAME_ROOM]}.again-{nonce}{number}")
            for number, name in enumerate(job.objects)
        ]
    below = job.folder.removesuffix(f"dead-letters/{job.job}")
    before: list[str] = []
    for letter in letters:
        _send(where, work, letter, before)
        before.append(letter.job)
        sent(letter.job, where.shown(f"{below}{letter.job}/"))


def _meant(where: Where, prefix: str | None, given: str) -> JobSeen:
    """The dead letters of the one job that is meant."""
    found = find_one(Listing(where.s3, where.bucket, where.inbox), prefix, given, where.stage)
    kept = [one for one in found if one.alone == "dead-letters"]
    if not kept:
        raise CannotGoOn(f"{found[0].job} has no dead letter in s3://{where.bucket}, so there is nothing to send again")
    if len(kept) > 1:
        raise CannotGoOn(f"several jobs are meant: {', '.join(one.folder for one in kept)}; say which with --prefix")
    return kept[0]


def _read(objects: Objects, job: JobSeen, name: str, again: str) -> Again:
    kept = job.objects[name].place
    told = f"The dead letter s3://{kept.bucket}/{kept.key}"
    try:
        letter = json.loads(objects.body(job, name) or b"")
        attributes = {
            each: (value["DataType"], value["StringValue"])
            for each, value in letter["attributes"].items()
            if each != "deferrals"
        }
        message = WireMessage(letter["body"], {**attributes, "job": ("String", again)})
        check_sendable(message)
    except Unsendable as error:
        raise CannotGoOn(f"{told}: {error}. {MEND}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CannotGoOn(f"{told} is not of the form {FORM}. {MEND}") from None
    return Again(kept, again, message)


def _send(where: Where, work: Queue, letter: Again, before: list[str]) -> None:
    try:
        with explained(where.stage):
            work.send(letter.message)
    except CannotGoOn as error:
        sent = f"Sent before it: {', '.join(before)}; run again, this sends them once more, under other names."
        told = sent if before else "Nothing was sent."
        raise CannotGoOn(f"The dead letter {where.shown(letter.kept.key)}: {error} {told}") from error
