"""The calls to AWS that moto lacks or answers otherwise, against the real service models by botocore's Stubber."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from chalicelib.deploy.cloud import buckets, functions, models, stack
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import Bucket, ModelFound, Notification, Quota, RoleFound, StackFound
from chalicelib.deploy.grants import Profile
from chalicelib.models.types import ModelReference

ACCOUNT = "123456789012"
MAPPING = "11111111-2222-3333-4444-555555555555"
CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
Stub = Callable[[str], tuple[Any, Stubber]]


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A client that only answers what was put into its stubber, and all of that must be asked for."""
    stubbers: list[Stubber] = []

    def make(service: str) -> tuple[Any, Stubber]:
        client = boto3.client(service, "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
        stubber = Stubber(client)
        stubber.activate()
        stubbers.append(stubber)
        return client, stubber

    yield make
    for stubber in stubbers:
        stubber.assert_no_pending_responses()


def never(seconds: float) -> None:
    raise AssertionError("nothing to wait for")


def described(status: str) -> dict[str, Any]:
    return {"Stacks": [{"StackName": "retake-dev", "CreationTime": datetime.now(UTC), "StackStatus": status}]}


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


@pytest.mark.parametrize(
    ("error", "found"),
    [("404", Bucket.ABSENT), ("403", Bucket.TAKEN)],
)
def test_a_bucket_name_is_free_or_taken(stub: Stub, error: str, found: Bucket):
    client, answers = stub("s3")
    expected = {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT}
    answers.add_client_error("head_bucket", error, http_status_code=int(error), expected_params=expected)
    assert buckets.look(client, "b", ACCOUNT) is found


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ({}, Bucket.EMPTY),
        ({"Versions": [{"Key": "k"}]}, Bucket.HOLDS),
        ({"DeleteMarkers": [{"Key": "k"}]}, Bucket.HOLDS),
    ],
)
def test_a_bucket_of_ours_is_empty_or_holds_something(stub: Stub, held: dict[str, Any], found: Bucket):
    client, answers = stub("s3")
    answers.add_response("head_bucket", {}, {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT})
    answers.add_response("list_object_versions", held, {"Bucket": "b", "MaxKeys": 1, "ExpectedBucketOwner": ACCOUNT})
    assert buckets.look(client, "b", ACCOUNT) is found


def test_only_our_function_is_taken_out_of_the_notifications(stub: Stub):
    client, answers = stub("s3")
    mine, other = (
        {"LambdaFunctionArn": f"arn:aws:lambda:us-east-1:1:function:{name}", "Events": ["s3:*"]} for name in "ab"
    )
    there = {"LambdaFunctionConfigurations": [mine, other], "QueueConfigurations": [{"QueueArn": "q", "Events": []}]}
    answers.add_response("get_bucket_notification_configuration", there)
    left = {**there, "LambdaFunctionConfigurations": [other]}
    expected = {"Bucket": "b", "ExpectedBucketOwner": ACCOUNT, "NotificationConfiguration": left}
    answers.add_response("put_bucket_notification_configuration", {}, expected)
    buckets.stop_notifying(client, "b", mine["LambdaFunctionArn"], ACCOUNT)


def test_the_functions_that_a_bucket_invokes_are_seen(stub: Stub):
    client, answers = stub("s3")
    there = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": "arn", "Events": ["s3:*"]}]}
    answers.add_response("get_bucket_notification_configuration", there)
    assert buckets.notifications(client, ["b"], ACCOUNT) == (Notification("b", "arn"),)


@pytest.mark.parametrize(("code", "gone"), [("BucketNotEmpty", False), ("NoSuchBucket", True)])
def test_a_bucket_that_filled_meanwhile_stays(stub: Stub, code: str, gone: bool):
    client, answers = stub("s3")
    answers.add_client_error("delete_bucket", code)
    assert buckets.delete_if_empty(client, "b", ACCOUNT) is gone


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


def apply(client: Any, waited: list[float], *, creates: bool = True) -> None:
    stack.apply(client, "retake-dev", {"Resources": {}}, creates=creates, change="c", sleep=waited.append)


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
    answers.add_response("describe_change_set", change_set("CREATE_IN_PROGRESS"))
    answers.add_response("describe_change_set", change_set("CREATE_COMPLETE"))
    answers.add_response("execute_change_set", {}, {"StackName": "retake-dev", "ChangeSetName": "c"})
    answers.add_response("describe_stacks", described("CREATE_IN_PROGRESS"))
    answers.add_response("describe_stacks", described("CREATE_COMPLETE"))
    waited: list[float] = []
    apply(client, waited)
    assert waited == [3.0, 3.0]


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
    apply(client, [], creates=False)


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
    answers.add_response("describe_stacks", described("ROLLBACK_COMPLETE"))
    events = [event("Alarms", "Resource creation cancelled"), event("Queue", reason)]
    answers.add_response("describe_stack_events", {"StackEvents": events})
    with pytest.raises(CannotDeploy) as failed:
        apply(client, [])
    assert failed.value.says == f"The stack retake-dev is ROLLBACK_COMPLETE: Queue: {reason}"
    assert then in failed.value.then


def test_a_change_set_that_cannot_be_made_changes_nothing_and_says_why(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response("create_change_set", {})
    answers.add_response("describe_change_set", change_set("FAILED", "Inbox belongs to another stack"))
    with pytest.raises(CannotDeploy, match="is unchanged: Inbox belongs to another stack"):
        apply(client, [])


def test_a_stack_is_deleted_and_waited_for(stub: Stub):
    client, answers = stub("cloudformation")
    answers.add_response("delete_stack", {}, {"StackName": "retake-dev"})
    answers.add_response("describe_stacks", described("DELETE_IN_PROGRESS"))
    answers.add_client_error("describe_stacks", "ValidationError", "Stack retake-dev does not exist")
    waited: list[float] = []
    stack.delete(client, "retake-dev", waited.append)
    assert waited == [3.0]


def availability(**changes: Any) -> dict[str, Any]:
    return {
        "modelId": CORE.id,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
        **changes,
    }


NOT_YET = {"agreementAvailability": {"status": "NOT_AVAILABLE"}, "entitlementAvailability": "NOT_AVAILABLE"}


@pytest.mark.parametrize(
    ("changes", "access", "subscribed"),
    [
        ({}, None, True),
        (NOT_YET, None, False),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, "this account is not authorized for it", True),
        ({"regionAvailability": "NOT_AVAILABLE"}, "it is not available to this account in that region", True),
        ({"agreementAvailability": {"status": "ERROR", "errorMessage": "no payment"}}, "no payment", True),
    ],
)
def test_a_model_is_seen_with_lifecycle_and_access(stub: Stub, changes: Any, access: str | None, subscribed: bool):
    client, answers = stub("bedrock")
    details = {
        "modelArn": f"arn:aws:bedrock:us-west-2::foundation-model/{CORE.id}",
        "modelId": CORE.id,
        "modelName": "Stable Image Core 1.0",
        "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": datetime(2027, 3, 1, tzinfo=UTC)},
    }
    answers.add_response("get_foundation_model", {"modelDetails": details}, {"modelIdentifier": CORE.id})
    answers.add_response("get_foundation_model_availability", availability(**changes), {"modelId": CORE.id})
    found = models.look(lambda region: client, CORE)
    ends = datetime(2027, 3, 1, tzinfo=UTC).date()
    assert found == ModelFound(CORE, "LEGACY", ends, access, subscribed, "Stable Image Core 1.0")


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException"])
def test_a_model_that_bedrock_does_not_know_has_no_status(stub: Stub, code: str):
    client, answers = stub("bedrock")
    answers.add_client_error("get_foundation_model", code)
    assert models.look(lambda region: client, CORE) == ModelFound(CORE, None)


def test_a_profile_is_looked_up_as_its_model(stub: Stub):
    client, answers = stub("bedrock")
    expected = {"modelIdentifier": "amazon.nova-2-lite-v1:0"}
    answers.add_client_error("get_foundation_model", "ResourceNotFoundException", expected_params=expected)
    models.look(lambda region: client, ModelReference("us-east-1", "us.amazon.nova-2-lite-v1:0"))


def test_profiles_are_seen_with_the_models_they_route_to(stub: Stub):
    client, answers = stub("bedrock")
    arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-2-lite-v1:0"
    routes = [
        f"arn:aws:bedrock:{region}::foundation-model/amazon.nova-2-lite-v1:0" for region in ("us-east-1", "us-west-2")
    ]
    profile = {
        "inferenceProfileName": "US Nova 2 Lite",
        "inferenceProfileArn": arn,
        "models": [{"modelArn": route} for route in routes],
        "inferenceProfileId": "us.amazon.nova-2-lite-v1:0",
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }
    answers.add_response(
        "list_inference_profiles", {"inferenceProfileSummaries": [profile]}, {"typeEquals": "SYSTEM_DEFINED"}
    )
    answers.add_response("list_inference_profiles", {"inferenceProfileSummaries": []}, {"typeEquals": "APPLICATION"})
    found = models.profiles(lambda region: client, ["us-east-1"])
    assert found == (Profile("us-east-1", "us.amazon.nova-2-lite-v1:0", arn, tuple(routes)),)


def test_quotas_are_those_that_name_the_model(stub: Stub):
    client, answers = stub("service-quotas")
    lambdas, limits = stub("lambda")
    limits.add_response("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}})
    names = {
        "On-demand model inference requests per minute for Amazon Nova Pro": 250.0,
        "On-demand model inference tokens per minute for Amazon Nova Pro": 1e6,
        "On-demand model inference requests per minute for Amazon Nova Lite": 0.0,
    }
    listed = [{"QuotaName": name, "Value": value} for name, value in names.items()]
    answers.add_response("list_service_quotas", {"Quotas": listed}, {"ServiceCode": "bedrock"})
    nova = ModelFound(ModelReference("us-east-1", "amazon.nova-pro-v1:0"), "ACTIVE", name="Nova Pro")
    assert models.quotas(lambda region: client, lambdas, [nova]) == [
        Quota("Lambda: concurrent executions", 10),
        Quota("us-east-1: On-demand model inference requests per minute for Amazon Nova Pro", 250.0),
    ]


def test_quotas_that_may_not_be_read_are_none(stub: Stub):
    lambdas, limits = stub("lambda")
    limits.add_client_error("get_account_settings", "AccessDeniedException")
    assert models.quotas(lambda region: None, lambdas, []) is None  # type: ignore[arg-type, return-value]
