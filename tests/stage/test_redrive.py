"""A dead letter sent again is a new job that goes on where the old one died."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib.aws.queue import SqsQueue
from chalicelib.errors import CannotGoOn
from chalicelib.stage.redrive import redrive
from chalicelib.stage.where import Where
from tests.fakes.sessions import client
from tests.job.stage import ENVIRONMENT, stage
from tests.moto_server import moto_server
from tests.pipeline.bench import Bench, Models, asks_for
from tests.warm import start

ROOT = Path(__file__).parent.parent.parent
CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as address:
        yield address


@dataclass(frozen=True)
class Route:
    """Where the dead letters lie and where they are sent."""

    s3: Any
    sqs: Any
    bucket: str
    queue_url: str

    def redrive(self, job: str, prefix: str | None = "generated-images", told: list[str] | None = None) -> list[str]:
        """The names of the new jobs."""
        names = [] if told is None else told
        where = Where("dev", self.s3, stage(), "stand-in", self.bucket)
        work = SqsQueue(self.sqs, ENVIRONMENT["QUEUE_NAME"])
        redrive(where, work, prefix, job, "beef", lambda name, folder: names.append(name))
        return names


@pytest.fixture
def route(moto: str) -> Iterator[Route]:
    """Nothing is there but an empty bucket and an empty queue."""
    urlopen(f"{moto}/moto-api/reset", data=b"").close()
    s3, sqs = (client(name, moto) for name in ("s3", "sqs"))
    s3.create_bucket(Bucket="retake-outbox")
    yield Route(s3, sqs, "retake-outbox", sqs.create_queue(QueueName=ENVIRONMENT["QUEUE_NAME"])["QueueUrl"])
    s3.close()
    sqs.close()


def died_while_it_was_checked() -> Bench:
    """A job whose check fails in a way nobody foresaw."""

    def answer(model: str, request: object) -> object:
        return ArithmeticError("a bug of our own")

    bench = Bench(Models(on_converse=answer))
    bench.inject(CAT, job=("String", "cats"), attempt=("Number", "1"), feedback=("String", '["no cat"]'))
    bench.settle()
    return bench


def test_a_message_that_cannot_be_processed_is_kept_as_the_job_has_it_and_the_job_fails_with_a_pointer():
    bench = died_while_it_was_checked()
    letter = bench.document("dead-letters/cats-000-001.json")
    assert json.loads(letter["body"]) == CAT
    assert letter["attributes"] == {
        "job": {"DataType": "String", "StringValue": "cats"},
        "revision": {"DataType": "Number", "StringValue": "0"},
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
    (name,) = route.redrive("cats")
    assert name == "cats.again-beef0"
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
    with pytest.raises(CannotGoOn, match="no job 'dogs' below generated-images/; `python -m chalicelib list"):
        route.redrive("dogs")
    route.s3.put_object(Bucket=route.bucket, Key="generated-images/cats/result.json", Body=b"{}")
    with pytest.raises(CannotGoOn, match="cats has no dead letter in s3://retake-outbox"):
        route.redrive("cats")


def test_a_jobs_letters_are_found_wherever_they_lie_and_two_jobs_of_one_name_are_told_apart(route: Route):
    letter = json.dumps({"body": json.dumps({"prompt": "a cat"}), "attributes": {}, "error": "a bug"}).encode()
    route.s3.put_object(Bucket=route.bucket, Key="far/away/dead-letters/cats-000-000.json", Body=letter)
    assert route.redrive("cats", None) == ["cats.again-beef0"]
    route.s3.put_object(Bucket=route.bucket, Key="near/dead-letters/cats-000-000.json", Body=letter)
    with pytest.raises(CannotGoOn, match="far/away/dead-letters/cats, near/dead-letters/cats; say which with --prefix"):
        route.redrive("cats", None)


def keep(route: Route, name: str, prompt: str = "a cat") -> None:
    letter = {"body": json.dumps({"prompt": prompt}), "attributes": {}, "error": "a bug of our own"}
    keep_bytes(route, name, json.dumps(letter).encode())


def keep_bytes(route: Route, name: str, body: bytes) -> None:
    route.s3.put_object(Bucket=route.bucket, Key=f"generated-images/dead-letters/{name}", Body=body)


def waiting(route: Route) -> list[tuple[str, str]]:
    """Job and prompt of every message that was sent."""
    found: list[tuple[str, str]] = []
    while True:
        received: Any = route.sqs.receive_message(
            QueueUrl=route.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        if "Messages" not in received:
            return sorted(found)
        found += [
            (each["MessageAttributes"]["job"]["StringValue"], json.loads(each["Body"])["prompt"])
            for each in received["Messages"]
        ]


@pytest.mark.parametrize(
    ("job", "prompts"),
    [
        ("a", ["a", "a again"]),
        ("a-000", ["a-000"]),
        ("a-2", ["a-2"]),
        ("a-000-000", []),
        ("a.b", ["a.b"]),
        ("a-b", ["a-b"]),
    ],
)
def test_a_jobs_letters_are_its_own_however_other_names_begin(route: Route, job: str, prompts: list[str]):
    keep(route, "a-000-001.json", "a")
    keep(route, "a-001-1000.json", "a again")
    keep(route, "a-000-000-000.json", "a-000")
    keep(route, "a-2-000-000.json", "a-2")
    keep(route, "a.b-000-000.json", "a.b")
    keep(route, "a-b-001-000.json", "a-b")
    keep_bytes(route, "a-000-001.json.bak", b"")
    keep_bytes(route, "a-notes.json", b"")
    if prompts:
        names = route.redrive(job)
        assert waiting(route) == list(zip(names, prompts, strict=True))
    else:
        with pytest.raises(CannotGoOn, match="no job"):
            route.redrive(job)


def test_letters_beyond_a_first_page_of_other_jobs_are_found(route: Route, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")  # S3 lists a thousand at a time; they take long to put
    for number in range(5):
        keep_bytes(route, f"a-{number:03}-000-000.json", b"another's")
    keep(route, "a-100-000.json", "mine")
    assert route.s3.list_objects_v2(Bucket=route.bucket)["IsTruncated"]
    route.redrive("a")
    assert waiting(route) == [("a.again-beef0", "mine")]


LETTER = b'{"body": "{}", "attributes": {%s}}'


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (b"", "is not of the form"),
        (b"\xff", "is not of the form"),
        (b"[" * 100_000, "is not of the form"),
        (b"[]", "is not of the form"),
        (b'{"body": "{}"}', "is not of the form"),
        (b'{"body": 7, "attributes": {}}', "is not of the form"),
        (LETTER % b'"attempt": "1"', "is not of the form"),
        (LETTER % b'"attempt": {"DataType": "Number", "StringValue": 1}', "is not of the form"),
        (LETTER % b'"attempt": {"DataType": "Number", "StringValue": "one"}', "attribute attempt: 'one' is no Number"),
        (b'{"body": "", "attributes": {}}', "body is empty"),
    ],
)
def test_a_letter_that_cannot_be_sent_again_is_named_and_nothing_is_sent(route: Route, kept: bytes, said: str):
    keep(route, "cats-000-000.json")
    keep_bytes(route, "cats-000-001.json", kept)
    with pytest.raises(CannotGoOn) as told:
        route.redrive("cats")
    assert str(told.value).startswith(
        "The dead letter s3://retake-outbox/generated-images/dead-letters/cats-000-001.json"
    )
    assert said in str(told.value)
    assert "Nothing was sent; correct that dead letter" in str(told.value)
    assert waiting(route) == []


def test_when_a_later_letter_cannot_be_sent_what_was_sent_is_told(route: Route):
    keep(route, "cats-000-000.json")
    keep(route, "cats-000-001.json")

    class UntilTheQueueGoes(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            route.sqs.delete_queue(QueueUrl=route.queue_url)

    told = UntilTheQueueGoes()
    with pytest.raises(CannotGoOn, match=r"cats-000-001\.json: AWS answered .* Sent before it: cats\.again-beef0; run"):
        route.redrive("cats", told=told)
    assert told == ["cats.again-beef0"]


def test_a_bucket_that_is_not_there_is_said_plainly(route: Route):
    with pytest.raises(CannotGoOn, match=r"There is no bucket nowhere; .* --bucket names another"):
        replace(route, bucket="nowhere").redrive("cats")


EXPORTS = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # discard: nobody listens there
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "INBOX_BUCKET": "retake-inbox",
    "OUTBOX_BUCKET": "retake-outbox",
    "QUEUE_URL": "http://127.0.0.1:9/123456789012/work",
}


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((), "AWS cannot be reached"),
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "There are no AWS credentials"),
        (("AWS_DEFAULT_REGION",), "No AWS region is set"),
        (("QUEUE_URL",), "QUEUE_URL is not set; paste the export lines"),
    ],
)
def test_what_stands_between_the_command_and_aws_is_said_without_a_traceback(missing: tuple[str, ...], said: str):
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nobodys = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "1"}
    given = {name: value for name, value in EXPORTS.items() if name not in missing}
    run = start.run(
        ["-m", "chalicelib", "redrive", "cats", "--stage", "local"],
        cwd=ROOT,
        env=own | nobodys | {"AWS_EC2_METADATA_DISABLED": "true"} | given,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr
