"""Reads what the pipeline wrote; what is none of its own, or gone again, is None."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import ClientError
from pydantic import ValidationError

from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record
from chalicelib.job.result import Result
from chalicelib.stage.listing import JobSeen
from chalicelib.stage.where import AT_ONCE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Given = TypeVar("Given")
Made = TypeVar("Made")
Kept = TypeVar("Kept", Record, Result)
GONE = ("NoSuchKey", "404")


class Objects:
    """One bucket's."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def result(self, job: JobSeen) -> Result | None:
        return self._read_as(Result, job, "result.json")

    def record(self, job: JobSeen, name: str | None) -> Record | None:
        return self._read_as(Record, job, name) if name else None

    def _read_as(self, kind: type[Kept], job: JobSeen, name: str) -> Kept | None:
        body = self.body(job, name)
        try:
            return kind.model_validate_json(body) if body is not None else None
        except ValidationError:
            return None

    def shown_record(self, job: JobSeen, result: Result) -> Record | None:
        """Of the attempt that made the image to look at, else of the last one."""
        return self.record(job, f"{position(*result.shown_position)}.json")

    def error(self, job: JobSeen) -> str | None:
        """Why it was refused, or could not be processed."""
        body = self.body(job, next(iter(job.objects)))
        try:
            return str(json.loads(body or b"")["error"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def body(self, job: JobSeen, name: str) -> bytes | None:
        if name not in job.objects:
            return None
        place = job.objects[name].place
        try:
            return self._s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise


def in_parallel(act: Callable[[Given], Made], things: Iterable[Given]) -> Iterator[Made]:
    """What comes of each, in their order; as many at once as there are connections."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(act, things)
