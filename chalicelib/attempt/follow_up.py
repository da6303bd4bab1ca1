"""What is done once a record says what follows: send, write the result, keep a dead letter, send a delayed copy.

Each is safe to do again. Must not decide anything or change a record.
"""

import json
import math
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.attempt.claim import read_record
from chalicelib.attempt.metrics import announce_end
from chalicelib.attempt.services import Attempt, Services
from chalicelib.errors import AlreadyExists, CannotRender, Refused, StoreError
from chalicelib.events.sqs_rules import MAX_DELAY
from chalicelib.job.backoff import backoff
from chalicelib.job.message import Message
from chalicelib.job.message_attributes import TRACING
from chalicelib.job.outbox_keys import position
from chalicelib.job.protocol import GENERATIONS, due_at
from chalicelib.job.record import Record, Status
from chalicelib.job.result import Result
from chalicelib.ports import Place, WireMessage

JSON = "application/json"
HTML = "text/html; charset=utf-8"
FIRST_PAUSE = 5  # of the back-off's waits the sixth: half a minute to a whole one
REPORT_SECONDS = 3.0  # kept for the page and its write, so that neither takes the result its time


@dataclass(frozen=True)
class DeadLetter:
    """A message from the dead-letter queue, exactly as it was, and what is known of why.

    `stopped`: it came here without having been tried often enough for that.
    """

    wire: WireMessage
    error: str
    stopped: bool = False


def follow(services: Services, message: Message, record: Record, dead: DeadLetter | None = None) -> None:
    """Do what the saved record says."""
    if record.status is Status.DEFERRED:
        put_back(services, message, due_at(record), record.deferrals, None)
    elif record.next and record.next.message:
        services.work.send(record.next.message.wire(), _pause(services, message, record))
    elif record.next and record.next.result:
        write_result(services, message, record.next.result, dead)


def _pause(services: Services, message: Message, record: Record) -> int:
    """Seconds until the next attempt. A model whose answers are lost is in trouble, and is so for a while: each attempt
    that it loses may have been charged twice, so the next one comes later, and later each time."""
    if record.outcome != "lost" or record.generations < GENERATIONS:
        return 0
    return min(MAX_DELAY, math.ceil(backoff(_lost_before(services, message, record) + FIRST_PAUSE, services.chance)))


def _lost_before(services: Services, message: Message, record: Record) -> int:
    """How many attempts right before this one were lost, too."""
    attempts = message.request.max_retry_attempts
    here = record.revision * attempts + record.attempt
    for number in range(here):
        earlier = read_record(services, services.place(message), *divmod(here - number - 1, attempts))
        if earlier is None or earlier[0].outcome != "lost":
            return number
    return here


def put_back(services: Services, message: Message, due: datetime, deferrals: int, dead: DeadLetter | None) -> None:
    """A delayed copy, to the queue the message came from; when `due` is more than 900 s off, it is put back again."""
    wait = (due - services.clock()).total_seconds()
    delay = min(MAX_DELAY, max(0, math.ceil(wait)))
    copy = replace(message, deferrals=max(message.deferrals, deferrals)).encode()
    if dead:
        named = {**dead.wire.attributes, "job": copy.attributes["job"]}
        services.dead_letters.send(WireMessage(dead.wire.body, named), delay)
    else:
        services.work.send(copy, delay)


def write_report(attempt: Attempt) -> None:
    """`report.html` of a job that this attempt has ended, once; before the result, whose writing nothing here can stop.

    Only who computed the end has the job's records in hand. A second delivery, or the dead-letter handler, writes the
    result and nothing else: a process that dies between record and report costs the job its report.
    """
    services, message, record = attempt.services, attempt.message, attempt.record
    if not (record.next and record.next.result):
        return
    if (attempt.deadline - services.clock()).total_seconds() < REPORT_SECONDS:
        services.journal({"event": "no report", "job": message.job, "why": "the function's time is nearly over"})
        return
    try:
        _create_once(
            services, services.place(message).report, services.report([*(attempt.earlier or ()), record]), HTML
        )
    except (CannotRender, StoreError) as error:
        services.journal({"event": "no report", "job": message.job, "why": str(error)})


def write_result(services: Services, message: Message, result: Result, dead: DeadLetter | None) -> None:
    """`result.json`, once, after the dead letter if there is one: a second one is never written over the first."""
    if dead:
        keep_dead_letter(services, message, replace(dead, error=result.error or ""))
    place = services.place(message).result
    if _create_once(services, place, result.as_json()):
        announce_end(services, result)
    else:
        _check_same(services, place, result)


def _check_same(services: Services, place: Place, result: Result) -> None:
    """Raises Refused where the job's result is another attempt's: its state was injected after the job had ended."""
    stored = services.store.read(place)
    there = json.loads(stored.body) if stored else {}
    if stored and (there.get("revision"), there.get("attempt")) != (result.revision, result.attempt):
        raise Refused(
            f"job: {result.job!r} has its result already; what attempt {position(result.revision, result.attempt)} "
            "came to is in its own record; choose another name",
            "job",
        )


def keep_dead_letter(services: Services, message: Message, dead: DeadLetter) -> None:
    """The message, ready to be sent again with boto3's `send_message`, without what a tracing library added to it."""
    place = services.place(message).dead_letter(*message.position)
    attributes = {
        name: {"DataType": kind, "StringValue": value}
        for name, (kind, value) in dead.wire.attributes.items()
        if name not in TRACING  # may be Binary, which is no text
    }
    letter = {"body": dead.wire.body, "attributes": attributes, "error": dead.error}
    _create_once(services, place, json.dumps(letter, ensure_ascii=False, indent=1).encode())


def _create_once(services: Services, place: Place, body: bytes, content_type: str = JSON) -> bool:
    """Whether it was not there yet."""
    try:
        services.store.create(place, body, content_type)
    except AlreadyExists:
        services.journal({"event": "already there", "key": place.key})
        return False
    return True
