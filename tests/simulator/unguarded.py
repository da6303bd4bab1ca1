"""Stores and queues that lack one guard each, for `mutations`. Nothing else may use them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from chalicelib.ports import ObjectStore, Place, Queue, Stored, WireMessage
from tests.fakes.aws import InMemoryAws
from tests.fakes.world import ObjectVersion
from tests.simulator.canonical import is_record

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
        return _put_anyway(self.aws, place, body, content_type, metadata)

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


@dataclass(frozen=True)
class Cancels:
    """A store in which a cancel marks the next attempt alone, ends an attempt whatever it has become, or marks a name
    that has just been given."""

    aws: InMemoryAws
    store: ObjectStore
    one_mark: bool = False
    anyway: bool = False
    any_name: bool = False

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        record = json.loads(body) if is_record(place.key) else {}
        if self.one_mark and record.get("status") == "cancelling" and record["attempt"] == 0:
            return "not written"
        if self.any_name and record.get("status") == "cancelling" and record["request"] is None:
            return _put_anyway(self.aws, place, body, content_type, metadata)
        return self.store.create(place, body, content_type, metadata)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        result = (json.loads(body)["next"] or {}).get("result") or {}
        if not self.anyway or result.get("status") != "CANCELLED":
            return self.store.replace(place, body, content_type, etag)
        return _put_anyway(self.aws, place, body, content_type)

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        return self.store.read(place, version=version, etag=etag, most=most)


class ReadsOnce:
    """A store that answers a second read as it did the first."""

    def __init__(self, store: ObjectStore) -> None:
        self.create, self.replace = store.create, store.replace
        self._store = store
        self._read: dict[Place, Stored | None] = {}

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        if place not in self._read:
            self._read[place] = self._store.read(place, version=version, etag=etag, most=most)
        return self._read[place]


def _put_anyway(
    aws: InMemoryAws, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None
) -> str:
    def put() -> ObjectVersion:
        return aws.s3.put(place.bucket, place.key, body, content_type, metadata)

    stored: ObjectVersion = aws.effect("s3", "put", f"{place.bucket}/{place.key}", put)
    return stored.etag


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
