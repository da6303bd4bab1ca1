"""Copies what the outboxes hold to a directory of the user's, key by key, so that it outlives the local AWS.

A key need not be a path that this machine can have; what cannot be copied is told, and keeps nothing else back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.local.names import PREFIX, Names
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class NotCopied:
    """An object that has no file, and what this machine says of it."""

    place: Place
    why: str


@dataclass(frozen=True)
class Copies:
    """What of the outboxes is in the directory now, and what is not."""

    directory: Path
    written: frozenset[Path]
    left: tuple[NotCopied, ...]

    def holds(self, key: str) -> bool:
        return self.directory / key in self.written

    def told(self, key: str) -> str:
        """The path of a key's file, to be shown."""
        return f"{self.directory / key}{'' if self.holds(key) else ' (not copied)'}"


def collect(s3: "S3Client", names: Names, directory: Path) -> Copies:
    """Copy every object of every bucket but what lies in the inbox."""
    written: set[Path] = set()
    left: list[NotCopied] = []
    for place in _places(s3, names):
        try:
            written.add(_copied(s3, place, directory))
        except (FileExistsError, NotADirectoryError):
            left.append(NotCopied(place, "a file is where its directory would be"))
        except OSError as error:
            left.append(NotCopied(place, error.strerror or str(error)))
        except ValueError as error:  # a path with a null character, or one that would leave the directory
            left.append(NotCopied(place, str(error)))
    return Copies(directory, frozenset(written), tuple(left))


def _places(s3: "S3Client", names: Names) -> Iterator[Place]:
    for bucket in (one["Name"] for one in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in (one["Key"] for one in page.get("Contents", ())):
                if bucket != names.inbox or not key.startswith(PREFIX):
                    yield Place(bucket, key)


def _copied(s3: "S3Client", place: Place, directory: Path) -> Path:
    target = directory / place.key
    if not target.resolve().is_relative_to(directory.resolve()):
        raise ValueError(f"it would leave {directory}")
    body = s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
    target.parent.mkdir(parents=True, exist_ok=True)
    if place.key.endswith("/") and not body:  # a folder as the S3 console makes one; as a file it would be in the way
        target.mkdir(exist_ok=True)
    else:
        target.write_bytes(body)
    return target
