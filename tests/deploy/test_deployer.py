"""The policy of whoever deploys: everything that `up`, `doctor` and `down` ask is in it, and nothing else is.

Asked: the calls as they passed (the guard of deployer.py refuses what the policy does not allow, in all tests of these
commands), what our own code asks only when something failed, and what CloudFormation does in the deployer's name.
"""

import ast
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from chalicelib.deploy.documents import template
from chalicelib.local.bedrock.server import StandIn
from tests.deploy import deployer, iam, projects
from tests.deploy.conftest import once
from tests.deploy.iam import Request
from tests.deploy.stages import ROOT, stage

POLICY = json.loads((ROOT / ".chalice" / "policy-deployer.json").read_text(encoding="utf-8"))
MANAGED_POLICY_LIMIT = 6_144  # characters without white space (IAM quotas, 2026-11)
STACK = {"StackName": "retake-dev"}
# Asked only when a stack fails, has nothing to do, or a loop was not allowed yet where moto has no such call.
RARE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cloudformation", "DeleteChangeSet", STACK),
    ("cloudformation", "DescribeEvents", STACK),
    ("cloudformation", "DescribeStackEvents", STACK),
    ("bedrock", "GetUseCaseForModelAccess", {}),
)
# What CloudFormation calls for each type, with the deployer's credentials: the permissions of the types' handlers, for
# the properties that .chalice/stack.yaml uses; reading is needed to adopt (resource type schemas, 2026-11).
READ_BUCKET = (
    *("s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration", "s3:GetBucketCORS", "s3:GetBucketLogging"),
    *("s3:GetBucketNotification", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls"),
    *("s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite"),
    *("s3:GetEncryptionConfiguration", "s3:GetIntelligentTieringConfiguration", "s3:GetInventoryConfiguration"),
    *("s3:GetLifecycleConfiguration", "s3:GetMetricsConfiguration", "s3:GetReplicationConfiguration"),
)
HANDLERS = {
    "AWS::S3::Bucket": [
        "s3:CreateBucket",
        "s3:ListBucket",
        "s3:PutBucketNotification",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        *READ_BUCKET,
    ],
    "AWS::S3::BucketPolicy": ["s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"],
    "AWS::SQS::Queue": [
        *("sqs:CreateQueue", "sqs:DeleteQueue", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"),
        "sqs:SetQueueAttributes",
    ],
    "AWS::Logs::LogGroup": [
        *("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:ListTagsForResource", "logs:PutRetentionPolicy"),
    ],
    "AWS::SNS::Topic": [
        *("sns:CreateTopic", "sns:DeleteTopic", "sns:GetTopicAttributes", "sns:ListTagsForResource"),
        *("sns:ListSubscriptionsByTopic", "sns:SetTopicAttributes"),
    ],
    "AWS::SNS::TopicPolicy": ["sns:SetTopicAttributes", "sns:GetTopicAttributes"],
    "AWS::SNS::Subscription": ["sns:GetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
    "AWS::CloudWatch::Alarm": ["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"],
    "AWS::CloudWatch::Dashboard": [
        *("cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"),
    ],
}
WHERE = {
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{}"),
    "AWS::SQS::Queue": ("QueueName", "arn:aws:sqs:us-east-1:123456789012:{}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "arn:aws:logs:us-east-1:123456789012:log-group:{}:"),
    "AWS::SNS::Topic": ("TopicName", "arn:aws:sns:us-east-1:123456789012:{}"),
    "AWS::CloudWatch::Alarm": ("AlarmName", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:{}"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", "arn:aws:cloudwatch::123456789012:dashboard/{}"),
}
BY_STACK = {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}
TOLD = stage(notify="operations@example.com")


def by_cloudformation() -> Iterator[Request]:
    resources = template(ROOT, TOLD)["Resources"]
    named: dict[str, str] = {}
    for name, resource in resources.items():
        if where := WHERE.get(resource["Type"]):
            named[name] = where[1].format(resource["Properties"][where[0]])
    for resource in resources.values():
        properties = resource["Properties"]
        topics = properties.get("Topics", [properties.get("TopicArn", {})])
        of = properties.get("Bucket", topics[0]) if resource["Type"] not in WHERE else {}
        arn = named[of["Ref"]] if of else named[next(name for name, one in resources.items() if one is resource)]
        yield from (Request(action, arn, BY_STACK) for action in HANDLERS[resource["Type"]])
    yield Request("logs:DescribeLogGroups", "*", BY_STACK)


def tell(used_project: Path, place: Path) -> list[Any]:
    """A whole life of a stage, under the guard; every request that was made."""
    project = projects.second(used_project, place)
    with projects.moto() as address, StandIn() as bedrock:
        for arguments, variables in (
            (["up", "--notify", "operations@example.com", "--yes"], {"NOT_SUBSCRIBED": "1"}),
            (["up"], {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url}),
            (["doctor", "--probe"], {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url}),
            (["down", "--yes"], {}),
        ):
            given = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url, **variables}
            done = projects.run(project, address, *arguments, "--stage", "dev", **given)
            assert done.returncode == 0, done.stdout + done.stderr
    calls = (place / "kept_for_moto.calls").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in sorted(set(calls))]


@pytest.fixture(scope="module")
def recorded(shared: Path, used_project: Path) -> list[Request]:
    return [Request(*call) for call in once(shared, "deployer", partial(tell, used_project))]


def rare() -> list[Request]:
    return [one for call in RARE for one in deployer.requests(*call, "us-east-1")]


def test_everything_that_is_asked_is_allowed(recorded: list[Request]):
    asked = [*recorded, *rare(), *by_cloudformation()]
    assert [request for request in asked if not iam.allowed(POLICY, request)] == []


def test_everything_that_is_allowed_is_asked(recorded: list[Request]):
    asked = [*recorded, *rare(), *by_cloudformation()]
    idle = [
        f"{statement['Sid']}: {action}"
        for statement in POLICY["Statement"]
        for action in iam.listed(statement["Action"])
        if not any(iam.applies({**statement, "Action": action}, request) for request in asked)
    ]
    assert idle == []


def test_every_call_of_our_own_code_was_made_or_is_told_here(recorded: list[Request]):
    """Whatever operation of its clients cloud/ names, found in the code itself."""
    operations: dict[str, str] = {}
    for service in deployer.PREFIXES:
        model = botocore.session.get_session().get_service_model(service)
        names = {xform_name(name): f"{deployer.PREFIXES[service]}:{name}" for name in model.operation_names}
        operations |= {name: action for name, action in names.items() if service in OURS}
    named = set()
    for path in (ROOT / "chalicelib" / "deploy" / "cloud").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        words |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        named |= {operations[word] for word in words if word in operations}
    actions = {request.action for request in (*recorded, *rare())}
    assert {deployer.ACTIONS.get(one, one) for one in named} - deployer.FREE <= actions
    assert len(named) > 30


OURS = ("cloudformation", "lambda", "iam", "s3", "sns", "bedrock", "service-quotas")


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("s3:DeleteBucket", "arn:aws:s3:::somebody-elses", {}),
        ("s3:GetObject", "arn:aws:s3:::retake-dev-outbox-123456789012-us-east-1/a", {}),
        ("s3:CreateBucket", "arn:aws:s3:::retake-dev-inbox", {}),  # not without CloudFormation
        ("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/admin", {}),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/retake-dev-on_prompt", {"iam:PassedToService": "ec2"}),
        ("iam:AttachRolePolicy", "arn:aws:iam::123456789012:role/retake-dev-on_prompt", {}),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:retake-dev-on_prompt", {}),
        ("lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": "arn:aws:lambda:us-east-1:1:function:other"}),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-west-2::foundation-model/stability.stable-image-core-v1:1", {}),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/other/id", {}),
    ],
)  # fmt: skip
def test_what_a_deployment_never_does_is_refused(action: str, resource: str, context: dict[str, str]):
    assert not iam.allowed(POLICY, Request(action, resource, context))


def test_it_fits_into_a_managed_policy_and_can_be_attached_as_it_stands():
    assert len(json.dumps(POLICY, separators=(",", ":"))) <= MANAGED_POLICY_LIMIT
    assert "{" not in "".join(json.dumps(statement["Resource"]) for statement in POLICY["Statement"])
    sids = [statement["Sid"] for statement in POLICY["Statement"]]
    assert len(sids) == len(set(sids))
