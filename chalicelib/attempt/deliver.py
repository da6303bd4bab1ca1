"""One delivery of one message: gather the facts, let the protocol decide, apply its step, acknowledge by returning.

A lost race is read again like a second delivery; after three rounds it is raised, so that the queue delivers again.
Must not know what an attempt consists of; `perform` does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from chalicelib.attempt.claim import read_record
from chalicelib.attempt.follow_up import DeadLetter, put_back, write_result
from chalicelib.attempt.perform import begin, end_cancelled, end_dead, give_up_image, take_over
from chalicelib.attempt.services import Services
from chalicelib.errors import AlreadyExists, Changed, LostRace, Refused
from chalicelib.job.message import Message
from chalicelib.job.protocol import (
    Acknowledge,
    Begin,
    EndCancelled,
    EndDead,
    Facts,
    GiveUpImage,
    PutBack,
    SendNext,
    Step,
    TakeOver,
    WriteResult,
    due_at,
)
from chalicelib.job.record import Status
from chalicelib.ports import WireMessage

ROUNDS = 3


@dataclass(frozen=True)
class Delivery:
    """A message in hand, how long there is for it, and (from the dead-letter queue) why it is there.

    `wire` is the message as a dead letter keeps it.
    """

    message: Message
    deadline: datetime
    wire: WireMessage
    dead: DeadLetter | None = None


def deliver(services: Services, delivery: Delivery) -> None:
    """Carry the attempt as far as this invocation can; returning means that what follows is seen or sent.

    Raises Refused for a name that another job bears; LostRace, and whatever is unforeseen: the message comes again.
    """
    if delivery.dead:
        facts, etag = _gathered(services, delivery)
    else:
        # On the common path nobody was here before. Claiming without a look saves a read; a wrong guess costs nothing.
        facts, etag = Facts(None, services.clock()), ""
    for _ in range(ROUNDS):
        try:
            _apply(services, delivery, services.decide(facts), etag)
            return
        except (AlreadyExists, Changed):
            facts, etag = _gathered(services, delivery)
    message = delivery.message
    raise LostRace(f"{message.job} {message.revision}-{message.attempt}: others kept moving its record")


def _gathered(services: Services, delivery: Delivery) -> tuple[Facts, str]:
    """Read only what the table will look at."""
    message, dead = delivery.message, delivery.dead is not None
    place = services.place(message)
    found = read_record(services, place, *message.position)
    now = services.clock()
    if found is None:
        return Facts(None, now, dead), ""
    record, etag = found
    if record.status is Status.CANCELLING:  # by its chain, or by its name alone: then it knows no prompt
        return Facts(record, now, dead), etag
    if record.initial_prompt != message.request.prompt:
        raise Refused(f"job: {message.job!r} is the name of a job with another prompt; choose another name", "job")
    if record.status is not Status.OUTCOME:
        known = bool(record.images or record.judged) or now < due_at(record)
        there = not known and services.store.read(place.image(*message.position), most=1) is not None
        return Facts(record, now, dead, image_there=there), etag
    follows = record.next.message if record.next else None
    successor = read_record(services, place, *follows.position) if follows else None
    return Facts(record, now, dead, successor=successor[0] if successor else None), etag


def _apply(services: Services, delivery: Delivery, step: Step, etag: str) -> None:
    message, dead = delivery.message, delivery.dead
    match step:
        case Begin():
            begin(services, message, delivery.deadline)
        case TakeOver(record, draw):
            take_over(services, message, delivery.deadline, record, etag, draw)
        case GiveUpImage(record):
            give_up_image(services, message, delivery.deadline, record, etag)
        case EndDead(record):
            assert dead is not None, "only the dead-letter handler ends an attempt so"
            end_dead(services, message, delivery.deadline, record, etag, dead)
        case EndCancelled(record):
            end_cancelled(services, message, delivery.deadline, record, etag)
        case PutBack(due, deferrals):
            put_back(services, message, due, deferrals, dead)
        case WriteResult(result, letter):
            kept = dead or DeadLetter(delivery.wire, result.error or "")
            write_result(services, message, result, kept if letter else None)
        case SendNext(following):
            services.work.send(following.wire())
        case Acknowledge():
            pass
        case _:
            assert_never(step)
