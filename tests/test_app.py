"""app.py and its wiring in this process: real clients over real HTTP against the local AWS."""

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from rich.console import Console

from chalicelib import wiring
from chalicelib.follow.reporting import Quiet
from chalicelib.local.cloud import LocalAws
from chalicelib.local.functions import Function
from chalicelib.local.models import StandInModels
from chalicelib.settings import Settings
from tests.job.stage import ENVIRONMENT


class Declared(StandInModels):
    """With the handlers as app.py has them, and not those that `run` puts in their place."""

    def functions(self, declared: tuple[Function, ...], settings: Settings) -> tuple[Function, ...]:
        return declared


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    """The local AWS over app.py; this process's environment is as before afterwards."""
    before = dict(os.environ)
    names = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("AWS")}
    os.environ.update(names)
    sys.modules.pop("app", None)
    wiring.services.cache_clear()  # its clients are another local AWS's
    with LocalAws(os.environ, Declared(), Quiet(Console(), str, "stand-in")) as running:
        yield running
    os.environ.clear()
    os.environ.update(before)
    sys.modules.pop("app", None)


def outbox(aws: LocalAws, ending: str, seconds: float = 40) -> Any:
    """The first object of the outbox whose key ends so, as JSON, once it is there."""
    s3 = boto3.client("s3")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for entry in s3.list_objects_v2(Bucket=aws.engine.names.outbox).get("Contents", []):
            if entry["Key"].endswith(ending):
                return json.load(s3.get_object(Bucket=aws.engine.names.outbox, Key=entry["Key"])["Body"])
        time.sleep(0.1)
    raise AssertionError(f"no {ending} within {seconds} s")


def test_an_upload_becomes_a_result_through_the_three_declared_handlers(aws: LocalAws):
    import app

    assert sorted(app.app.handler_map) == ["on_attempt", "on_dead_letter", "on_prompt"]
    body = {
        "prompt": "the moon",
        "nova_canvas_number_of_images": 2,
        "nova_canvas_width": 512,
        "nova_canvas_height": 512,
    }
    boto3.client("s3").put_object(Bucket=aws.engine.names.inbox, Key="inbox/moon.json", Body=json.dumps(body))
    result = outbox(aws, "/result.json")
    assert (result["status"], result["prompt"]) == ("SUCCESS", "the moon")
    assert result["image_model"] == "us-west-2/stability.stable-image-core-v1:1"
    assert result["generations"] == 1 + result["attempt"]


def test_a_message_that_is_dead_on_arrival_is_ended(aws: LocalAws):
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=aws.engine.names.dead_letter_queue)["QueueUrl"]
    attributes = {"job": {"DataType": "String", "StringValue": "dead"}}
    sqs.send_message(QueueUrl=url, MessageBody='{"prompt": "the moon"}', MessageAttributes=attributes)
    assert outbox(aws, "dead/result.json")["status"] == "FAIL"
    assert json.loads(outbox(aws, "dead-letters/dead-000-000.json")["body"]) == {"prompt": "the moon"}
