"""Creates the output buckets that a prompt names, so that any prompt file works here as it is.

A deployment has its buckets made beforehand and an allow-list; `run` and `local` allow any bucket. Looks at texts
leniently: whether a prompt is acceptable is the product's to say.
"""

import contextlib
import re
from typing import TYPE_CHECKING, Any

from chalicelib.local.names import REGION
from chalicelib.settings import bucket_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAMED = re.compile(r'"output_s3_bucket_name"\s*:\s*"([a-z0-9.-]+)"')


def create_named_buckets(s3: "S3Client", prompts: str) -> None:
    """Those that a prompt file, of one prompt or many, asks for; whoever comes second finds them there."""
    for name in named_buckets(prompts):
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
            create_bucket(s3, name)


def create_bucket(s3: "S3Client", bucket: str) -> None:
    """In the client's own region, which S3 wants to be told unless it is the first."""
    region = s3.meta.region_name
    elsewhere: Any = {} if region == REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **elsewhere)


def named_buckets(prompts: str) -> set[str]:
    """Every legal name."""
    return {name for name in NAMED.findall(prompts) if _is_legal(name)}


def _is_legal(name: str) -> bool:
    try:
        return bucket_name(name) == name
    except ValueError:
        return False
