"""What `up`, `doctor` and `down` ask of AWS, as IAM sees it; and a guard that lets only the deployer's policy pass.

The guard stands in botocore, before a call is sent, so it sees Chalice's calls too. What CloudFormation does in the
deployer's name is not seen by it: that is told by tests/deploy/test_deployer.py from the template.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.models.reference import underlying
from tests.deploy import iam
from tests.deploy.iam import Request

ACCOUNT = "123456789012"
# Operations whose action has another name (service authorization reference of S3 and Lambda, 2026-11).
ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "bedrock:Converse": "bedrock:InvokeModel",
}
PREFIXES = {
    "cloudformation": "cloudformation",
    "lambda": "lambda",
    "iam": "iam",
    "s3": "s3",
    "sns": "sns",
    "sqs": "sqs",
    "sts": "sts",
    "logs": "logs",
    "bedrock": "bedrock",
    "bedrock-runtime": "bedrock",
    "service-quotas": "servicequotas",
}
# What IAM asks for no right (IAM user guide, "GetCallerIdentity", 2026-11).
FREE = {"sts:GetCallerIdentity"}


def requests(service: str, operation: str, asked: Mapping[str, Any], region: str) -> list[Request]:
    """The actions and resources of one call."""
    api = f"{PREFIXES[service]}:{operation}"
    action = ACTIONS.get(api, api)
    if action in FREE:
        return []
    made = [
        Request(action, resource, _context(operation)) for resource in _resources(service, operation, asked, region)
    ]
    if operation in ("CreateFunction", "UpdateFunctionConfiguration") and "Role" in asked:
        made.append(Request("iam:PassRole", asked["Role"], {"iam:PassedToService": "lambda.amazonaws.com"}))
    if operation == "CreateFunction" and "Tags" in asked:
        made.append(Request("lambda:TagResource", made[0].resource))
    if operation == "CreateFoundationModelAgreement":
        # Bedrock user guide, "Request access to models", prerequisites (2026-11)
        made += [Request(f"aws-marketplace:{name}", "*") for name in ("Subscribe", "ViewSubscriptions")]
    return made


def _context(operation: str) -> dict[str, str]:
    """A mapping's function is known to Lambda, in these tests always one of the stage's."""
    if operation.endswith("EventSourceMapping"):
        return {"lambda:FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:retake-dev-on_attempt"}
    return {}


def _resources(service: str, operation: str, asked: Mapping[str, Any], region: str) -> list[str]:
    """A profile is itself and the model behind it."""
    if service == "bedrock-runtime":
        name = asked["modelId"]
        model = f"arn:aws:bedrock:{region}::foundation-model/{underlying(name)}"
        return (
            [model]
            if underlying(name) == name
            else [model, f"arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{name}"]
        )
    return [_resource(service, operation, asked, region)]


def _resource(service: str, operation: str, asked: Mapping[str, Any], region: str) -> str:
    here = f"{region}:{ACCOUNT}"
    match service:
        case "s3":
            return f"arn:aws:s3:::{asked['Bucket']}"
        case "iam":
            return f"arn:aws:iam::{ACCOUNT}:role/{asked['RoleName']}"
        case "sns":
            return str(asked["TopicArn"])
        case "sqs":
            return f"arn:aws:sqs:{here}:{asked['QueueName']}"
        case "cloudformation":
            return f"arn:aws:cloudformation:{here}:stack/{asked['StackName']}/id"
        case "logs":
            return f"arn:aws:logs:{here}:log-group:{asked.get('logGroupName', '')}:"
        case "lambda":
            return _lambda(operation, asked, here)
        case "bedrock" if operation == "GetFoundationModel":
            return f"arn:aws:bedrock:{region}::foundation-model/{asked['modelIdentifier']}"
    return "*"


def _lambda(operation: str, asked: Mapping[str, Any], here: str) -> str:
    """Mappings have ids of their own; listing them and the account's settings know no resource."""
    if operation in ("ListEventSourceMappings", "CreateEventSourceMapping", "GetAccountSettings"):
        return "*"
    if "UUID" in asked:
        return f"arn:aws:lambda:{here}:event-source-mapping:{asked['UUID']}"
    name = (asked.get("FunctionName") or asked.get("Resource", "")).rpartition(":function:")[2]
    return f"arn:aws:lambda:{here}:function:{name}"


def guard(session: Any) -> None:
    """Refuse what the deployer's policy does not allow, as IAM would, and write down everything that is asked."""
    policy = json.loads((Path.cwd() / ".chalice" / "policy-deployer.json").read_text(encoding="utf-8"))
    written = Path(os.environ["AT_MOTO"]).with_suffix(".calls")

    def judge(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        for request in requests(model.service_model.service_name, model.name, params, context["client_region"]):
            with written.open("a", encoding="utf-8") as file:
                file.write(json.dumps([request.action, request.resource, dict(request.context)]) + "\n")
            if not iam.allowed(policy, request):
                words = f"User: me is not authorized to perform: {request.action} on resource: {request.resource}"
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": words}}, model.name)

    session.register("before-parameter-build", judge)
