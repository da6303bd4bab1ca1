"""Everything that is in this AWS, as plain values: a world can be copied, compared and hashed.

The entries are frozen and the tables are replaced, never shared, so a copy costs a few pointers. No rules here; the
services next door have them.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

START = datetime(2026, 11, 22, 8, 15, tzinfo=UTC).timestamp()
REGION = "us-east-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Bucket:
    """`listable`: the caller may list it, so that a missing key is told (404) and not hidden (403)."""

    name: str
    versioned: bool = False
    listable: bool = True


@dataclass(frozen=True)
class Notification:
    """Objects created under prefix and suffix invoke the function, asynchronously."""

    bucket: str
    prefix: str
    suffix: str
    function: str


@dataclass(frozen=True)
class ObjectVersion:
    """One stored version; `etag` with its quotes, metadata sorted by lower-case key; `deleted` is a delete marker."""

    body: bytes
    content_type: str
    metadata: tuple[tuple[str, str], ...]
    etag: str
    version: str
    modified: float
    sequencer: str
    deleted: bool = False


@dataclass(frozen=True)
class QueueSettings:
    """Seconds; a message received `max_receives` times goes to `dead_letters` instead of being received again."""

    name: str
    visibility: float = 1800
    max_receives: int | None = None
    dead_letters: str | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def url(self) -> str:
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.name}"


Attributes = tuple[tuple[str, tuple[str, str]], ...]
Lineage = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class QueuedMessage:
    """`lineage` is what Lambda's loop detection knows: how often each function ran in the chain that led here.

    `copy` tells apart what SQS delivers twice under one id.
    """

    id: str
    body: str
    attributes: Attributes
    sent: float
    visible: float
    receives: int = 0
    first_received: float | None = None
    receipt: str | None = None
    source: str | None = None
    lineage: Lineage = ()
    copy: int = 0
    group: str | None = None


@dataclass(frozen=True)
class AsynchronousEvent:
    """An event waiting in Lambda's own queue; `tries` have failed so far."""

    request: str
    function: str
    payload: str
    due: float
    since: float
    tries: int = 0
    lineage: Lineage = ()


@dataclass(frozen=True)
class Call:
    """One call of a model that was carried out, and so paid for. `tag` and `position` say for which job and attempt."""

    kind: str
    tag: str
    position: int
    invocation: str
    detail: str = ""


@dataclass
class World:
    """The one mutable thing: tables of frozen entries, the time, and counters for identities: of messages, of nonces,
    and of all else. Each counts for itself, so that what a handler sees depends on as little as can be."""

    now: float = START
    serial: int = 0
    sent: int = 0
    nonces: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    notifications: tuple[Notification, ...] = ()
    objects: dict[tuple[str, str], tuple[ObjectVersion, ...]] = field(default_factory=dict)
    queues: dict[str, QueueSettings] = field(default_factory=dict)
    messages: dict[str, tuple[QueuedMessage, ...]] = field(default_factory=dict)
    asynchronous: tuple[AsynchronousEvent, ...] = ()
    calls: tuple[Call, ...] = ()

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def next_sent(self) -> int:
        self.sent += 1
        return self.sent

    def next_nonce(self) -> int:
        self.nonces += 1
        return self.nonces

    def copy(self) -> "World":
        return World(
            self.now,
            self.serial,
            self.sent,
            self.nonces,
            dict(self.buckets),
            self.notifications,
            dict(self.objects),
            dict(self.queues),
            dict(self.messages),
            self.asynchronous,
            self.calls,
        )
