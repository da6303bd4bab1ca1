"""What makes two moments the same: all that a later decision can depend on, with times relative to now.

What a moment holds has been judged already (`watch`, `promises.check_moment`); so two moments with equal fingerprints
have equal futures, as far as any promise is concerned, although their texts differ. Left out, because no decision of
handlers, services, scripts or judges reads it any more:

- nonces of owners, identities AWS gave, ETags, timings, dates in texts, moments that are over (a lease that has ended
  is just that); how old a claim is matters only near MAX_WAIT_SECONDS, and that much is kept;
- words: reasons, notes, feedback. What a model is told changes what it answers in life, but not by these scripts;
- money: the jobs here stay far below every cap, which is made sure of;
- of a finished attempt all but what follows; of how often models were asked all that concerns finished attempts.

What is kept of an invocation under way says `standing`.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from tests.fakes.aws import Effect
from tests.fakes.world import AsynchronousEvent, Attributes, Call, ObjectVersion, QueuedMessage, World
from tests.simulator.jobs import INBOX, Job
from tests.simulator.outbox import IMAGE, RECORD

VERSION = re.compile(r"version \d+")
WORDS_AND_MONEY = {"feedback", "spent_usd"}
LONG_AGO = 18_000
FAR_BELOW_THE_CAP = 10


Deadly = tuple[str, str, str] | None


def at_rest(world: World, jobs: tuple[Job, ...], *, frozen: bool, deadly: Deadly = None) -> bytes:
    """A moment when nobody is under way. Nothing happens before the next thing is due, so it is as if it were then."""
    now = max(world.now, min(_dues(world), default=world.now))
    stems = finished(world)
    attempts = {job.tag: job.attempts for job in jobs}
    done = {(tag, revision * attempts[tag] + attempt) for tag, revision, attempt in stems.values()}
    return digest(frozen, deadly, *state(world, now, stems), asked(world.calls, done))


def told(effect: Effect, answer: Any, now: float) -> Any:
    """What an answer says to the one who hears it."""
    if isinstance(answer, Exception):
        return type(answer).__name__, getattr(answer, "code", "")
    if isinstance(answer, ObjectVersion):
        return known(effect.target, answer, now) if effect.operation == "read" else "stored"
    if effect.service == "bedrock":
        return hashlib.blake2b(repr(answer).encode(), digest_size=8).hexdigest()
    return "done"


@lru_cache(maxsize=4_000)
def is_record(key: str) -> bool:
    """Whether a key, with or without its bucket, is an attempt's record."""
    return RECORD.fullmatch(key.rsplit("/", 1)[-1]) is not None and "/dead-letters/" not in key


def source(source: AsynchronousEvent | QueuedMessage, now: float) -> tuple[Any, ...]:
    return event_at(source, now) if isinstance(source, AsynchronousEvent) else message_at(source, now)


def digest(*state: Any) -> bytes:
    """Rewritten prompts are numbered as they come: which number matters to nobody, only which are the same."""
    order: dict[str, str] = {}
    text = repr(state)
    if "version " in text:
        text = VERSION.sub(lambda found: order.setdefault(found[0], f"version {len(order)}"), text)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def state(world: World, now: float, finished: Container[str] = ()) -> tuple[Any, ...]:
    objects = (
        known(key, versions[-1], now, finished) for (bucket, key), versions in world.objects.items() if bucket != INBOX
    )
    return (
        sorted(objects),
        [sorted(message_at(each, now) for each in world.messages[queue]) for queue in world.messages],
        sorted(event_at(event, now) for event in world.asynchronous),
    )


def _dues(world: World) -> Iterable[float]:
    yield from (event.due for event in world.asynchronous)
    yield from (message.visible for messages in world.messages.values() for message in messages)


def finished(world: World) -> dict[str, tuple[str, int, int]]:
    """Attempts whose record is an outcome: their keys up to the position → tag, revision, attempt."""
    done = {}
    for (bucket, key), versions in world.objects.items():
        if bucket != INBOX and is_record(key) and _record(versions[-1].body).ended:
            folder, name = key.split("/")[-2:]
            done[key.removesuffix(".json")] = (folder.rsplit("-", 2)[0], int(name[:3]), int(name[4:7]))
    return done


def asked(calls: Iterable[Call], finished: set[tuple[str, int]]) -> list[str]:
    """Calls that what comes may depend on; prompts are in the records already."""
    return sorted(
        f"{call.kind} {call.tag} {call.position} {'' if call.kind == 'image' else call.detail}"
        for call in calls
        if (call.tag, call.position) not in finished
    )


def known(key: str, stored: ObjectVersion, now: float, finished: Container[str] = ()) -> str:
    """What an object says to whoever reads it; images of finished attempts were judged with their records."""
    if is_record(key):
        record = _record(stored.body)
        times = ahead(record.lease_end, now), ahead(record.not_before, now), now - record.began > LONG_AGO
        return f"{key} {record.control} {times}"
    attempt = _attempt_of(key)
    return f"{key} {stored.etag} {stored.metadata}" if attempt and attempt not in finished else key


@lru_cache(maxsize=4_000)
def _attempt_of(key: str) -> str | None:
    """The beginning of an image's key, up to its attempt; None for what is no image."""
    image = IMAGE.search(key)
    return key[: image.start() + 7] if image else None


class _Record(NamedTuple):
    """What the protocol reads of a record, in short; its times; whether it is an outcome."""

    control: str
    lease_end: float
    not_before: float | None
    began: float
    ended: bool


@lru_cache(maxsize=4_000)
def _record(body: bytes) -> _Record:
    record = json.loads(body)
    assert record["cost_usd"] + record["spent_before_usd"] < FAR_BELOW_THE_CAP, "money begins to matter"
    kept: dict[str, Any] = {name: record[name] for name in ("status", "prompt", "negative_prompt", "outcome")}
    kept["dead"] = record["why"] == "dead"
    ended = record["status"] == "outcome"
    if ended:
        following = record["next"]["message"]
        kept["next"] = following and _without_words(following["attributes"])
    else:
        kept |= {name: record[name] for name in ("generations", "deferrals", "judged")}
        kept["images"] = [[image["accepted"], *_verdicts(image)] for image in record["images"]]
        kept["rewrite"] = record["rewrite"] is not None
    not_before = _seconds(record["not_before"]) if record["not_before"] else None
    lease_end, began = _seconds(record["lease_end"]), _seconds(record["began_at"])
    return _Record(short(json.dumps(kept)), lease_end, not_before, began, ended)


def _verdicts(image: dict[str, Any]) -> list[Any]:
    return [verdict["accepted"] for verdict in image["verdicts"]]


def _without_words(attributes: dict[str, Any]) -> list[Any]:
    return sorted((name, value) for name, value in attributes.items() if name not in WORDS_AND_MONEY)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def ahead(moment: float | None, now: float) -> int | None:
    """Milliseconds until then; 0 once it is over."""
    return None if moment is None else max(0, round((moment - now) * 1000))


def message_at(message: QueuedMessage, now: float) -> tuple[Any, ...]:
    """What a message says, and when it can be seen."""
    asks = _asks(message.attributes, message.body)
    return ahead(message.visible, now), message.receives, message.source or "", asks


@lru_cache(maxsize=4_000)
def _asks(attributes: Attributes, body: str) -> str:
    """A message without a job is the record of a failed invocation: what was uploaded is what counts."""
    if any(name == "job" for name, _ in attributes):
        return short(repr(_without_words(dict(attributes))))
    return short(json.dumps(json.loads(body)["requestPayload"]))


def event_at(event: AsynchronousEvent, now: float) -> tuple[Any, ...]:
    """What an asynchronous event says, and when it is due."""
    return ahead(event.due, now), event.tries, event.function, short(event.payload)


@lru_cache(maxsize=4_000)
def short(text: str) -> str:
    """A long text's digest, with the numbers of the rewritten prompts that it names."""
    digest = hashlib.blake2b(VERSION.sub("version", text).encode(), digest_size=12).hexdigest()
    return " ".join((digest, *VERSION.findall(text)))
