"""S3 in memory: versions, ETags, conditional writes, limits, and the notifications of an inbox.

Answers as the S3 API reference has it (AWS documentation, 2026-11). Conditions are checked and the object is stored in
one step, as S3 does. Of anything the pipeline has no business doing (listing, multipart) it knows nothing.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from tests.fakes.errors import AwsError
from tests.fakes.events import s3_event
from tests.fakes.world import AsynchronousEvent, Bucket, Lineage, Notification, ObjectVersion, World

KEY_BYTES = 1024
METADATA_BYTES = 2048
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class S3:
    def __init__(self, world: World) -> None:
        self.world = world

    def create_bucket(self, name: str, *, versioned: bool = False, listable: bool = True) -> None:
        if not BUCKET_NAME.fullmatch(name):
            raise AwsError("InvalidBucketName", 400, f"The specified bucket is not valid: {name}")
        self.world.buckets[name] = Bucket(name, versioned, listable)

    def notify(self, notification: Notification) -> None:
        self._bucket(notification.bucket)
        self.world.notifications += (notification,)

    def put(
        self,
        bucket: str,
        key: str,
        body: bytes,
        content_type: str = "binary/octet-stream",
        metadata: Mapping[str, str] | None = None,
        *,
        if_none_match: str | None = None,
        if_match: str | None = None,
        lineage: Lineage = (),
    ) -> ObjectVersion:
        """Store an object; raises what S3 answers to a key, metadata or condition that does not hold."""
        settings = self._bucket(bucket)
        _check_key(key)
        stored = self.world.objects.get((bucket, key), ())
        self._check_conditions(_shown(stored), if_none_match, if_match)
        serial = self.world.next_serial()
        version = ObjectVersion(
            body=body,
            content_type=content_type,
            metadata=_metadata(metadata or {}),
            etag=f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
            version=f"v{serial:031d}" if settings.versioned else "null",
            modified=self.world.now,
            sequencer=f"{serial:018X}",
        )
        self.world.objects[bucket, key] = (*stored, version) if settings.versioned else (version,)
        self._tell(bucket, key, version, lineage)
        return version

    def get(self, bucket: str, key: str, *, version: str | None = None, if_match: str | None = None) -> ObjectVersion:
        """The current version, or the one asked for; a missing key is a 404, or a 403 to one who may not list."""
        settings = self._bucket(bucket)
        _check_key(key)
        stored = self.world.objects.get((bucket, key), ())
        if version is not None and version != "null":
            stored = tuple(entry for entry in stored if entry.version == version)
            if not stored:
                raise AwsError("NoSuchVersion", 404, "The specified version does not exist.")
        stored = _shown(stored)
        if not stored and not settings.listable:
            raise AwsError("AccessDenied", 403, "Access Denied")
        if not stored:
            raise AwsError("NoSuchKey", 404, "The specified key does not exist.")
        if if_match is not None and _bare(if_match) != _bare(stored[-1].etag):
            raise AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
        return stored[-1]

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object, or in a versioned bucket hide it behind a marker; removing nothing is no error."""
        stored = self.world.objects.get((bucket, key), ())
        if self._bucket(bucket).versioned and _shown(stored):
            serial = self.world.next_serial()
            marker = replace(stored[-1], body=b"", etag="", version=f"v{serial:031d}", deleted=True)
            self.world.objects[bucket, key] = (*stored, marker)
        elif not self._bucket(bucket).versioned:
            self.world.objects.pop((bucket, key), None)

    def keys(self, bucket: str) -> list[str]:
        """What can be seen; the pipeline itself lists nothing."""
        self._bucket(bucket)
        return sorted(key for (owner, key), stored in self.world.objects.items() if owner == bucket and _shown(stored))

    def _bucket(self, name: str) -> Bucket:
        if name not in self.world.buckets:
            raise AwsError("NoSuchBucket", 404, "The specified bucket does not exist")
        return self.world.buckets[name]

    def _check_conditions(
        self, stored: tuple[ObjectVersion, ...], if_none_match: str | None, if_match: str | None
    ) -> None:
        if if_none_match not in (None, "*"):
            raise AwsError("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
        if if_none_match == "*" and stored:
            raise AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
        if if_match is not None and not stored:
            raise AwsError("NoSuchKey", 404, "The specified key does not exist.")
        if if_match is not None and _bare(if_match) != _bare(stored[-1].etag):
            raise AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")

    def _tell(self, bucket: str, key: str, version: ObjectVersion, lineage: Lineage) -> None:
        for rule in self.world.notifications:
            if rule.bucket == bucket and key.startswith(rule.prefix) and key.endswith(rule.suffix):
                serial = self.world.next_serial()
                event = AsynchronousEvent(
                    request=f"request-{serial:06}",
                    function=rule.function,
                    payload=s3_event(bucket, key, version, self.world.buckets[bucket].versioned),
                    due=self.world.now,
                    since=self.world.now,
                    lineage=lineage,
                )
                self.world.asynchronous += (event,)


def _shown(stored: tuple[ObjectVersion, ...]) -> tuple[ObjectVersion, ...]:
    """Nothing, where the newest is a delete marker."""
    return () if stored and stored[-1].deleted else stored


def _check_key(key: str) -> None:
    if not key:
        raise AwsError("MissingParameter", 400, "A key is needed")
    if len(key.encode()) > KEY_BYTES:
        raise AwsError("KeyTooLongError", 400, "Your key is too long")


def _metadata(metadata: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    lowered = tuple(sorted((name.lower(), value.strip()) for name, value in metadata.items()))
    if not all(name.isascii() and value.isascii() and value.isprintable() for name, value in lowered):
        raise AwsError("InvalidArgument", 400, "Metadata travels in headers: printable ASCII only")
    if sum(len(name) + len(value) for name, value in lowered) > METADATA_BYTES:
        raise AwsError("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size.")
    return lowered


def _bare(etag: str) -> str:
    return etag.strip('"')


def truncated(version: ObjectVersion) -> ObjectVersion:
    """As a GET tells it: Last-Modified in whole seconds."""
    return replace(version, modified=float(int(version.modified)))
