"""The doors of an attempt, as protocols: what the pipeline needs of the services, handed in as arguments.

`aws/` implements them over botocore, tests over memory. Nothing here may import an implementation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Json = Mapping[str, Any]
TOTAL_BYTES = 1024 * 1024  # of a message with its attributes (AWS documentation of SendMessage, 2026-11)


@dataclass(frozen=True)
class Place:
    """Where an object is: bucket and key (key decoded, as a user reads it)."""

    bucket: str
    key: str


@dataclass(frozen=True)
class Stored:
    """An object as read; `etag` as S3 gives it, quotes included; metadata keys in lower case."""

    body: bytes
    etag: str
    last_modified: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


class ObjectStore(Protocol):
    """S3, with only conditional writes. Every call raises Unreachable where the bucket is absent or forbidden, and
    Unavailable where there was no answer."""

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        """Write with `If-None-Match: *`; the new ETag. Raises AlreadyExists.

        Raises Changed when other writes of it kept being under way: then nobody knows whether it is there.
        """

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        """Write with `If-Match`; the new ETag. Raises Changed when the object is another one, or gone."""

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        """The object, or None where there is none; at most `most` bytes of it.

        Raises Changed when `etag` is asked for and the object has another.
        """


@dataclass(frozen=True)
class WireMessage:
    """A message as SQS carries it: attribute name → (data type, string value).

    No group keeps the others of its queue waiting, however many messages it has: SQS takes turns between them.
    """

    body: str
    attributes: Mapping[str, tuple[str, str]]
    group: str | None = None


class Queue(Protocol):
    """One SQS queue."""

    def send(self, message: WireMessage, delay_seconds: int = 0) -> None:
        """Send; delay 0 to 900 seconds. Raises Unsendable before anything leaves."""


class ModelCaller(Protocol):
    """Bedrock's two operations. Each call is sent at most once and may be charged; errors are ModelError's children."""

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> bytes:
        """InvokeModel: JSON body in, JSON body out; `timeout` in seconds."""

    def converse(self, region: str, model_id: str, request: Json, timeout: float) -> Json:
        """Converse: its parameters but `modelId` in, its reply out; `timeout` in seconds."""
