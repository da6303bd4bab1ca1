"""The AWS in memory keeps AWS's rules: one test body over it and over the local engine (moto, by real HTTP).

Where moto is known to be laxer than AWS, the strict answer is asked of the memory alone; the reason stands beside it.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.fakes.aws import InMemoryAws
from tests.fakes.sessions import client
from tests.fakes.wire import ONE_SEND, Wire
from tests.moto_server import moto_server

NUMBERS = count(100)


@dataclass
class Backend:
    """Two clients and a way to let time pass."""

    s3: Any
    sqs: Any
    wait: Callable[[float], None]


def in_memory() -> Backend:
    wire = Wire(InMemoryAws())

    def wait(seconds: float) -> None:
        wire.aws.world.now += seconds

    return Backend(wire.client("s3"), wire.client("sqs"), wait)


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with moto_server() as address:
        yield address


@pytest.fixture(params=["memory", "moto"])
def backend(request: pytest.FixtureRequest, engine: str) -> Backend:
    if request.param == "memory":
        return in_memory()
    path_style = ONE_SEND.merge(Config(s3={"addressing_style": "path"}))
    s3 = client("s3", engine, config=path_style)
    return Backend(s3, client("sqs", engine, config=ONE_SEND), time.sleep)


@pytest.fixture
def bucket(backend: Backend) -> str:
    name = f"bucket-{next(NUMBERS)}"
    backend.s3.create_bucket(Bucket=name)
    return name


def create_queues(backend: Backend, name: str, **settings: str) -> str:
    return str(backend.sqs.create_queue(QueueName=name, Attributes=settings)["QueueUrl"])


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, int]:
    """The error code and status that a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_an_object_comes_back_as_it_was_put(backend: Backend, bucket: str) -> None:
    put = backend.s3.put_object(
        Bucket=bucket, Key="a b+é.json", Body=b"{}", ContentType="application/json", Metadata={"Seed": "7"}
    )
    got = backend.s3.get_object(Bucket=bucket, Key="a b+é.json")
    assert got["Body"].read() == b"{}"
    assert got["ContentType"] == "application/json"
    assert got["Metadata"] == {"seed": "7"}
    assert got["ETag"] == put["ETag"] == '"99914b932bd37a50b983c5e7c90ae93b"'


def test_a_key_is_created_only_once(backend: Backend, bucket: str) -> None:
    backend.s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")
    again = refusal(backend.s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert again == ("PreconditionFailed", 412)
    assert backend.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_an_object_is_replaced_only_by_who_knows_its_etag(backend: Backend, bucket: str) -> None:
    etag = backend.s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    backend.s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    late = refusal(backend.s3.put_object, Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)
    assert late == ("PreconditionFailed", 412)
    assert backend.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


def test_what_is_not_there_cannot_be_replaced(backend: Backend, bucket: str) -> None:
    assert refusal(backend.s3.put_object, Bucket=bucket, Key="k", Body=b"", IfMatch='"0"') == ("NoSuchKey", 404)


def test_a_missing_key_and_a_missing_bucket_are_told_apart(backend: Backend, bucket: str) -> None:
    assert refusal(backend.s3.get_object, Bucket=bucket, Key="k") == ("NoSuchKey", 404)
    assert refusal(backend.s3.get_object, Bucket="no-such-bucket-here", Key="k") == ("NoSuchBucket", 404)


def test_a_read_can_insist_on_an_etag(backend: Backend, bucket: str) -> None:
    etag = backend.s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    assert backend.s3.get_object(Bucket=bucket, Key="k", IfMatch=etag)["Body"].read() == b"1"
    backend.s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert refusal(backend.s3.get_object, Bucket=bucket, Key="k", IfMatch=etag) == ("PreconditionFailed", 412)


def test_a_range_of_an_object_is_cut_to_what_there_is(backend: Backend, bucket: str) -> None:
    backend.s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    assert backend.s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-3")["Body"].read() == b"0123"
    assert backend.s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-99")["Body"].read() == b"0123456789"
    backend.s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert refusal(backend.s3.get_object, Bucket=bucket, Key="empty", Range="bytes=0-3")[1] == 416


def test_a_key_has_at_most_1024_bytes() -> None:
    """AWS documentation of object keys, 2026-11; moto 5.2.5 let 1,026 pass by HTTP (tried)."""
    aws = InMemoryAws()
    aws.s3.create_bucket("bucket")
    s3 = Wire(aws).client("s3")
    s3.put_object(Bucket="bucket", Key="é" * 512, Body=b"")
    assert refusal(s3.put_object, Bucket="bucket", Key="é" * 513, Body=b"") == ("KeyTooLongError", 400)


def test_a_message_comes_back_as_it_was_sent(backend: Backend) -> None:
    url = create_queues(backend, "plain")
    attributes = {"job": {"DataType": "String", "StringValue": "a"}, "n": {"DataType": "Number", "StringValue": "3"}}
    sent = backend.sqs.send_message(QueueUrl=url, MessageBody="é\n", MessageAttributes=attributes)
    [got] = backend.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], AttributeNames=["All"])["Messages"]
    assert got["Body"] == "é\n"
    assert got["MessageId"] == sent["MessageId"]
    assert {name: value["StringValue"] for name, value in got["MessageAttributes"].items()} == {"job": "a", "n": "3"}
    assert sent["MD5OfMessageAttributes"] == "45d0016a48138d859b0400921c8814f7"
    assert got["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_message_in_flight_is_out_of_sight_until_its_time_is_up(backend: Backend) -> None:
    url = create_queues(backend, "visibility", VisibilityTimeout="1")
    backend.sqs.send_message(QueueUrl=url, MessageBody="x")
    [first] = backend.sqs.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in backend.sqs.receive_message(QueueUrl=url)
    backend.wait(1.1)
    [second] = backend.sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    assert second["MessageId"] == first["MessageId"]
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    backend.sqs.delete_message(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
    backend.wait(1.1)
    assert "Messages" not in backend.sqs.receive_message(QueueUrl=url)


def test_a_delayed_message_arrives_late_and_no_delay_passes_900_seconds(backend: Backend) -> None:
    url = create_queues(backend, "delays")
    backend.sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=1)
    assert "Messages" not in backend.sqs.receive_message(QueueUrl=url)
    backend.wait(1.1)
    assert len(backend.sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    too_long = refusal(backend.sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=901)
    assert too_long[1] == 400


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(backend: Backend) -> None:
    dead = create_queues(backend, "dead")
    arn = backend.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 2}}'
    url = create_queues(backend, "redriven", VisibilityTimeout="0", RedrivePolicy=policy)
    sent = backend.sqs.send_message(QueueUrl=url, MessageBody="x")
    for _ in range(3):
        received = backend.sqs.receive_message(QueueUrl=url, AttributeNames=["All"])
        backend.wait(0.01)
    assert "Messages" not in received
    [letter] = backend.sqs.receive_message(QueueUrl=dead)["Messages"]
    assert (letter["MessageId"], letter["Body"]) == (sent["MessageId"], "x")


def test_a_queue_that_is_not_there_is_told(backend: Backend) -> None:
    code, status = refusal(backend.sqs.get_queue_url, QueueName="no-such-queue")
    assert (code, status) == ("AWS.SimpleQueueService.NonExistentQueue", 400) or code == "QueueDoesNotExist"


def text(value: str, kind: str = "String") -> dict[str, str]:
    return {"DataType": kind, "StringValue": value}


REFUSED_BY_SQS = [
    # moto 5.2.5 takes every one of these but the first and the last (tried, 2026-11); AWS none.
    ("more than 1 MiB", "x" * 1_048_577, {}),
    ("eleven attributes", "x", {f"a{number}": text("1") for number in range(11)}),
    ("an empty value", "x", {"a": text("")}),
    ("a control character in the body", "x\x00", {}),
    ("a control character in a value", "x", {"a": text("\x1f")}),
    ("a character beyond the last allowed", "x\uffff", {}),
    ("a Number that is none", "x", {"a": text("abc", "Number")}),
    ("a Number of 39 digits", "x", {"a": text("1" * 39, "Number")}),
    ("a Number too large", "x", {"a": text("1e127", "Number")}),
    ("a name that begins with AWS.", "x", {"AWS.a": text("1")}),
    ("a name that begins with amazon.", "x", {"amazon.a": text("1")}),
    ("two periods in a row", "x", {"a..b": text("1")}),
    ("a period at the end", "x", {"a.": text("1")}),
    ("a space in a name", "x", {"a b": text("1")}),
    ("a type that is none", "x", {"a": text("1", "Integer")}),
]


@pytest.mark.parametrize(("what", "body", "attributes"), REFUSED_BY_SQS, ids=[row[0] for row in REFUSED_BY_SQS])
def test_sqs_in_memory_refuses(what: str, body: str, attributes: dict[str, Any]) -> None:
    backend = in_memory()
    url = create_queues(backend, "strict")
    answer = refusal(backend.sqs.send_message, QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    assert answer[1] == 400, what
    assert "Messages" not in backend.sqs.receive_message(QueueUrl=url)


@pytest.mark.parametrize(
    ("sent", "received"),
    [("007", "7"), ("1.500", "1.5"), ("0.0", "0"), ("-0010.10", "-10.1"), ("100", "100"), ("1e3", "1000")],
)
def test_sqs_in_memory_trims_zeros_of_a_number(sent: str, received: str) -> None:
    """AWS does (documentation of message attributes, 2026-11); moto gives them back as they were."""
    backend = in_memory()
    url = create_queues(backend, "numbers")
    backend.sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes={"n": text(sent, "Number")})
    [got] = backend.sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert got["MessageAttributes"]["n"]["StringValue"] == received


def test_a_missing_key_is_hidden_from_one_who_may_not_list() -> None:
    """AWS documentation of GetObject, 2026-11; moto knows no permissions here."""
    aws = InMemoryAws()
    aws.s3.create_bucket("closed-bucket", listable=False)
    assert refusal(Wire(aws).client("s3").get_object, Bucket="closed-bucket", Key="k") == ("AccessDenied", 403)
