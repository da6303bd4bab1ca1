"""Buckets and their notifications: looked up, disconnected, deleted when empty."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from chalicelib.deploy.cloud.clients import passing
from chalicelib.deploy.found import VERSIONS, Bucket, BucketProperties, Notification

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


NOT_SET = {
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "NoSuchLifecycleConfiguration",
    "NoSuchBucketPolicy",
}


def properties(s3: "S3Client", name: str, account: str) -> BucketProperties:
    """What this bucket lacks of what a deployment promises of its own."""
    of: dict[str, Any] = {"Bucket": name, "ExpectedBucketOwner": account}
    block = _set(lambda: s3.get_public_access_block(**of)["PublicAccessBlockConfiguration"])
    owners = _set(lambda: s3.get_bucket_ownership_controls(**of)["OwnershipControls"])
    rules = _set(lambda: s3.get_bucket_lifecycle_configuration(**of)).get("Rules", [])
    policy = _set(lambda: s3.get_bucket_policy(**of)).get("Policy", "")
    encrypted_with = encryption(s3, name, account)
    has = {
        VERSIONS: s3.get_bucket_versioning(**of).get("Status") == "Enabled",
        "encryption": encrypted_with != "",
        "block on public access": len(block) == 4 and all(block.values()),
        "owner of all objects": {"ObjectOwnership": "BucketOwnerEnforced"} in owners.get("Rules", []),
        "end of old versions": any("NoncurrentVersionExpiration" in rule for rule in rules),
        "refusal of plain HTTP": "aws:SecureTransport" in policy,
    }
    return BucketProperties(tuple(promised for promised, there in has.items() if not there), encrypted_with)


def encryption(s3: "S3Client", name: str, account: str) -> str:
    """A bucket's own default: AES256, or its KMS key as it was named there; empty where nothing is set."""
    there = _set(lambda: s3.get_bucket_encryption(Bucket=name, ExpectedBucketOwner=account))
    for rule in there.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        return str(default.get("KMSMasterKeyID") or default.get("SSEAlgorithm", ""))
    return ""


def _set(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The answer, or nothing where S3 says that this was never set."""
    with passing(*NOT_SET):
        return ask()
    return {}


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


def delete_if_empty(s3: "S3Client", bucket: str, account: str) -> None:
    """Delete a bucket, unless something came into it meanwhile, or it is gone already."""
    with passing("BucketNotEmpty", "NoSuchBucket"):
        s3.delete_bucket(Bucket=bucket, ExpectedBucketOwner=account)
