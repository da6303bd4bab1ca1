"""Copies what the outboxes hold to a directory of the user's, key by key, so that it outlives the local AWS."""

from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.local.names import PREFIX, Names

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def collect(s3: "S3Client", names: Names, directory: Path) -> int:
    """Every object of every bucket but what lies in the inbox; the number of files written."""
    written = 0
    for bucket in (one["Name"] for one in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in (one["Key"] for one in page.get("Contents", ())):
                if bucket != names.inbox or not key.startswith(PREFIX):
                    _copy(s3, bucket, key, directory)
                    written += 1
    return written


def _copy(s3: "S3Client", bucket: str, key: str, directory: Path) -> None:
    target = directory / key
    if not target.resolve().is_relative_to(directory.resolve()):
        raise ValueError(f"the key {key!r} would leave {directory}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
