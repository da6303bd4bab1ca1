"""Copies what the outboxes hold to a directory of the user's, key by key, so that it outlives what made it.

A key need not be a path that this machine can have; what cannot be copied is told, and keeps nothing else back.
"""

import errno
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from chalicelib.errors import CannotGoOn
from chalicelib.job.request_fields import INBOX_PREFIX
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


FULL = (errno.ENOSPC, errno.EDQUOT)


class Copies:
    """What of the outboxes is in the directory by now; `left` says why an object is not, `full` that no other fits."""

    def __init__(self, s3: "S3Client", inbox: str, directory: Path) -> None:
        self.directory = directory
        self.left: dict[Place, str] = {}
        self.full = False
        self._s3 = s3
        self._inbox = inbox
        self._copied: dict[Place, str] = {}  # with the ETag of what was copied

    def copy_folder(self, place: Place) -> bool:
        """All that lies beside this object; whether all of it is there now."""
        folder = list(self._objects(place.bucket, f"{place.key.rpartition('/')[0]}/"))
        self._copy(iter(folder))
        return not any(each in self.left for each, _ in folder)

    def copy_object(self, place: Place) -> None:
        """This object alone."""
        self._copy(each for each in self._objects(place.bucket, place.key) if each[0] == place)

    def copy_listed(self, place: Place, etag: str) -> None:
        """This object, which S3 has listed with this ETag already."""
        self._copy(iter([(place, etag)]))

    def copy_all(self) -> None:
        """Every object of every bucket but what lies in the inbox."""
        for bucket in [one["Name"] for one in self._s3.list_buckets()["Buckets"]]:
            self._copy(self._objects(bucket, ""))

    def shown_path(self, key: str) -> str:
        """The path of a key's file, to be shown."""
        copied = any(place.key == key for place in self._copied)
        return f"{self.directory / key}{'' if copied else ' (not copied)'}"

    def _objects(self, bucket: str, prefix: str) -> Iterator[tuple[Place, str]]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for one in page.get("Contents", ()):
                if bucket != self._inbox or not one["Key"].startswith(INBOX_PREFIX):
                    yield Place(bucket, one["Key"]), one["ETag"]

    def _copy(self, objects: Iterator[tuple[Place, str]]) -> None:
        for place, etag in objects:
            if self._copied.get(place) == etag:
                continue
            if (why := self._cannot(place)) is None:
                self._copied[place] = etag
                self.left.pop(place, None)
            else:
                self.left[place] = why

    def _cannot(self, place: Place) -> str | None:
        """Copy it, or say why that cannot be."""
        try:
            self._write(place)
        except (FileExistsError, NotADirectoryError):
            return "a file is where its directory would be"
        except OSError as error:
            self.full = self.full or error.errno in FULL
            return error.strerror or str(error)
        except ValueError as error:  # a path with a null character, or one that would leave the directory
            return str(error)
        return None

    def _write(self, place: Place) -> None:
        target = self.directory / place.key
        if not target.resolve().is_relative_to(self.directory.resolve()):
            raise ValueError(f"it would leave {self.directory}")
        body = self._s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.key.endswith("/") and not body:  # a folder as the S3 console makes one; a file would be in the way
            target.mkdir(exist_ok=True)
        else:
            _write_whole(target, body)


def _write_whole(target: Path, body: bytes) -> None:
    try:
        target.write_bytes(body)
    except OSError:
        if target.is_file():  # half a picture would be taken for one
            target.unlink()
        raise


def directory_for(out: Path) -> Path:
    """Make it where it is not there. Raises CannotGoOn."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):  # one that is there may still take nothing
            pass
    except OSError as error:
        raise CannotGoOn(f"--out {out}: {error.strerror}; name a directory that can be written") from None
    return out
