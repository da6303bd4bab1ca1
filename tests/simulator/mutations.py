"""The pipeline with one guard taken out, to see that the simulator would notice. Each row names the rule it breaks.

A guard is taken out from outside: by another port, another table of decisions, another chance or other settings handed
in. Nothing of the pipeline is patched.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.attempt.services import Services as Pipeline
from chalicelib.errors import Refused
from chalicelib.job.arrival import Arrival, Resolved
from chalicelib.job.protocol import Acknowledge, EndDead, Facts, GiveUpImage, PutBack, Step, TakeOver, decide
from chalicelib.ports import ObjectStore, Place, Queue, Stored, WireMessage
from tests.fakes.aws import InMemoryAws
from tests.fakes.world import ObjectVersion
from tests.simulator.canonical import is_record
from tests.simulator.stagehands import CountingChance, Mutate

Named = Callable[[Place], bool]


@dataclass(frozen=True)
class Unconditional:
    """A store that writes some objects whether or not they are there."""

    aws: InMemoryAws
    store: ObjectStore
    which: Named

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        if not self.which(place):
            return self.store.create(place, body, content_type, metadata)

        def put() -> ObjectVersion:
            return self.aws.s3.put(place.bucket, place.key, body, content_type, metadata)

        stored: ObjectVersion = self.aws.effect("s3", "put", f"{place.bucket}/{place.key}", put)
        return stored.etag

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        return self.store.replace(place, body, content_type, etag)

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        return self.store.read(place, version=version, etag=etag, most=most)


@dataclass(frozen=True)
class Uncounted:
    """A store in which a claim does not say how many images were begun."""

    store: ObjectStore

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        return self.store.create(place, self._without_count(place, body), content_type, metadata)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        return self.store.replace(place, self._without_count(place, body), content_type, etag)

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        return self.store.read(place, version=version, etag=etag, most=most)

    def _without_count(self, place: Place, body: bytes) -> bytes:
        record = json.loads(body) if is_record(place.key) else {}
        return json.dumps(record | {"generations": 0}).encode() if record.get("status") == "leased" else body


class SendsFirst:
    """Store and queue in which what follows is sent before the record says so."""

    def __init__(self, store: ObjectStore, queue: Queue) -> None:
        self.store = store
        self.queue = queue
        self.withheld: Callable[[], str] | None = None

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        return self.store.create(place, body, content_type, metadata)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        write = partial(self.store.replace, place, body, content_type, etag)
        record = json.loads(body)
        if record["status"] == "outcome" and record["next"]["message"]:
            self.withheld = write
            return "not yet"
        return write()

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        return self.store.read(place, version=version, etag=etag, most=most)

    def send(self, message: WireMessage, delay_seconds: int = 0) -> None:
        self.queue.send(message, delay_seconds)
        if self.withheld:
            write, self.withheld = self.withheld, None
            write()


class SharedNonce(CountingChance):
    """Chance that gives everybody the same nonce."""

    def getrandbits(self, k: int, /) -> int:
        return 7


def _image(place: Place) -> bool:
    return place.key.endswith(".png")


def _record(place: Place) -> bool:
    return is_record(place.key)


def _result(place: Place) -> bool:
    return place.key.endswith("/result.json")


def _unconditional(which: Named) -> Mutate:
    return lambda pipeline, aws: replace(pipeline, store=Unconditional(aws, pipeline.store, which))


def _deciding(table: Callable[[Facts], Step]) -> Mutate:
    return lambda pipeline, aws: replace(pipeline, decide=table)


def _sends_first(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    both = SendsFirst(pipeline.store, pipeline.work)
    return replace(pipeline, store=both, work=both)


def _never_reads_again(facts: Facts) -> Step:
    """Whoever finds a record believes that its owner will see to everything."""
    return Acknowledge() if facts.record else decide(facts)


def _drops_what_another_is_at(facts: Facts) -> Step:
    step = decide(facts)
    return Acknowledge() if isinstance(step, PutBack) else step


def _pays_a_third_time(facts: Facts) -> Step:
    step = decide(facts)
    return TakeOver(step.record, draw=True) if isinstance(step, GiveUpImage) else step


def _buries_outcomes(facts: Facts) -> Step:
    return EndDead(facts.record) if facts.dead else decide(facts)


def _drops_dead_letters(facts: Facts) -> Step:
    return Acknowledge() if facts.dead else decide(facts)


def _without_money_cap(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, settings=pipeline.settings.model_copy(update={"max_cost_usd": 1000.0}))


def _without_attempts_cap(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, settings=pipeline.settings.model_copy(update={"max_attempts": 10_000}))


def _believes_messages(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """Whoever sends a message is taken at his word."""

    def believed(services: Pipeline, arrival: Arrival) -> Resolved:
        return Resolved(arrival.message(), known=True)

    return replace(pipeline, resolve=believed)


def _refuses_tracing(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """An attribute that a tracing library added is an unknown one."""

    def refused(services: Pipeline, arrival: Arrival) -> Resolved:
        if "traceparent" in arrival.wire.attributes:
            raise Refused("'traceparent' is no attribute of a message", "traceparent")
        return pipeline.resolve(services, arrival)

    return replace(pipeline, resolve=refused)


@dataclass(frozen=True)
class Mutation:
    """A guard taken out, the stage to look for that on, and the promises (by number) one of which must break."""

    guard: str
    stage: str
    mutate: Mutate
    breaks: str


MUTATIONS = (
    Mutation("claim", "plain", _unconditional(_record), "1235"),
    Mutation(
        "count before paying", "plain", lambda pipeline, aws: replace(pipeline, store=Uncounted(pipeline.store)), "1"
    ),
    Mutation("conditional image write", "single", _unconditional(_image), "5"),
    Mutation("conditional result write", "plain", _unconditional(_result), "3"),
    Mutation("follow before send", "plain", _sends_first, "245"),
    Mutation("owner nonce", "plain", lambda pipeline, aws: replace(pipeline, chance=SharedNonce(aws)), "1"),
    Mutation("read again after a lost race", "plain", _deciding(_never_reads_again), "34"),
    Mutation("acknowledging rule", "plain", _deciding(_drops_what_another_is_at), "34"),
    Mutation("cap on generations", "single", _deciding(_pays_a_third_time), "1"),
    Mutation("cap on money", "poor", _without_money_cap, "6"),
    Mutation("cap on attempts", "strict", _without_attempts_cap, "6"),
    Mutation("dead-letter rule: no FAIL over an outcome", "impatient", _deciding(_buries_outcomes), "5"),
    Mutation("a message of a job that has records is only a wake-up", "plain", _believes_messages, "123456"),
    Mutation("attributes of tracing libraries are passed over", "plain", _refuses_tracing, "34"),
    Mutation("dead-letter rule: a job ends", "impatient", _deciding(_drops_dead_letters), "34"),
)
