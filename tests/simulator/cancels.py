"""A user who ends jobs: the real pass of `cancel` as an invocation of its own, and what he was told, kept on his desk.

He knows the name of every upload and wants none of them, whether it has begun or not.

The desk is a bucket that nobody else reads, so that what he was told is part of every state; he writes it down as
everything here is done, by an effect. A patient user looks again, whatever became of his first look; one who leaves
never does: then the pipeline alone ends the job.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from chalicelib.attempt.cancel import Ended, NotBegun, UnderWay, cancel
from chalicelib.attempt.services import Services as Pipeline
from chalicelib.errors import AlreadyExists
from chalicelib.job.outbox_keys import JobPlace, job_name, stem
from chalicelib.ports import Json, Place
from tests.fakes.aws import InMemoryAws
from tests.fakes.lambdas import RETRY_DELAYS
from tests.fakes.world import AsynchronousEvent, World
from tests.simulator.jobs import CANCEL, DESK, INBOX, OUTBOX, PREFIX, Job

LAST_TRY = len(RETRY_DELAYS)  # Lambda does not try these again
LOOKS = (0.0, 200.0, 400.0)  # seconds; the last is after any lease
ANYWHERE = 1_000_000


def ask(aws: InMemoryAws) -> None:
    """He cancels every job."""
    for name in sorted(_names(aws.world)):
        aws.s3.put(DESK, f"asked/{name}", b"")
        for number, delay in enumerate(LOOKS):
            request, due = f"request-{aws.world.next_serial():06}", aws.world.now + delay
            look = json.dumps({"job": name, "look": number})
            aws.world.asynchronous += (AsynchronousEvent(request, CANCEL, look, due, due, tries=LAST_TRY),)


def cancelled(patient: bool, pipeline: Pipeline, event: Json, deadline: datetime) -> None:
    """One look."""
    name = event["job"]
    if event["look"] and not patient:
        return
    match cancel(pipeline, JobPlace(OUTBOX, PREFIX, name), ahead=True):
        case Ended(result):
            _note(pipeline, f"ended/{name}/{result.revision}/{result.attempt}")
        case UnderWay(record):
            _note(pipeline, f"waits/{name}/{record.revision}/{record.attempt}")
        case NotBegun(marked):
            assert marked, f"{name} may begin"
            _note(pipeline, f"ahead/{name}/0/0")


def _note(pipeline: Pipeline, told: str) -> None:
    with suppress(AlreadyExists):
        pipeline.store.create(Place(DESK, told), b"", "text/plain")


def last_allowed(world: World, job: Job, *, frozen: bool) -> int:
    """The last position that may be paid for, -1: none. Who lives on past his lease may pay at his own even then."""
    positions = [ANYWHERE]
    for told, name, revision, attempt in _told(world):
        if name.startswith(f"{job.tag}-"):
            at_it = told == "waits" or (told == "ended" and frozen)
            positions.append(revision * job.attempts + attempt if at_it else -1)
    return min(positions)


def was_ended(world: World, name: str) -> bool:
    """Whether he was told that this job has ended."""
    return any((told, job) == ("ended", name) for told, job, *_ in _told(world))


def _names(world: World) -> Iterator[str]:
    """As the pipeline names the job of each upload."""
    for (bucket, key), versions in world.objects.items():
        for stored in versions if bucket == INBOX else ():
            version = stored.version if world.buckets[INBOX].versioned else stored.etag.strip('"')
            moment = datetime.fromtimestamp(stored.modified, UTC)
            yield job_name(stem(key), moment, bucket, key, version, stored.sequencer)


def _told(world: World) -> Iterator[tuple[str, str, int, int]]:
    for bucket, key in world.objects:
        if bucket == DESK and not key.startswith("asked/"):
            told, name, revision, attempt = key.split("/")
            yield told, name, int(revision), int(attempt)
