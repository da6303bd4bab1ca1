"""What S3 lists of an outbox, sorted into jobs. Reads no object."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

IN_FOLDER = re.compile(r"(?P<folder>.+/(?P<job>[^/]+))/(?P<name>\d{3,}-\d{3,}(-\d+)?\.(json|png)|(result|report)\.\w+)")
RECORD = re.compile(r"\d{3,}-\d{3,}\.json")
REFUSED = re.compile(r"(?P<folder>(?:.+/)?(?P<kind>rejected)/(?P<job>[^/]+))\.json")
LETTER = re.compile(r"(?P<folder>(?:.+/)?(?P<kind>dead-letters)/(?P<job>[^/]+))-\d{3,}-\d{3,}\.json")


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
        return max(filter(RECORD.fullmatch, self.objects), default=None, key=lambda name: (len(name), name))


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


def job_of(key: str) -> tuple[str, str, str, str] | None:
    """The folder, the job, which kind it is if it has no folder, and the object's name; None for what is none of ours.

    `mine/cats/000-000.png` → (`mine/cats`, `cats`, ``, `000-000.png`).
    """
    if found := REFUSED.fullmatch(key) or LETTER.fullmatch(key):
        return found["folder"], found["job"], found["kind"], key.rpartition("/")[2]
    found = IN_FOLDER.fullmatch(key)
    return (found["folder"], found["job"], "", found["name"]) if found else None


def jobs_of(objects: Iterable[Listed]) -> list[JobSeen]:
    """One for each job that these objects belong to, in the order of their keys."""
    seen: dict[tuple[str, str], JobSeen] = {}
    for one in objects:
        if found := job_of(one.place.key):
            folder, job, alone, name = found
            seen.setdefault((folder, job), JobSeen(job, folder, alone)).objects[name] = one
    return list(seen.values())
