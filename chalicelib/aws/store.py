"""S3 with only conditional writes, its answers translated into ours.

A 403 is never "absent": the role may list the outbox bucket, so a missing key is a 404 (AWS documentation of
GetObject, 2026-11). Must not know what is stored.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointResolutionError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
)
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from chalicelib.errors import AlreadyExists, Changed, StoreError, Unavailable, Unreachable
from chalicelib.ports import Place, Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

# A 4xx says that this bucket or object cannot be had as asked, and no second try will change it: not there, not ours,
# archived, under a key of somebody else's. These are the exceptions, which are about the moment or about ourselves, and
# go by when tried again (AWS documentation of S3's error responses, and botocore's list of throttling codes, 2026-11).
_PASSING_STATUSES = frozenset({408, 409, 412, 416, 429})
_PASSING_CODES = frozenset(
    {
        # another object or version than asked for, which is an answer and not a refusal
        "NoSuchKey",
        "NoSuchVersion",
        # our credentials ran out or are not known everywhere yet, or our clock is wrong: no bucket is at fault
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidToken",
        "TokenRefreshRequired",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        # too much at once
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        # the request was cut short or damaged on its way, or S3 is in trouble
        "RequestTimeout",
        "RequestTimeoutException",
        "IncompleteBody",
        "BadDigest",
        "XAmzContentSHA256Mismatch",
        "InternalError",
    }
)
# There is no such bucket, or it is elsewhere: nothing can have been kept there.
_FOR_GOOD = frozenset({"NoSuchBucket", "InvalidBucketName", "PermanentRedirect", "AllAccessDisabled"})
# No connection, or one that broke; botocore has no one class for both, and lets urllib3's own through while a body is
# read (botocore 1.44, 2026-11).
_NO_ANSWER = (NotConnected, HTTPClientError, IncompleteReadError, ResponseParserError, HTTPError)
_NO_WORD_OF_S3 = (BotoCoreError, ResponseParserError, HTTPError)
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
            except _NO_WORD_OF_S3 as error:
                raise _unsent(place, error) from error
        raise Changed(place.key)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        """See ports. A 409 counts as a change: whoever reads next sees what it came to."""
        try:
            return self._put(place, body, content_type, {}, IfMatch=etag)
        except ClientError as error:
            if _status(error) in (404, 409, 412) and _code(error) != "NoSuchBucket":
                raise Changed(place.key) from None
            raise _translated(place, error) from error
        except _NO_WORD_OF_S3 as error:
            raise _unsent(place, error) from error

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        """See ports. What the connection cut short is Unavailable: half an object is none."""
        wanted: dict[str, Any] = {"VersionId": version} if version else {}
        if etag:
            wanted["IfMatch"] = etag
        try:
            reply = self._client.get_object(Bucket=place.bucket, Key=place.key, **wanted)
            body = _all_of(reply, most)
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "NoSuchVersion"):
                return None
            if _status(error) == 412:
                raise Changed(place.key) from None
            raise _translated(place, error) from error
        except _NO_WORD_OF_S3 as error:
            raise _unsent(place, error) from error
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


def _all_of(reply: "GetObjectOutputTypeDef", most: int | None) -> bytes:
    """The object, or its first `most` bytes. Raises IncompleteReadError."""
    body = reply["Body"].read(most)
    reply["Body"].close()
    expected = reply["ContentLength"] if most is None else min(most, reply["ContentLength"])
    if len(body) < expected:  # botocore counts only what is read to its end (1.44, 2026-11)
        raise IncompleteReadError(actual_bytes=len(body), expected_bytes=expected)
    return body


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _translated(place: Place, error: ClientError) -> StoreError:
    """What S3's answer means: that it is no use to ask for this, or that it may be later."""
    code, status = _code(error), _status(error)
    words = f"{code}: {error.response['Error'].get('Message', '')}"
    passing = status in _PASSING_STATUSES or code.removeprefix("KMS.") in _PASSING_CODES
    if code == "PermanentRedirect" or (400 <= status < 500 and not passing):
        return Unreachable(place.bucket, words, for_good=code in _FOR_GOOD)
    return Unavailable(f"{place.bucket}/{place.key}: {words}")


def _unsent(place: Place, error: Exception) -> Exception:
    """A name for which botocore knows no address, or a connection's trouble; a slip of our own stays what it is."""
    named = isinstance(error, ParamValidationError) and "Invalid bucket name" in str(error)
    if named or isinstance(error, EndpointResolutionError):
        return Unreachable(place.bucket, str(error), for_good=True)
    if isinstance(error, _NO_ANSWER):
        return Unavailable(f"{place.bucket}/{place.key}: {error}")
    return error
