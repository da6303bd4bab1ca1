"""Creates the output bucket that a prompt names, so that any prompt file works here as it is.

A deployment has its buckets made beforehand and an allow-list; `run` and `local` allow any bucket. Looks at events
leniently: whether a prompt is acceptable is the product's to say.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.local.lambda_events import notified_place
from chalicelib.local.names import REGION
from chalicelib.settings import bucket_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class OutputBuckets:
    """Remembers what it has created; safe to share between threads, since S3 takes a second creation by the owner."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3
        self._known: set[str] = set()

    def prepare(self, event: Mapping[str, Any]) -> None:
        """Create the bucket named in a Lambda event's prompt, if it names a legal one that is not there."""
        bucket = named_bucket(self._prompt(event["Records"][0]))
        if bucket is not None and bucket not in self._known:
            self._create(bucket)
            self._known.add(bucket)

    def _prompt(self, record: Mapping[str, Any]) -> bytes:
        if "body" in record:
            return str(record["body"]).encode(errors="replace")
        bucket, key, _ = notified_place({"Records": [record]})
        version = record["s3"]["object"].get("versionId")
        wanted: Any = {"VersionId": version} if version else {}  # what the product reads, though overwritten since
        try:
            return self._s3.get_object(Bucket=bucket, Key=key, **wanted)["Body"].read()
        except ClientError:
            return b""  # gone: the product refuses it with a record

    def _create(self, bucket: str) -> None:
        try:
            create_bucket(self._s3, bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise


def create_bucket(s3: "S3Client", bucket: str) -> None:
    """In the client's own region, which S3 wants to be told unless it is the first."""
    region = s3.meta.region_name
    elsewhere: Any = {} if region == REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **elsewhere)


def named_bucket(prompt: bytes) -> str | None:
    """The legal bucket name a prompt file asks for, or None; also inside the record of a failed invocation."""
    try:
        value = json.loads(prompt)
    except (ValueError, RecursionError):
        return None
    try:
        return bucket_name(value["output_s3_bucket_name"])
    except (KeyError, TypeError, ValueError):
        return None
