"""The ports in memory do what the real ones do: one test body over both, and over the local engine by HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from botocore.config import Config

from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.errors import AlreadyExists, Changed, Unreachable, Unsendable
from chalicelib.ports import ObjectStore, Place, Queue, WireMessage
from tests.fakes.aws import InMemoryAws
from tests.fakes.ports import MemoryQueue, MemoryStore
from tests.fakes.sessions import client
from tests.fakes.wire import ONE_SEND, Wire
from tests.moto_server import moto_server

PLACE = Place("outbox-bucket", "a b/é.json")
Ports = tuple[ObjectStore, Queue]


def in_memory() -> InMemoryAws:
    aws = InMemoryAws()
    aws.s3.create_bucket(PLACE.bucket)
    aws.sqs.create_queue("work")
    return aws


def by_ports(engine: str) -> Ports:
    aws = in_memory()
    return MemoryStore(aws), MemoryQueue(aws, "work")


def by_wire(engine: str) -> Ports:
    wire = Wire(in_memory())
    return S3Store(wire.client("s3")), SqsQueue(wire.client("sqs"), "work")


def by_moto(engine: str) -> Ports:
    config = ONE_SEND.merge(Config(s3={"addressing_style": "path"}))
    s3, sqs = (client(service, engine, config=config) for service in ("s3", "sqs"))
    s3.create_bucket(Bucket=PLACE.bucket)
    s3.delete_object(Bucket=PLACE.bucket, Key=PLACE.key)
    sqs.create_queue(QueueName="work")
    return S3Store(s3), SqsQueue(sqs, "work")


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with moto_server() as address:
        yield address


@pytest.fixture(params=[by_ports, by_wire, by_moto], ids=["ports", "wire", "moto"])
def ports(request: pytest.FixtureRequest, engine: str) -> Ports:
    made: Callable[[str], Ports] = request.param
    return made(engine)


def test_what_is_created_is_read(ports: Ports) -> None:
    store, _ = ports
    etag = store.create(PLACE, b"0123456789", "image/png", {"Seed": "7"})
    stored = store.read(PLACE)
    assert stored is not None
    assert (stored.body, stored.etag, dict(stored.metadata)) == (b"0123456789", etag, {"seed": "7"})
    assert stored.last_modified.microsecond == 0
    assert stored.last_modified <= datetime(2100, 1, 1, tzinfo=UTC)
    part = store.read(PLACE, most=4)
    assert part is not None
    assert part.body == b"0123"


def test_a_create_meets_what_is_there(ports: Ports) -> None:
    store, _ = ports
    store.create(PLACE, b"1", "text/plain")
    with pytest.raises(AlreadyExists):
        store.create(PLACE, b"2", "text/plain")


def test_a_replace_meets_another_version_or_none(ports: Ports) -> None:
    store, _ = ports
    with pytest.raises(Changed):
        store.replace(PLACE, b"0", "text/plain", '"0"')
    first = store.create(PLACE, b"1", "text/plain")
    second = store.replace(PLACE, b"2", "text/plain", first)
    with pytest.raises(Changed):
        store.replace(PLACE, b"3", "text/plain", first)
    stored = store.read(PLACE)
    assert stored is not None
    assert (stored.body, stored.etag) == (b"2", second)


def test_a_read_insists_on_an_etag_and_tells_what_is_absent(ports: Ports) -> None:
    store, _ = ports
    assert store.read(PLACE) is None
    store.create(PLACE, b"1", "text/plain")
    with pytest.raises(Changed):
        store.read(PLACE, etag='"0"')


def test_a_missing_bucket_is_out_of_reach(ports: Ports) -> None:
    store, _ = ports
    with pytest.raises(Unreachable) as caught:
        store.create(Place("no-such-bucket-here", "k"), b"", "text/plain")
    assert caught.value.bucket == "no-such-bucket-here"


def test_what_sqs_would_refuse_never_leaves(ports: Ports) -> None:
    _, queue = ports
    queue.send(WireMessage("{}", {"attempt": ("Number", "1")}), 900)
    queue.send(WireMessage("{}", {}, "a-file"), 900)
    for message, delay in (
        (WireMessage("", {}), 0),
        (WireMessage("{}", {"a": ("String", "")}), 0),
        (WireMessage("{}", {"a": ("Number", "three")}), 0),
        (WireMessage("\x00", {}), 0),
        (WireMessage("{}", {str(number): ("String", "x") for number in range(11)}), 0),
        (WireMessage("{}", {}), 901),
        (WireMessage("{}", {}, ""), 0),
        (WireMessage("{}", {}, "é"), 0),
        (WireMessage("{}", {}, "x" * 129), 0),
    ):
        with pytest.raises(Unsendable):
            queue.send(message, delay)
