"""Claiming an attempt: the record is written by condition only, and is ours only if it equals what we wrote.

Nothing here pays. Must not decide what to do with a record; `protocol` does.
"""

import dataclasses
from datetime import datetime

from pydantic import ValidationError

from chalicelib.attempt.services import LEASE_MARGIN, Attempt, Services
from chalicelib.errors import AlreadyExists, Changed, Refused, UnreadableRecord
from chalicelib.job.arrival import START, Position
from chalicelib.job.message import Message, decode
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.record import Follow, NextMessage, Record, Status
from chalicelib.ports import Place

JSON = "application/json"


def fresh_record(services: Services, message: Message, deadline: datetime) -> Record:
    """A claim that nobody has written yet: leased to us until our deadline and a margin."""
    now = services.clock()
    return Record(
        job=message.job,
        revision=message.revision,
        attempt=message.attempt,
        status=Status.LEASED,
        owner=services.owner(),
        lease_end=deadline + LEASE_MARGIN,
        began_at=now,
        updated_at=now,
        deferrals=message.deferrals,
        request=message.request.fields(),
        initial_prompt=message.request.prompt,
        prompt=message.prompt,
        negative_prompt=message.negative_prompt,
        requirements=message.requirements,
        feedback=message.feedback,
        spent_before_usd=message.spent_usd,
        kept_seed=message.seed,
    )


def write_resumption(services: Services, message: Message) -> None:
    """Give the job's name to a message that starts it elsewhere than at 000-000. Raises AlreadyExists.

    The record has no outcome, since nothing was attempted; it only announces where the job begins.
    """
    now = services.clock()
    record = fresh_record(services, message, now).with_changes(
        revision=0,
        attempt=0,
        status=Status.OUTCOME,
        lease_end=now,
        why="resumed elsewhere",
        next=Follow(message=NextMessage.of(message)),
    )
    services.store.create(services.place(message).record(0, 0), record.as_json(), JSON)


def leased_again(services: Services, record: Record, deadline: datetime) -> Record:
    """The same attempt under a new owner."""
    return record.with_changes(
        status=Status.LEASED,
        owner=services.owner(),
        lease_end=deadline + LEASE_MARGIN,
        not_before=None,
        updated_at=services.clock(),
    )


def read_record(services: Services, job: JobPlace, revision: int, attempt: int) -> tuple[Record, str] | None:
    """The record of a position and its ETag, or None. Raises UnreadableRecord."""
    place = job.record(revision, attempt)
    stored = services.store.read(place)
    if stored is None:
        return None
    try:
        record = Record.model_validate_json(stored.body)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise _unreadable(place, f"{'.'.join(map(str, problem['loc']))} {problem['msg']}".strip()) from None
    if record.status is Status.OUTCOME and not (record.next and (record.next.message or record.next.result)):
        raise _unreadable(place, "an outcome that does not say what follows")
    return record, stored.etag


def read_earlier(attempt: Attempt, revision: int, number: int) -> Record | None:
    """The record of an earlier position, None where there is none. One that cannot be read is passed over and told."""
    try:
        found = read_record(attempt.services, attempt.place, revision, number)
    except UnreadableRecord as error:
        attempt.remark(str(error))
        return None
    return found[0] if found else None


def announced(services: Services, record: Record) -> Message | None:
    """The message that the record says follows it. Raises UnreadableRecord."""
    following = record.next.message if record.next else None
    if following is None:
        return None
    try:
        message = decode(following.wire(), services.settings, record.job, ours=True)
    except Refused as error:
        words = f"what follows {record.job} is not understood by this release: {error}"
        raise UnreadableRecord(words) from None
    return dataclasses.replace(message, seed=following.seed)


def create_mark(services: Services, message: Message, position: Position) -> None:
    """See to it that nobody begins at this position of the message's job. Raises AlreadyExists."""
    now = services.clock()
    there = dataclasses.replace(message, revision=position[0], attempt=position[1], deferrals=0)
    mark = fresh_record(services, there, now).with_changes(status=Status.CANCELLING, lease_end=now)
    services.store.create(services.place(message).record(*position), mark.as_json(), JSON)


def hold_name(services: Services, place: JobPlace) -> None:
    """See to it that no job begins under this name; of one that comes nothing is known yet. Raises AlreadyExists."""
    now = services.clock()
    mark = Record(
        job=place.job,
        revision=0,
        attempt=0,
        status=Status.CANCELLING,
        owner=services.owner(),
        lease_end=now,
        began_at=now,
        updated_at=now,
        initial_prompt="",
        prompt="",
    )
    services.store.create(place.record(*START), mark.as_json(), JSON)


def _unreadable(place: Place, why: str) -> UnreadableRecord:
    return UnreadableRecord(
        f"the record {place.key} is damaged, or of a newer version ({why}); move it away and send the prompt again"
    )


def create(attempt: Attempt) -> None:
    """Write the record where none is. Raises AlreadyExists when somebody else's is there."""
    place, body = _place(attempt), attempt.record.as_json()
    try:
        attempt.etag = attempt.services.store.create(place, body, JSON)
    except AlreadyExists:
        stored = attempt.services.store.read(place)
        if stored is None or stored.body != body:
            raise
        attempt.etag = stored.etag


def replace(attempt: Attempt) -> None:
    """Write the record over the one we know. Raises Changed when it is no longer that one."""
    place, body = _place(attempt), attempt.record.as_json()
    try:
        attempt.etag = attempt.services.store.replace(place, body, JSON, attempt.etag)
    except Changed:
        stored = attempt.services.store.read(place)
        if stored is not None and stored.body == body:  # a lost answer: the SDK's own retry met what we wrote
            attempt.etag = stored.etag
        elif stored is not None and stored.etag == attempt.etag:  # 409: another write was under way and lost
            attempt.etag = attempt.services.store.replace(place, body, JSON, attempt.etag)
        else:
            raise


def _place(attempt: Attempt) -> Place:
    return attempt.place.record(attempt.record.revision, attempt.record.attempt)
