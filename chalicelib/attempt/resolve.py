"""Whose is this message? Told by the outbox, never by the message: one value, or one refusal.

A message of a job that has records only wakes it: the record at its position is its state, or else the record that
announces this position holds the message itself. Anything else is an injection. It may start a job, or resume one
anywhere, under a name without records; under a name that has some it is refused.

Every job has a record 000-000, so that one conditional write gives a name to one job only: a job that was resumed
elsewhere has one that announces the position it was resumed at. Must not pay, and must not decide what is done next.
"""

from collections.abc import Iterator

from chalicelib.attempt.claim import announced, read_record, write_resumption
from chalicelib.attempt.services import Services
from chalicelib.errors import AlreadyExists, Refused, UnreadableRecord
from chalicelib.job.arrival import START, Arrival, Position, Resolved, WakeUp
from chalicelib.job.message import Message
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.record import Record, Status


def resolve(services: Services, arrival: Arrival) -> Resolved:
    """The message that this delivery stands for. Raises Refused, UnreadableRecord."""
    wake_up = arrival.wake_up
    if wake_up is None:
        return Resolved(arrival.message(), known=False)  # says what is wrong with it
    if wake_up.position == START:
        return _first(services, wake_up, arrival)
    if message := _from_records(services, wake_up, arrival):
        return Resolved(message, known=True)
    return _resumed(services, arrival.allowed_message())


def has_records(services: Services, job: JobPlace) -> bool:
    """Whether the name is given: to a job that was begun, or by a cancel ahead of one."""
    return read_record(services, job, *START) is not None


def _first(services: Services, wake_up: WakeUp, arrival: Arrival) -> Resolved:
    """On the common path nobody was here before, so nothing is read: the claim is written on condition anyway."""
    try:
        message = arrival.allowed_message()
    except Refused:
        record = _read(services, wake_up, START)
        if record is None or record.request is None:
            raise
        return Resolved(_understood(record), known=True)
    return Resolved(message, known=False)


def _from_records(services: Services, wake_up: WakeUp, arrival: Arrival) -> Message | None:
    revision, attempt = wake_up.position
    nearest = (revision, attempt - 1) if attempt else (revision - 1, wake_up.attempts - 1)
    if message := _announced(services, _read(services, wake_up, nearest), wake_up.position):
        return message
    record = _read(services, wake_up, wake_up.position)
    if record and record.status is not Status.CANCELLING:  # a mark is no state: a message that nobody announced is none
        return _understood(record) if record.request else record.message(arrival.message())
    for record in _earlier(services, wake_up):
        if message := _announced(services, record, wake_up.position):
            return message
    return None


def _earlier(services: Services, wake_up: WakeUp) -> Iterator[Record | None]:
    """The records that may announce the position although it is not the next one after them, likely ones first.

    A further attempt is announced by the one before it, or by the record of a job that was resumed there; a revision by
    any attempt of the one before it. To those of a job that was resumed elsewhere only its beginning leads.
    """
    revision, attempt = wake_up.position
    if attempt:
        yield _read(services, wake_up, START)
        return
    yield from _chain(services, wake_up, (revision - 1, 0))
    yield from _chain(services, wake_up, START)


def _chain(services: Services, wake_up: WakeUp, start: Position) -> Iterator[Record]:
    """The records from there up to the position, in the order in which they announce each other."""
    position: Position | None = start
    while position and position < wake_up.position and (record := _read(services, wake_up, position)):
        yield record
        following = record.next.message if record.next else None
        position = following.position if following else None


def _announced(services: Services, record: Record | None, position: Position) -> Message | None:
    """The message that the record says follows it, where that is the one for this position."""
    following = record.next.message if record and record.next else None
    if record is None or following is None or following.position != position:
        return None
    return announced(services, record)


def _understood(record: Record) -> Message:
    """The record's own message. Raises UnreadableRecord where a newer release was asked what this one does not know."""
    try:
        return record.message()
    except Refused as error:
        words = f"what {record.job} was asked for is not understood by this release: {error}"
        raise UnreadableRecord(words) from None


def _resumed(services: Services, message: Message) -> Resolved:
    """Give the name to this message's job. Raises Refused where it is another's."""
    try:
        write_resumption(services, message)
        return Resolved(message, known=True)
    except AlreadyExists:
        found = read_record(services, services.place(message), *START)
    if known := _announced(services, found[0] if found else None, message.position):
        return Resolved(known, known=True)
    if found and found[0].status is Status.CANCELLING:
        raise Refused(f"job: {message.job!r} was cancelled before it began; choose another name", "job")
    ended = services.store.read(services.place(message).result, most=1) is not None
    has = "its result already" if ended else "records, and none of them leads to this attempt"
    raise Refused(f"job: {message.job!r} has {has}; choose another name", "job")


def _read(services: Services, wake_up: WakeUp, position: Position) -> Record | None:
    found = read_record(services, wake_up.place, *position)
    return found[0] if found else None
