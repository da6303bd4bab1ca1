"""Where everything lies in the outbox, and how a job gets its name: the same for every delivery of the same upload.

Pure; must not know S3. Positions are written RRR-AAA, images from the second on RRR-AAA-K.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.ports import Place

STEM = 64
SUFFIXES = (".json", ".jsonl", ".csv")  # of what the inbox takes
ROW = re.compile(r"(.+)-r[0-9]{4,}(-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8})")


def job_name(stem: str, moment: datetime, *identity: str) -> str:
    """`<stem>-<YYYYMMDDTHHMMSSZ>-<8 hex>`; `identity` is whatever tells this upload or message from every other."""
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:STEM].strip("-") or "prompt"
    digest = hashlib.sha256("\n".join(identity).encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{kept}-{moment:%Y%m%dT%H%M%SZ}-{digest}"


def row_name(file: str, row: int) -> str:
    """The job of a file's row: `spring-20261122T081500Z-1f2e3d4c` → `spring-r0007-20261122T081500Z-1f2e3d4c`."""
    name, moment, digest = file.rsplit("-", 2)
    return f"{name}-r{row:04}-{moment}-{digest}"


def batch_of(job: str) -> str | None:
    """The name of the file whose row this job is, as `row_name` had it; None for any other job."""
    found = ROW.fullmatch(job)
    return f"{found[1]}{found[2]}" if found else None


def stem(key: str) -> str:
    """`inbox/spring/aurora.json` → `aurora`."""
    name = key.rsplit("/", 1)[-1]
    suffix = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]


def position(revision: int, attempt: int) -> str:
    return f"{revision:03}-{attempt:03}"


@dataclass(frozen=True)
class JobPlace:
    """Where all that belongs to one job lies, and what is kept of it where it is none."""

    bucket: str
    prefix: str
    job: str

    def record(self, revision: int, attempt: int) -> Place:
        return self._inside(f"{position(revision, attempt)}.json")

    def image(self, revision: int, attempt: int, number: int = 0) -> Place:
        return self._inside(f"{position(revision, attempt)}{f'-{number}' if number else ''}.png")

    def dead_letter(self, revision: int, attempt: int) -> Place:
        return Place(self.bucket, f"{self.prefix}/dead-letters/{self.job}-{position(revision, attempt)}.json")

    @property
    def rejected(self) -> Place:
        return Place(self.bucket, f"{self.prefix}/rejected/{self.job}.json")

    @property
    def report(self) -> Place:
        return self._inside("report.html")

    @property
    def result(self) -> Place:
        return self._inside("result.json")

    def _inside(self, name: str) -> Place:
        return Place(self.bucket, f"{self.prefix}/{self.job}/{name}")


Kind = Literal["record", "image", "result", "report", "rejected", "dead-letters"]
_IN_FOLDER = re.compile(
    r"(?P<folder>.+/(?P<job>[^/]+))/(?:(?P<record>\d{3,}-\d{3,}\.json)|(?P<image>\d{3,}-\d{3,}(?:-\d+)?\.png)"
    r"|(?P<result>result\.json)|(?P<report>report\.html))"
)
_REJECTED = re.compile(r"(?P<folder>(?:.+/)?rejected/(?P<job>[^/]+))\.json")
_DEAD_LETTER = re.compile(r"(?P<folder>(?:.+/)?dead-letters/(?P<job>[^/]+))-\d{3,}-\d{3,}\.json")


@dataclass(frozen=True)
class OutboxKey:
    """What lies under a key, whose it is, and its folder; what is refused has none, and is named there as if it had."""

    kind: Kind
    job: str
    folder: str
    name: str


def read_key(key: str) -> OutboxKey | None:
    """The inverse of the functions above; None for what is none of ours."""
    name = key.rpartition("/")[2]
    if found := _REJECTED.fullmatch(key):
        return OutboxKey("rejected", found["job"], found["folder"], name)
    if found := _DEAD_LETTER.fullmatch(key):
        return OutboxKey("dead-letters", found["job"], found["folder"], name)
    if found := _IN_FOLDER.fullmatch(key):
        kinds: tuple[Kind, ...] = ("record", "image", "result", "report")
        kind = next(kind for kind in kinds if found[kind])
        return OutboxKey(kind, found["job"], found["folder"], name)
    return None
