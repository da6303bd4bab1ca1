"""The calls on functions, roles and mappings that moto lacks or never refuses. See stubs.py."""

from datetime import UTC, datetime

import pytest

from chalicelib.deploy.cloud import functions
from chalicelib.deploy.found import RoleFound
from tests.deploy.stubs import ACCOUNT, Stub, never

MAPPING = "11111111-2222-3333-4444-555555555555"


def test_the_loop_is_allowed(stub: Stub):
    client, answers = stub("lambda")
    expected = {"FunctionName": "retake-dev-on_attempt", "RecursiveLoop": "Allow"}
    answers.add_response("put_function_recursion_config", {"RecursiveLoop": "Allow"}, expected)
    functions.allow_recursion(client, "retake-dev-on_attempt")


def test_failures_go_to_the_queue_after_lambdas_own_tries(stub: Stub):
    client, answers = stub("lambda")
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
    expected = {
        "FunctionName": "on_prompt",
        "MaximumRetryAttempts": 2,
        "MaximumEventAgeInSeconds": 21_600,
        "DestinationConfig": {"OnFailure": {"Destination": queue}},
    }
    answers.add_response("put_function_event_invoke_config", {}, expected)
    functions.send_failures(client, "on_prompt", queue, never)


def test_a_role_made_just_now_may_need_a_moment_before_it_may_send(stub: Stub):
    client, answers = stub("lambda")
    answers.add_client_error("put_function_event_invoke_config", "InvalidParameterValueException")
    answers.add_response("put_function_event_invoke_config", {})
    waited: list[float] = []
    functions.send_failures(client, "on_prompt", f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead", waited.append)
    assert waited == [2.0]


@pytest.mark.parametrize(("states", "waits"), [(["Enabled"], 0), (["Creating", "Updating", "Enabled"], 2)])
def test_mappings_are_waited_for_while_they_are_in_between(stub: Stub, states: list[str], waits: int):
    client, answers = stub("lambda")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    for state in states:
        mapping = {"UUID": MAPPING, "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q", "State": state}
        answers.add_response("list_event_source_mappings", {"EventSourceMappings": [mapping]}, {"FunctionName": arn})
    waited: list[float] = []
    functions.await_mappings(client, [arn], waited.append)
    assert len(waited) == waits


def test_a_function_is_seen_with_loop_destination_and_mappings(stub: Stub):
    client, answers = stub("lambda")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    configuration = {"FunctionArn": arn, "Timeout": 300, "MemorySize": 512, "Runtime": "python3.13", "State": "Active"}
    answers.add_response("get_function_configuration", configuration, {"FunctionName": "f"})
    answers.add_response("get_function_recursion_config", {"RecursiveLoop": "Allow"}, {"FunctionName": "f"})
    answers.add_client_error("get_function_event_invoke_config", "ResourceNotFoundException", http_status_code=404)
    mapping = {
        "UUID": MAPPING,
        "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q",
        "State": "Enabled",
        "BatchSize": 1,
        "ScalingConfig": {"MaximumConcurrency": 10},
    }
    answers.add_response("list_event_source_mappings", {"EventSourceMappings": [mapping]}, {"FunctionName": arn})
    found = functions.look(client, "f")
    assert found is not None
    assert (found.recursion, found.failure_destination, found.environment) == ("Allow", None, {})
    assert [(one.uuid, one.maximum_concurrency) for one in found.mappings] == [(MAPPING, 10)]


def test_a_function_that_is_not_there_is_none(stub: Stub):
    client, answers = stub("lambda")
    answers.add_client_error("get_function_configuration", "ResourceNotFoundException")
    assert functions.look(client, "f") is None


def test_a_role_without_its_policy_is_seen_without(stub: Stub):
    client, answers = stub("iam")
    role = {
        "Path": "/",
        "RoleName": "r",
        "RoleId": "A" * 16,
        "Arn": "arn:aws:iam::1:role/r",
        "CreateDate": datetime.now(UTC),
    }
    answers.add_response("get_role", {"Role": role}, {"RoleName": "r"})
    answers.add_client_error("get_role_policy", "NoSuchEntity")
    assert functions.look_role(client, "r") == RoleFound("arn:aws:iam::1:role/r", None)


def test_a_mapping_in_use_is_asked_for_again(stub: Stub):
    client, answers = stub("lambda")
    answers.add_client_error("delete_event_source_mapping", "ResourceInUseException")
    answers.add_response("delete_event_source_mapping", {}, {"UUID": MAPPING})
    waited: list[float] = []
    functions.drop_mapping(client, MAPPING, waited.append)
    assert waited == [2.0]


def test_what_is_gone_already_needs_no_deleting(stub: Stub):
    client, answers = stub("lambda")
    answers.add_client_error("delete_event_source_mapping", "ResourceNotFoundException")
    answers.add_client_error("delete_function", "ResourceNotFoundException")
    functions.drop_mapping(client, MAPPING, never)
    functions.delete(client, "f")
    iam, roles = stub("iam")
    roles.add_client_error("list_role_policies", "NoSuchEntity")
    functions.delete_role(iam, "r")
