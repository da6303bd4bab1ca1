"""What S3 lists of an outbox, sorted into jobs. Reads no object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.job.outbox_keys import read_key
from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Listed:
    """An object as S3 lists it."""

    place: Place
    etag: str
    moment: datetime


@dataclass
class JobSeen:
    """A job, or what was refused, as its keys tell; `objects` by the name that each has in its folder."""

    job: str
    folder: str
    alone: str = ""  # `rejected` or `dead-letters` where it has no folder of its own
    objects: dict[str, Listed] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When anything of it was written last."""
        return max(one.moment for one in self.objects.values())

    @property
    def ended(self) -> bool:
        return bool(self.alone) or "result.json" in self.objects

    @property
    def newest_record(self) -> str | None:
        kinds = {name: read_key(one.place.key) for name, one in self.objects.items()}
        records = [name for name, key in kinds.items() if key and key.kind == "record"]
        return max(records, default=None, key=lambda name: (len(name), name))


class Listing:
    """A bucket's objects but for the inbox's; `pages` counts what was asked of S3."""

    def __init__(self, s3: "S3Client", bucket: str, inbox: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._inbox = inbox
        self.pages = 0

    def objects(self, prefix: str = "") -> Iterator[Listed]:
        """Those whose keys begin so. Raises what botocore raises."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            self.pages += 1
            for one in page.get("Contents", ()):
                if self._bucket != self._inbox or not one["Key"].startswith(INBOX_PREFIX):
                    yield Listed(Place(self._bucket, one["Key"]), one["ETag"], one["LastModified"])


def jobs_of(objects: Iterable[Listed]) -> list[JobSeen]:
    """One for each job that these objects belong to, in the order of their keys."""
    seen: dict[tuple[str, str], JobSeen] = {}
    for one in objects:
        if found := read_key(one.place.key):
            alone = found.kind if found.kind in ("rejected", "dead-letters") else ""
            job = seen.setdefault((found.folder, found.job), JobSeen(found.job, found.folder, alone))
            job.objects[found.name] = one
    return list(seen.values())
