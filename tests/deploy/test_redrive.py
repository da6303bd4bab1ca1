"""A dead letter sent again is a new job that goes on where the old one died."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from chalicelib.deploy.redrive import CannotRedrive, Route, redrive
from tests.pipeline.bench import Bench, Models, asks_for

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2}


@pytest.fixture
def route() -> Iterator[Route]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    s3, sqs = (session.client(name, endpoint_url=f"http://{host}:{port}") for name in ("s3", "sqs"))
    s3.create_bucket(Bucket="retake-outbox")
    yield Route(s3, sqs, "retake-outbox", sqs.create_queue(QueueName="work")["QueueUrl"])
    s3.close()
    sqs.close()
    server.stop()


def died_while_it_was_checked() -> Bench:
    """A job whose check fails in a way nobody foresaw."""

    def answer(model: str, request: object) -> object:
        return ArithmeticError("a bug of our own")

    bench = Bench(Models(on_converse=answer))
    bench.inject(CAT, job=("String", "cats"), attempt=("Number", "1"), feedback=("String", '["no cat"]'))
    bench.settle()
    return bench


def test_a_message_that_cannot_be_processed_is_kept_as_it_was_and_the_job_fails_with_a_pointer():
    bench = died_while_it_was_checked()
    letter = bench.document("dead-letters/cats-000-001.json")
    assert json.loads(letter["body"]) == CAT
    assert letter["attributes"] == {
        "job": {"DataType": "String", "StringValue": "cats"},
        "attempt": {"DataType": "Number", "StringValue": "1"},
        "feedback": {"DataType": "String", "StringValue": '["no cat"]'},
    }
    assert (bench.result["status"], len(bench.failures), len(bench.models.invoked)) == ("FAIL", 5, 1)
    assert "kept under dead-letters/" in bench.result["error"]
    assert bench.result["best"]["image"].endswith("/000-001.png")


def test_a_letter_sent_again_goes_on_under_a_new_name(route: Route):
    bench = died_while_it_was_checked()
    (key,) = [key for key in bench.outbox() if "/dead-letters/" in key]
    route.s3.put_object(Bucket=route.bucket, Key=key, Body=bench.aws.s3.get("retake-outbox", key).body)
    (name,) = redrive(route, "generated-images", "cats", "0badcafe")
    assert name == "cats.again-0badcafe0"
    (sent,) = route.sqs.receive_message(QueueUrl=route.queue_url, MessageAttributeNames=["All"])["Messages"]
    attributes = {each: (value["DataType"], value["StringValue"]) for each, value in sent["MessageAttributes"].items()}
    bench.models.on_converse = Models().on_converse
    bench.inject(sent["Body"], **attributes)
    bench.settle()
    again = bench.document(f"{name}/result.json")
    assert (again["status"], again["revision"], again["attempt"]) == ("SUCCESS", 0, 1)
    assert bench.document("/cats/result.json")["status"] == "FAIL"
    assert asks_for(bench.models.conversed[-1][1]) == "verify"


def test_a_job_without_a_letter_is_told_where_to_look(route: Route):
    with pytest.raises(CannotRedrive, match="aws s3 ls s3://retake-outbox/generated-images/dead-letters/"):
        redrive(route, "generated-images", "dogs", "0")
