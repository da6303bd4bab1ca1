"""The stack's calls: change sets that adopt, waiting, failures with their first cause. See stubs.py."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY

from chalicelib.deploy.cloud import stack
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import StackFound
from tests.deploy.stubs import Stub


def described(status: str) -> dict[str, Any]:
    return {"Stacks": [{"StackName": "retake-dev", "CreationTime": datetime.now(UTC), "StackStatus": status}]}


def test_a_stack_is_seen_with_the_template_last_applied(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response("describe_stacks", described("CREATE_COMPLETE"))
    answers.add_response("get_template", {"TemplateBody": '{"Resources": {}}'})
    assert stack.look(client, "retake-dev") == StackFound("CREATE_COMPLETE", {"Resources": {}})


def test_no_stack_is_none(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_client_error("describe_stacks", "ValidationError", "Stack with id retake-dev does not exist")
    assert stack.look(client, "retake-dev") is None


def change_set(status: str, reason: str = "") -> dict[str, Any]:
    return {"Status": status, "StatusReason": reason}


def apply(client: Any, *, creates: bool = True) -> None:
    stack.apply(client, "retake-dev", {"Resources": {}}, creates=creates, change="c")


def test_a_stack_is_made_through_a_change_set_that_adopts_what_exists(stub: Stub):
    client, answers = stub("cloudformation")
    expected = {
        "StackName": "retake-dev",
        "ChangeSetName": "c",
        "ChangeSetType": "CREATE",
        "TemplateBody": '{"Resources": {}}',
        "ImportExistingResources": True,
    }
    answers.add_response("create_change_set", {}, expected)
    answers.add_response("describe_change_set", change_set("CREATE_COMPLETE"))
    answers.add_response("execute_change_set", {}, {"StackName": "retake-dev", "ChangeSetName": "c"})
    answers.add_response("describe_stacks", described("CREATE_COMPLETE"))
    apply(client)


def test_an_update_without_a_difference_is_none(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response(
        "create_change_set",
        {},
        {
            **dict.fromkeys(("StackName", "ChangeSetName", "TemplateBody"), ANY),
            "ChangeSetType": "UPDATE",
            "ImportExistingResources": True,
        },
    )
    answers.add_response(
        "describe_change_set", change_set("FAILED", "The submitted information didn't contain changes.")
    )
    answers.add_response("delete_change_set", {}, {"StackName": "retake-dev", "ChangeSetName": "c"})
    apply(client, creates=False)


def event(name: str, reason: str) -> dict[str, Any]:
    return {
        "StackId": "s",
        "EventId": name,
        "StackName": "retake-dev",
        "Timestamp": datetime.now(UTC),
        "LogicalResourceId": name,
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": reason,
    }


@pytest.mark.parametrize(
    ("reason", "then"),
    [
        ("You must wait 60 seconds after deleting a queue (QueueDeletedRecently)", "wait, then run again"),
        ("retake-dev-inbox already exists", "Somebody else has that name"),
        ("Internal failure", "it takes up where this left off"),
    ],
)
def test_a_failed_stack_says_the_first_cause_and_what_to_do(stub: Stub, reason: str, then: str):
    client, answers = stub("cloudformation")
    answers.add_response("create_change_set", {})
    answers.add_response("describe_change_set", change_set("CREATE_COMPLETE"))
    answers.add_response("execute_change_set", {})
    for _ in ("seen by the waiter", "asked for its name"):
        answers.add_response("describe_stacks", described("ROLLBACK_COMPLETE"))
    events = [event("Alarms", "Resource creation cancelled"), event("Queue", reason)]
    answers.add_response("describe_stack_events", {"StackEvents": events})
    with pytest.raises(CannotDeploy) as failed:
        apply(client)
    assert failed.value.says == f"The stack retake-dev is ROLLBACK_COMPLETE: Queue: {reason}"
    assert then in failed.value.then


def test_a_change_set_that_cannot_be_made_changes_nothing_and_says_why(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response("create_change_set", {})
    answers.add_response("describe_change_set", change_set("FAILED", "Inbox belongs to another stack"))
    with pytest.raises(CannotDeploy, match="is unchanged: Inbox belongs to another stack"):
        apply(client)


def test_a_stack_is_deleted_and_waited_for(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response("delete_stack", {}, {"StackName": "retake-dev"})
    answers.add_client_error("describe_stacks", "ValidationError", "Stack retake-dev does not exist")
    stack.delete(client, "retake-dev")


CHANGE_SET = "arn:aws:cloudformation:us-east-1:123456789012:changeSet/c/1"
# rain, pull request 744, and aws-cdk-cli, pull request 1463 (read 2026-11-28)
EARLY = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot …"


def refused(answers: Any) -> None:
    answers.add_response("create_change_set", {})
    failed = {**change_set("FAILED", EARLY), "ChangeSetId": CHANGE_SET}
    answers.add_response("describe_change_set", failed)


def validation_error(name: str, kind: str, check: str, reason: str, path: str = "") -> dict[str, Any]:
    event = {"LogicalResourceId": name, "ResourceType": kind, "ValidationName": check, "ValidationStatusReason": reason}
    return {**event, "EventType": "VALIDATION_ERROR", **({"ValidationPath": path} if path else {})}


def test_an_early_validation_is_followed_to_the_resource_the_reason_and_the_next_step(stub: Stub):
    client, answers = stub("cloudformation")
    refused(answers)
    exists = "Resource of type 'AWS::S3::Bucket' with identifier 'retake-dev-inbox' already exists."
    events = [
        {"EventType": "STACK_EVENT", "LogicalResourceId": "retake-dev"},
        validation_error("Inbox", "AWS::S3::Bucket", "NAME_CONFLICT_VALIDATION", exists),
        validation_error(
            "Queue", "AWS::SQS::Queue", "PROPERTY_VALIDATION", "extraneous key [Nme]", "/Resources/Queue/Properties"
        ),
    ]
    expected = {"ChangeSetName": CHANGE_SET, "Filters": {"FailedEvents": True}}
    answers.add_response("describe_events", {"OperationEvents": events}, expected)
    with pytest.raises(CannotDeploy) as failed:
        apply(client)
    assert failed.value.says == (
        f"The stack retake-dev is unchanged: Inbox (AWS::S3::Bucket): {exists}; "
        "Queue (AWS::SQS::Queue): extraneous key [Nme] (at /Resources/Queue/Properties)"
    )
    assert failed.value.then == (
        "Something else has that name: change it in .chalice/config.json, or delete the other. "
        "Correct that resource in .chalice/stack.yaml, then run this again."
    )


@pytest.mark.parametrize("code", [None, "AccessDenied"])
def test_an_early_validation_whose_reason_cannot_be_read_says_where_it_stands(stub: Stub, code: str | None):
    client, answers = stub("cloudformation")
    refused(answers)
    if code:
        answers.add_client_error("describe_events", code)
    else:
        answers.add_response("describe_events", {"OperationEvents": []})
    with pytest.raises(CannotDeploy) as failed:
        apply(client)
    assert failed.value.says.startswith("The stack retake-dev is unchanged: The following hook(s)/validation failed:")
    assert "cloudformation:DescribeEvents" in failed.value.then
