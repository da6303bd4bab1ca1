"""What is done once a record says what follows: send, write the result, keep a dead letter, send a delayed copy.

Each is safe to do again. Must not decide anything or change a record.
"""

import json
import math
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.attempt.world import World, bucket, result_place
from chalicelib.errors import AlreadyExists, Refused
from chalicelib.message import Message
from chalicelib.outbox_keys import letter_key
from chalicelib.ports import Place, WireMessage
from chalicelib.protocol import due_at
from chalicelib.record import Record, Status
from chalicelib.result import Result
from chalicelib.sqs_rules import MAX_DELAY

JSON = "application/json"


@dataclass(frozen=True)
class DeadLetter:
    """A message from the dead-letter queue, exactly as it was, and what is known of why.

    `stopped`: it came here without having been tried often enough for that.
    """

    wire: WireMessage
    error: str
    stopped: bool = False


def follow(world: World, message: Message, record: Record, dead: DeadLetter | None = None) -> None:
    """Do what the saved record says."""
    if record.status is Status.DEFERRED:
        put_back(world, message, due_at(record), record.deferrals, None)
    elif record.next and record.next.message:
        world.work.send(record.next.message.wire())
    elif record.next and record.next.result:
        write_result(world, message, record.next.result, dead)


def put_back(world: World, message: Message, due: datetime, deferrals: int, dead: DeadLetter | None) -> None:
    """A delayed copy, to the queue the message came from; when `due` is more than 900 s off, it is put back again."""
    wait = (due - world.clock()).total_seconds()
    delay = min(MAX_DELAY, max(0, math.ceil(wait)))
    copy = replace(message, deferrals=max(message.deferrals, deferrals)).encode()
    if dead:
        named = {**dead.wire.attributes, "job": copy.attributes["job"]}
        world.dead_letters.send(WireMessage(dead.wire.body, named), delay)
    else:
        world.work.send(copy, delay)


def write_result(world: World, message: Message, result: Result, dead: DeadLetter | None) -> None:
    """`result.json`, once, after the dead letter if there is one: a second one is never written over the first."""
    if dead:
        keep_letter(world, message, replace(dead, error=result.error or ""))
    place = result_place(world, message)
    if not _create_once(world, place, result.as_json()):
        _check_same(world, place, result)
    world.journal({"event": "result", "job": message.job, "status": result.status, "cost_usd": result.cost_usd})


def _check_same(world: World, place: Place, result: Result) -> None:
    """Raises Refused where the job's result is another attempt's: its state was injected after the job had ended."""
    stored = world.store.read(place)
    told = json.loads(stored.body) if stored else {}
    if stored and (told.get("revision"), told.get("attempt")) != (result.revision, result.attempt):
        raise Refused(
            f"job: {result.job!r} has its result already; what attempt {result.revision}-{result.attempt} came to is "
            "in its own record; choose another name",
            "job",
        )


def keep_letter(world: World, message: Message, dead: DeadLetter) -> None:
    """The message, ready to be sent again with boto3's `send_message`."""
    prefix = message.request.output_s3_key_prefix
    place = Place(bucket(message, world.settings), letter_key(prefix, message.job, message.revision, message.attempt))
    attributes = {
        name: {"DataType": kind, "StringValue": value} for name, (kind, value) in dead.wire.attributes.items()
    }
    letter = {"body": dead.wire.body, "attributes": attributes, "error": dead.error}
    _create_once(world, place, json.dumps(letter, ensure_ascii=False, indent=1).encode())


def _create_once(world: World, place: Place, body: bytes) -> bool:
    """Whether it was not there yet."""
    try:
        world.store.create(place, body, JSON)
    except AlreadyExists:
        world.journal({"event": "already there", "key": place.key})
        return False
    return True
