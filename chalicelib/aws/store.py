"""S3 with only conditional writes, its answers translated into ours.

A 403 is never "absent": the role may list the outbox bucket, so a missing key is a 404 (AWS documentation of
GetObject, 2026-11). Must not know what is stored.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.errors import AlreadyExists, Changed, Unreachable
from chalicelib.ports import Place, Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The bucket is not there or not ours, or the object is archived or under a key of somebody else's (SSE-C).
_OUT_OF_REACH = (
    "NoSuchBucket",
    "InvalidBucketName",
    "AccessDenied",
    "PermanentRedirect",
    "AllAccessDisabled",
    "InvalidObjectState",
    "InvalidRequest",
)
CONFLICTS = 3  # how often a create answered by 409 ConditionalRequestConflict is sent again


class S3Store:
    """ports.ObjectStore over one client."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        """See ports. A 409 says that another write is under way, not that it succeeds: create again."""
        for _ in range(CONFLICTS):
            try:
                return self._put(place, body, content_type, metadata or {}, IfNoneMatch="*")
            except ClientError as error:
                if _status(error) == 412:
                    raise AlreadyExists(place.key) from None
                if _status(error) != 409:
                    raise _translated(place, error) from error
        raise Changed(place.key)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        """See ports. A 409 counts as a change: whoever reads next sees what it came to."""
        try:
            return self._put(place, body, content_type, {}, IfMatch=etag)
        except ClientError as error:
            if _status(error) in (404, 409, 412) and _code(error) != "NoSuchBucket":
                raise Changed(place.key) from None
            raise _translated(place, error) from error

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        """See ports."""
        wanted: dict[str, Any] = {"VersionId": version} if version else {}
        if etag:
            wanted["IfMatch"] = etag
        try:
            reply = self._client.get_object(Bucket=place.bucket, Key=place.key, **wanted)
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "NoSuchVersion"):
                return None
            if _status(error) == 412:
                raise Changed(place.key) from None
            raise _translated(place, error) from error
        body = reply["Body"].read(most) if most else reply["Body"].read()
        reply["Body"].close()
        return Stored(body, reply["ETag"], reply["LastModified"], reply.get("Metadata", {}))

    def _put(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str], **condition: Any) -> str:
        reply = self._client.put_object(
            Bucket=place.bucket,
            Key=place.key,
            Body=body,
            ContentType=content_type,
            Metadata=dict(metadata),
            **condition,
        )
        return reply["ETag"]


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _translated(place: Place, error: ClientError) -> Exception:
    """Only what says that trying again is no use; the rest stays what it is and is raised."""
    if _code(error) in _OUT_OF_REACH or _code(error).startswith("KMS."):
        return Unreachable(place.bucket, f"{_code(error)}: {error.response['Error'].get('Message', '')}")
    return error
