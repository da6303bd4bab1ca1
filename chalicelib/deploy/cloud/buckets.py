"""Buckets and their notifications: looked up, disconnected, deleted when empty."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from chalicelib.deploy.found import Bucket, Notification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import NotificationConfigurationTypeDef


def look(s3: "S3Client", name: str, account: str) -> Bucket:
    """Whether a name is free, ours or somebody else's; 403 is taken for the latter."""
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("404", "NoSuchBucket"):
            return Bucket.ABSENT
        if code in ("403", "AccessDenied"):
            return Bucket.TAKEN
        raise
    held = s3.list_object_versions(Bucket=name, MaxKeys=1, ExpectedBucketOwner=account)
    return Bucket.HOLDS if held.get("Versions") or held.get("DeleteMarkers") else Bucket.EMPTY


def notifications(s3: "S3Client", buckets: Iterable[str], account: str) -> tuple[Notification, ...]:
    """The functions that these buckets invoke."""
    return tuple(
        Notification(bucket, one["LambdaFunctionArn"])
        for bucket in buckets
        for one in s3.get_bucket_notification_configuration(Bucket=bucket, ExpectedBucketOwner=account).get(
            "LambdaFunctionConfigurations", []
        )
    )


def stop_notifying(s3: "S3Client", bucket: str, function_arn: str, account: str) -> None:
    """Take one function out of a bucket's notifications; all others stay."""
    there = s3.get_bucket_notification_configuration(Bucket=bucket, ExpectedBucketOwner=account)
    functions = there.get("LambdaFunctionConfigurations", [])
    others = [one for one in functions if one["LambdaFunctionArn"] != function_arn]
    everything: dict[str, Any] = {**there, "LambdaFunctionConfigurations": others}
    everything.pop("ResponseMetadata", None)
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        ExpectedBucketOwner=account,
        NotificationConfiguration=cast("NotificationConfigurationTypeDef", everything),
    )


def delete_if_empty(s3: "S3Client", bucket: str, account: str) -> bool:
    """Delete a bucket, unless something came into it meanwhile; whether it is gone."""
    try:
        s3.delete_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        if error.response["Error"]["Code"] == "BucketNotEmpty":
            return False
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
    return True
