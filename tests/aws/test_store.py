"""S3 as the pipeline sees it, through real clients: conditions, conflicts and what may not be taken for absence."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError

from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.errors import AlreadyExists, Changed, Unavailable, Unreachable, Unsendable
from chalicelib.ports import Place, WireMessage
from tests.fakes.aws import Effect, InMemoryAws
from tests.fakes.errors import AwsError
from tests.fakes.wire import Wire

PLACE = Place("outbox", "a b/é.json")


class Trouble:
    """Answers the first requests with errors, then lets them through."""

    def __init__(self, *errors: AwsError) -> None:
        self.errors = list(errors)
        self.sent = 0

    def __call__(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        self.sent += 1
        if self.errors:
            raise self.errors.pop(0)
        return perform()


def store(*errors: AwsError) -> tuple[S3Store, Trouble, InMemoryAws]:
    trouble = Trouble(*errors)
    aws = InMemoryAws(around=trouble)
    aws.s3.create_bucket("outbox")
    return S3Store(Wire(aws).client("s3")), trouble, aws


CONFLICT = AwsError("ConditionalRequestConflict", 409, "The conditional request cannot succeed")
DENIED = AwsError("AccessDenied", 403, "Access Denied")
SLOW = AwsError("SlowDown", 503, "Please reduce your request rate.")


def test_what_is_created_is_read_back_with_its_metadata():
    s3, _, _ = store()
    etag = s3.create(PLACE, b"picture", "image/png", {"seed": "7", "generation": "1"})
    stored = s3.read(PLACE)
    assert stored is not None
    assert (stored.body, stored.etag, stored.metadata) == (b"picture", etag, {"seed": "7", "generation": "1"})


def test_a_second_create_is_refused():
    s3, _, _ = store()
    s3.create(PLACE, b"1", "text/plain")
    with pytest.raises(AlreadyExists):
        s3.create(PLACE, b"2", "text/plain")


def test_only_who_knows_the_version_replaces_it():
    s3, _, _ = store()
    first = s3.create(PLACE, b"1", "text/plain")
    second = s3.replace(PLACE, b"2", "text/plain", first)
    with pytest.raises(Changed):
        s3.replace(PLACE, b"3", "text/plain", first)
    assert s3.replace(PLACE, b"3", "text/plain", second) != second


def test_what_is_gone_cannot_be_replaced():
    with pytest.raises(Changed):
        store()[0].replace(PLACE, b"1", "text/plain", '"0"')


def test_a_create_in_conflict_is_sent_again():
    s3, trouble, _ = store(CONFLICT, CONFLICT)
    assert s3.create(PLACE, b"1", "text/plain")
    assert trouble.sent == 3


def test_a_create_that_stays_in_conflict_is_no_word_that_the_object_is_there():
    s3, _, _ = store(CONFLICT, CONFLICT, CONFLICT)
    with pytest.raises(Changed):
        s3.create(PLACE, b"1", "text/plain")


def test_a_replace_in_conflict_counts_as_a_change():
    s3, trouble, _ = store()
    etag = s3.create(PLACE, b"1", "text/plain")
    trouble.errors.append(CONFLICT)
    with pytest.raises(Changed):
        s3.replace(PLACE, b"2", "text/plain", etag)


def test_only_a_missing_key_is_absence():
    assert store()[0].read(PLACE) is None
    with pytest.raises(Unreachable, match="AccessDenied"):
        store(DENIED)[0].read(PLACE)
    with pytest.raises(Unreachable, match="NoSuchBucket"):
        store()[0].read(Place("elsewhere", "k"))


def test_a_bucket_out_of_reach_is_named():
    s3, _, _ = store()
    with pytest.raises(Unreachable) as unreachable:
        s3.create(Place("elsewhere", "k"), b"", "text/plain")
    assert unreachable.value.bucket == "elsewhere"
    with pytest.raises(Unreachable):
        s3.replace(Place("elsewhere", "k"), b"", "text/plain", '"0"')


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InvalidBucketName", 400),
        ("InvalidObjectState", 403),
        ("InvalidRequest", 400),
        ("KMS.DisabledException", 400),
        ("InvalidAccessPointAliasError", 400),
        ("InvalidArgument", 400),
        ("AuthorizationHeaderMalformed", 400),
        ("AllAccessDisabled", 403),
        ("AccountProblem", 403),
        ("MethodNotAllowed", 405),
        ("PermanentRedirect", 301),
        ("NobodyKnowsYet", 422),
    ],
)
def test_what_no_second_try_will_read_is_out_of_reach(code: str, status: int):
    with pytest.raises(Unreachable, match=code):
        store(AwsError(code, status, "no"))[0].read(PLACE)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ExpiredToken", 400),
        ("InvalidToken", 400),
        ("RequestTimeTooSkewed", 403),
        ("InvalidAccessKeyId", 403),
        ("SignatureDoesNotMatch", 403),
        ("RequestTimeout", 400),
        ("Throttling", 400),
        ("KMS.ThrottlingException", 400),
        ("TooManyRequests", 429),
        ("SomeTimeout", 408),
        ("OperationAborted", 409),
        ("SlowDown", 503),
        ("InternalError", 500),
        ("TemporaryRedirect", 307),
    ],
)
def test_what_goes_by_or_is_our_own_fault_is_no_word_about_the_bucket(code: str, status: int):
    with pytest.raises(Unavailable, match=code):
        store(AwsError(code, status, "later"))[0].read(PLACE)


@pytest.mark.parametrize("bucket", ["pictures--x-s3", "A B", "arn:aws:s3::1:bad", ""])
@pytest.mark.parametrize("call", ["create", "replace", "read"])
def test_a_bucket_that_has_no_address_is_out_of_reach_before_anything_is_sent(call: str, bucket: str):
    s3, trouble, _ = store()
    place = Place(bucket, "k")
    with pytest.raises(Unreachable) as unreachable:
        {
            "create": lambda: s3.create(place, b"", "text/plain"),
            "replace": lambda: s3.replace(place, b"", "text/plain", '"0"'),
            "read": lambda: s3.read(place),
        }[call]()
    assert unreachable.value.bucket == bucket
    assert trouble.sent == 0


def test_a_mistake_of_our_own_in_a_call_is_not_the_buckets():
    with pytest.raises(ParamValidationError):
        store()[0].read(Place("outbox", ""))


@pytest.mark.parametrize("call", ["create", "replace", "read"])
def test_trouble_of_s3_itself_may_pass(call: str):
    s3, _, _ = store(SLOW)
    with pytest.raises(Unavailable, match="SlowDown"):
        {
            "create": lambda: s3.create(PLACE, b"", "text/plain"),
            "replace": lambda: s3.replace(PLACE, b"", "text/plain", '"0"'),
            "read": lambda: s3.read(PLACE),
        }[call]()


def test_a_read_insists_on_the_version_or_etag_it_was_told():
    s3, _, aws = store()
    aws.s3.create_bucket("inbox", versioned=True)
    place = Place("inbox", "inbox/a.json")
    first = aws.s3.put("inbox", place.key, b"1", "application/json")
    aws.s3.put("inbox", place.key, b"2", "application/json")
    with pytest.raises(Changed):
        s3.read(place, etag=first.etag)
    stored = s3.read(place, version=first.version)
    assert stored is not None
    assert stored.body == b"1"
    assert s3.read(place, version="no-such-version-id") is None


def test_a_queue_sends_with_its_delay_and_stops_what_sqs_refuses():
    aws = InMemoryAws()
    aws.sqs.create_queue("work")
    queue = SqsQueue(Wire(aws).client("sqs"), "work")
    queue.send(WireMessage("{}", {"revision": ("Number", "1")}, "a-file"), 30)
    (message,) = aws.world.messages["work"]
    assert message.group == "a-file"
    assert message.visible == aws.world.now + 30
    assert dict(message.attributes) == {"revision": ("Number", "1")}
    with pytest.raises(Unsendable):
        queue.send(WireMessage("", {}))
