"""The engine: the buckets and queues of a deployment, moto's races shut out, and who is told of written objects."""

import json
import socket
import threading
import time
from collections import Counter
from typing import Any

import boto3
import pytest

from chalicelib.local.engine import Engine, PortTaken
from chalicelib.local.names import HANDLERS_KEY, Names, local_environment
from chalicelib.ports import Place


def test_queues_and_buckets_are_those_of_a_deployment() -> None:
    names = Names("the-inbox", "the-outbox", "work", "dead")
    with Engine(names) as engine:
        work = engine.queue_url("work")
        attributes = engine.sqs.get_queue_attributes(QueueUrl=work, AttributeNames=["All"])["Attributes"]
        buckets = {one["Name"] for one in engine.s3.list_buckets()["Buckets"]}
        versioning = engine.s3.get_bucket_versioning(Bucket="the-inbox")
    redrive = json.loads(attributes["RedrivePolicy"])
    assert attributes["VisibilityTimeout"] == str(6 * 300)
    assert redrive["deadLetterTargetArn"].endswith(":dead")
    assert int(redrive["maxReceiveCount"]) == 5
    assert buckets == {"the-inbox", "the-outbox"}
    assert versioning["Status"] == "Enabled"


def test_inbox_and_outbox_may_be_one_bucket() -> None:
    with Engine(Names("one", "one")) as engine:
        assert [one["Name"] for one in engine.s3.list_buckets()["Buckets"]] == ["one"]


def test_a_new_engine_knows_nothing_of_a_former_one() -> None:
    with Engine() as engine:
        engine.s3.create_bucket(Bucket="left-behind")
    with Engine() as engine:
        assert "left-behind" not in [one["Name"] for one in engine.s3.list_buckets()["Buckets"]]


def test_it_listens_on_this_machine_only_and_a_taken_port_is_an_error() -> None:
    with Engine() as engine:
        assert engine.url.startswith("http://127.0.0.1:")
        second = Engine(port=int(engine.url.rsplit(":", 1)[1]))
        with pytest.raises(PortTaken, match="in use; name another with --port"), second:
            pytest.fail("two of them are up")
        assert len(engine.s3.list_buckets()["Buckets"]) == 2


def test_the_port_is_free_again_after_a_stop() -> None:
    with Engine() as engine:
        port = int(engine.url.rsplit(":", 1)[1])
        engine.s3.list_buckets()
    with socket.create_server(("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port


def test_messages_sent_while_others_are_received_and_deleted_are_neither_lost_nor_doubled(engine: Engine) -> None:
    url, total = engine.queue_url(engine.names.queue), 120
    received: list[str] = []

    def send(first: int) -> None:
        for number in range(first, total, 2):
            engine.sqs.send_message(QueueUrl=url, MessageBody=str(number))

    def receive() -> None:
        while len(received) < total and time.monotonic() < deadline:
            answer: Any = engine.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, VisibilityTimeout=60)
            for message in answer.get("Messages", []):
                received.append(message["Body"])
                engine.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if len(received) == total:
                engine.release_polls()

    deadline = time.monotonic() + 20
    threads = [threading.Thread(target=send, args=(first,)) for first in range(2)]
    threads += [threading.Thread(target=receive) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(received) == Counter(str(number) for number in range(total))


def test_a_long_poll_ends_with_the_message_it_waited_for(engine: Engine) -> None:
    url = engine.queue_url(engine.names.queue)
    sending = threading.Timer(0.2, lambda: engine.sqs.send_message(QueueUrl=url, MessageBody="at last"))
    sending.start()
    began = time.monotonic()
    answer = engine.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)
    assert [message["Body"] for message in answer["Messages"]] == ["at last"]
    assert 0.2 <= time.monotonic() - began < 5
    sending.join()


def test_a_long_poll_without_a_message_ends_in_time(engine: Engine) -> None:
    began = time.monotonic()
    answer = engine.sqs.receive_message(QueueUrl=engine.queue_url(engine.names.queue), WaitTimeSeconds=1)
    assert "Messages" not in answer
    assert 1 <= time.monotonic() - began < 3


def test_whoever_asked_is_told_of_every_object_written_whole() -> None:
    written: list[Place] = []
    with Engine(written=written.append) as engine:
        bucket = engine.names.outbox
        written.clear()
        engine.s3.put_object(Bucket=bucket, Key="a/夜 +1.png", Body=b"1", IfNoneMatch="*")
        engine.s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/a/夜 +1.png")
        with pytest.raises(engine.s3.exceptions.ClientError, match="PreconditionFailed"):
            engine.s3.put_object(Bucket=bucket, Key="copy", Body=b"2", IfNoneMatch="*")
        engine.s3.put_object_tagging(Bucket=bucket, Key="copy", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        part = engine.s3.create_multipart_upload(Bucket=bucket, Key="big")
        identity: Any = {"Bucket": bucket, "Key": "big", "UploadId": part["UploadId"]}
        tag = engine.s3.upload_part(**identity, PartNumber=1, Body=b"3")["ETag"]
        assert Place(bucket, "big") not in written
        engine.s3.complete_multipart_upload(**identity, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
        engine.s3.get_object(Bucket=bucket, Key="copy")["Body"].read()
        engine.s3.delete_object(Bucket=bucket, Key="copy")
    assert written == [Place(bucket, "a/夜 +1.png"), Place(bucket, "copy"), Place(bucket, "big")]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_an_output_bucket_is_made_when_the_handlers_ask_for_it_and_a_users_slip_makes_none(region: str) -> None:
    with Engine(Names(region=region)) as engine:
        users, handlers = (_client(engine, key) for key in ("local", HANDLERS_KEY))
        with pytest.raises(users.exceptions.NoSuchBucket):
            users.put_object(Bucket="retake-imbox", Key="inbox/a.json", Body=b"{}")
        with pytest.raises(handlers.exceptions.NoSuchKey):
            handlers.get_object(Bucket="read-first", Key="000-000.json")
        for body in (b"1", b"2"):
            handlers.put_object(Bucket="written.first", Key="000-000.json", Body=body)
        made = {one["Name"] for one in engine.s3.list_buckets()["Buckets"]} - {engine.names.inbox, engine.names.outbox}
        assert made == {"read-first", "written.first"}
        assert users.get_object(Bucket="written.first", Key="000-000.json")["Body"].read() == b"2"


def _client(engine: Engine, key: str) -> Any:
    region = engine.names.region
    return boto3.client("s3", region, endpoint_url=engine.url, aws_access_key_id=key, aws_secret_access_key="local")


def test_the_product_finds_only_this_machine_in_its_environment() -> None:
    users = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_BEDROCK": "https://elsewhere",
        "MAX_ATTEMPTS": "7",
        "NO_PROXY": "example.org",
        "OUTPUT_BUCKETS": "one",
    }
    environment = local_environment(
        users, Names(), "http://127.0.0.1:1", {"AWS_ENDPOINT_URL_BEDROCK": "http://127.0.0.1:2"}
    )
    assert {name: value for name, value in environment.items() if name.startswith("AWS_ENDPOINT_URL")} == {
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_BEDROCK": "http://127.0.0.1:2",
    }
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & environment.keys()
    assert (environment["MAX_ATTEMPTS"], environment["OUTPUT_BUCKETS"]) == ("7", "*")
    assert environment["NO_PROXY"] == environment["no_proxy"] == "127.0.0.1,example.org"


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, Names()),
        ({"INBOX_BUCKET": "drop"}, Names(inbox="drop")),
        ({"QUEUE_NAME": "", "DEAD_LETTER_QUEUE_NAME": "dead"}, Names(dead_letter_queue="dead")),
        (Names("a", "b", "c", "d").environment(), Names("a", "b", "c", "d")),
    ],
)
def test_names_come_from_the_stages_settings(environment: dict[str, str], names: Names) -> None:
    assert Names.from_environment(environment) == names
