"""What `up`, `doctor` and `down` ask of AWS, as IAM sees it; and a guard that lets only the deployer's policy pass.

The guard stands in botocore, before a call is sent, so it sees Chalice's calls too. What CloudFormation does in the
deployer's name is not seen by it: that is told by tests/deploy/test_deployer.py from the template.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

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
    made = [Request(action, _resource(service, operation, asked, region))]
    if operation in ("CreateFunction", "UpdateFunctionConfiguration") and "Role" in asked:
        made.append(Request("iam:PassRole", asked["Role"], {"iam:PassedToService": "lambda.amazonaws.com"}))
    if operation == "CreateFoundationModelAgreement":
        # Bedrock user guide, "Request access to models", prerequisites (2026-11)
        made += [Request(f"aws-marketplace:{name}", "*") for name in ("Subscribe", "ViewSubscriptions")]
    return made


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
        case "bedrock-runtime":
            return f"arn:aws:bedrock:{region}::foundation-model/{asked['modelId']}"
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

    def ask(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params

    def judge(model: Any, context: dict[str, Any], **_: Any) -> Any:
        service = model.service_model.service_name
        for request in requests(service, model.name, context["asked"], context["client_region"]):
            with written.open("a", encoding="utf-8") as file:
                file.write(json.dumps([request.action, request.resource, dict(request.context)]) + "\n")
            if not iam.allowed(policy, request):
                words = f"User: me is not authorized to perform: {request.action} on resource: {request.resource}"
                return SimpleNamespace(status_code=403), {"Error": {"Code": "AccessDenied", "Message": words}}
        return None

    session.register("before-parameter-build", ask)
    session.get_component("event_emitter").register_first("before-call", judge)
