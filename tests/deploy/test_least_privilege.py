"""Every call of a whole job is allowed by its function's policy, and everything the policies allow is needed by one.

The calls are those of story.py, as they passed. Beside them stand what AWS does in the function's name: polling its
queue, writing its log, sending what it failed at (sources at each).
"""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.deploy.stage import HANDLERS, source_of
from tests.deploy import iam
from tests.deploy.iam import Request
from tests.deploy.stages import stage, wanted

STAGE = stage()
POLICIES = wanted(STAGE).policies
ACCOUNT = {"s3:ResourceAccount": STAGE.caller.account}
# The mapping polls with the function's role (Lambda developer guide, "Using Lambda with Amazon SQS", 2026-11).
POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")


def needed(story: dict[str, Any], handler: str) -> list[Request]:
    """What the function's role is asked for, each once."""
    calls = [call for call in story["calls"] if call["who"] == handler]
    asked = [request for call in calls for request in _of_call(call)] + list(_in_its_name(handler))
    return list({(one.action, one.resource): one for one in asked}.values())


def _of_call(call: dict[str, Any]) -> Iterator[Request]:
    service = call["action"].partition(":")[0]
    yield Request(call["action"], call["resource"], ACCOUNT if service == "s3" else {})
    if call["action"].startswith("s3:GetObject") and call["status"] == 404:
        # Without ListBucket S3 answers 403 for a key that is missing (API reference of GetObject, 2026-11).
        yield Request("s3:ListBucket", call["resource"].partition("/")[0], ACCOUNT)


def _in_its_name(handler: str) -> Iterator[Request]:
    log = f"arn:aws:logs:us-east-1:{STAGE.caller.account}:log-group:/aws/lambda/{STAGE.function(handler)}"
    yield from (Request(action, f"{log}:log-stream:x") for action in LOGGING)
    if source := source_of(STAGE, handler):
        yield from (Request(action, source) for action in POLLING)
    if handler == "on_prompt":
        yield Request("sqs:SendMessage", STAGE.queue_arn(STAGE.settings.dead_letter_queue_name))


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_call_is_allowed(story: dict[str, Any], handler: str):
    refused = [request for request in needed(story, handler) if not iam.allowed(POLICIES[handler], request)]
    assert refused == []


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_permission_is_needed(story: dict[str, Any], handler: str):
    asked = needed(story, handler)
    idle = [
        f"{statement['Sid']}: {action}"
        for statement in POLICIES[handler]["Statement"]
        if statement["Effect"] == "Allow"
        for action in iam.listed(statement["Action"])
        if not any(iam.applies({**statement, "Action": action}, request) for request in asked)
    ]
    assert idle == []


@pytest.mark.parametrize("handler", HANDLERS)
def test_the_functions_really_called(story: dict[str, Any], handler: str):
    actions = {call["action"] for call in story["calls"] if call["who"] == handler}
    assert actions >= {"s3:PutObject", "s3:GetObject", "sqs:SendMessage", "sqs:GetQueueUrl"}
    assert ("bedrock:InvokeModel" in actions) is (handler != "on_dead_letter"), "a dead letter costs nothing"


def test_nothing_was_called_by_anybody_else(story: dict[str, Any]):
    assert {call["who"] for call in story["calls"]} == set(HANDLERS)


def test_an_evaluator_that_allowed_everything_would_be_noticed():
    policy = POLICIES["on_attempt"]
    assert not iam.allowed(policy, Request("s3:DeleteBucket", f"arn:aws:s3:::{STAGE.settings.outbox_bucket}", ACCOUNT))
    assert not iam.allowed(policy, Request("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:retake-prod"))
    assert not iam.allowed({"Statement": []}, Request("s3:GetObject", "arn:aws:s3:::a/b"))
