"""The pipeline's own ports over the AWS in memory: fast, without botocore, the same rules and the same errors.

What `chalicelib/aws/` translates from the wire is translated here from the services' own errors; what it lets pass
(throttling of SQS, a lost answer of its own) passes here too.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from chalicelib.errors import (
    AlreadyExists,
    Ambiguous,
    Blocked,
    Changed,
    Declined,
    ModelError,
    ModelGone,
    RequestInvalid,
    Unavailable,
    Unreachable,
    Unsendable,
)
from chalicelib.ports import Json, Place, Stored, WireMessage
from tests.fakes.aws import InMemoryAws
from tests.fakes.errors import AwsError, LostAnswer
from tests.fakes.s3 import truncated
from tests.fakes.sqs_limits import check_message
from tests.fakes.world import ObjectVersion

CONFLICTS = 3


class MemoryStore:
    """ObjectStore. A create answered by 409 is sent again, a replace answered by 409 has Changed, as in aws/store."""

    def __init__(self, aws: InMemoryAws) -> None:
        self.aws = aws

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        def put(aws: InMemoryAws) -> ObjectVersion:
            return aws.s3.put(
                place.bucket, place.key, body, content_type, metadata, if_none_match="*", lineage=aws.lineage
            )

        for _ in range(CONFLICTS):
            try:
                return self._done("create", place, put).etag
            except AwsError as error:
                if error.status == 412:
                    raise AlreadyExists(place.key) from None
                if error.status != 409:
                    raise
        raise Changed(place.key)

    def replace(self, place: Place, body: bytes, content_type: str, etag: str) -> str:
        def put(aws: InMemoryAws) -> ObjectVersion:
            return aws.s3.put(place.bucket, place.key, body, content_type, if_match=etag, lineage=aws.lineage)

        try:
            return self._done("replace", place, put).etag
        except AwsError as error:
            if error.status in (409, 412) or error.code == "NoSuchKey":
                raise Changed(place.key) from None
            raise

    def read(
        self, place: Place, *, version: str | None = None, etag: str | None = None, most: int | None = None
    ) -> Stored | None:
        def get(aws: InMemoryAws) -> ObjectVersion:
            return aws.s3.get(place.bucket, place.key, version=version, if_match=etag)

        try:
            found = truncated(self._done("read", place, get))
        except AwsError as error:
            if error.code in ("NoSuchKey", "NoSuchVersion"):
                return None
            if error.status == 412:
                raise Changed(place.key) from None
            raise
        modified = datetime.fromtimestamp(found.modified, UTC)
        return Stored(found.body[:most], found.etag, modified, dict(found.metadata))

    def _done(self, operation: str, place: Place, deed: Callable[[InMemoryAws], ObjectVersion]) -> ObjectVersion:
        try:
            done: ObjectVersion = self.aws.carry_out("s3", operation, f"{place.bucket}/{place.key}", deed)
        except LostAnswer as error:
            raise Unavailable(str(error)) from None
        except AwsError as error:
            if error.status >= 500:
                raise Unavailable(str(error)) from None
            if error.status in (409, 412) or error.code in ("NoSuchKey", "NoSuchVersion"):
                raise
            absent = error.code in ("NoSuchBucket", "InvalidBucketName")
            raise Unreachable(place.bucket, f"{error.code}: {error.words}", for_good=absent) from None
        return done


class MemoryQueue:
    """Queue. What SQS refuses is Unsendable, before anything leaves."""

    def __init__(self, aws: InMemoryAws, name: str) -> None:
        self.aws = aws
        self.name = name

    def send(self, message: WireMessage, delay_seconds: int = 0) -> None:
        attributes = tuple(message.attributes.items())
        try:
            check_message(message.body, attributes, delay_seconds, message.group)
        except AwsError as error:
            raise Unsendable(str(error)) from None

        queue = self.name

        def send(aws: InMemoryAws) -> None:
            aws.sqs.send(queue, message.body, attributes, delay_seconds, aws.lineage, message.group)

        self.aws.carry_out("sqs", "send", queue, send)


class MemoryModels:
    """ModelCaller: Bedrock's errors as the pipeline's."""

    def __init__(self, aws: InMemoryAws) -> None:
        self.aws = aws

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> bytes:
        def call(aws: InMemoryAws) -> bytes:
            return aws.bedrock.invoke(model_id, body, aws.caller_id)

        try:
            answer: bytes = self.aws.carry_out("bedrock", "invoke", model_id, call)
        except (AwsError, LostAnswer) as error:
            raise translated(f"{region}/{model_id}", error) from None
        return answer

    def converse(self, region: str, model_id: str, request: Json, timeout: float) -> Json:
        def call(aws: InMemoryAws) -> Json:
            return aws.bedrock.converse(request, aws.caller_id)

        try:
            answer: Json = self.aws.carry_out("bedrock", "converse", model_id, call)
        except (AwsError, LostAnswer) as error:
            raise translated(f"{region}/{model_id}", error) from None
        return answer


def translated(model: str, error: AwsError | LostAnswer) -> ModelError:
    """What each error of a model means."""
    if isinstance(error, LostAnswer) or error.status in (408, 424, 500):
        return Ambiguous(model, str(error))
    if error.status in (429, 503) or error.code == "ServiceQuotaExceededException":
        return Declined(model, str(error))
    if error.status in (403, 404):
        return ModelGone(model, error.words)
    if "content filters" in error.words:
        return Blocked(model, error.words, "prompt")
    return RequestInvalid(model, error.words)
