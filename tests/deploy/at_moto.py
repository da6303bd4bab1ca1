"""`python -m chalicelib up|doctor|down` against moto, with what moto does otherwise than AWS made up for here.

A process of its own, as for a user: Chalice imports app.py and puts the stage's settings into the environment. Runs in
the project's directory, with moto's address in AWS_ENDPOINT_URL and a file for what moto cannot keep in AT_MOTO.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import boto3
import botocore.session

from chalicelib.__main__ import main

KEPT = Path(os.environ["AT_MOTO"])
OK = SimpleNamespace(status_code=200)


def lower_filter_names(params: dict[str, Any], **_: Any) -> None:
    """S3 takes Prefix and prefix; moto 5.2 only the latter."""
    for function in params["NotificationConfiguration"].get("LambdaFunctionConfigurations", []):
        for rule in function.get("Filter", {}).get("Key", {}).get("FilterRules", []):
            rule["Name"] = rule["Name"].lower()


def recursion(model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    """moto 5.2 has neither PutFunctionRecursionConfig nor its Get."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    name = params["url_path"].split("/")[3]
    if model.name == "PutFunctionRecursionConfig":
        kept[name] = json.loads(params["body"])["RecursiveLoop"]
        KEPT.write_text(json.dumps(kept))
    return OK, {"RecursiveLoop": kept.get(name, "Terminate")}


def answer(reply: dict[str, Any]) -> Callable[..., tuple[Any, dict[str, Any]]]:
    return lambda **_: (OK, reply)


def foundation_model(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    model = params["url_path"].rpartition("/")[2]
    if "nova-canvas" in model:
        error = {"Code": "ResourceNotFoundException", "Message": "This model version has reached the end of its life."}
        return SimpleNamespace(status_code=404), {"Error": error}
    return OK, {"modelDetails": {"modelId": model, "modelName": "a model", "modelLifecycle": {"status": "ACTIVE"}}}


def refuse_others_buckets(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
    """S3 answers 403 for a bucket of another account; moto 5.2 does not look at whose it is."""
    name = http_response.url.rpartition("/")[2]
    if http_response.status_code == 200 and name not in {bucket["Name"] for bucket in own_buckets()}:
        http_response.status_code = 403
        parsed["Error"] = {"Code": "403", "Message": "Forbidden"}


def own_buckets() -> Any:
    return boto3.client("s3").list_buckets()["Buckets"]


class Adopting:
    """Where a change set adopts buckets, moto 5.2 makes them again and fails: they are moved aside meanwhile."""

    def __init__(self) -> None:
        self._adopts = False
        self._aside: dict[str, dict[str, bytes]] = {}

    def asked(self, params: dict[str, Any], **_: Any) -> None:
        asked = parse_qs(params["body"]) if isinstance(params["body"], str) else params["body"]
        self._adopts = asked.get("ImportExistingResources") in ("true", ["true"])
        self._template = json.loads(
            asked["TemplateBody"] if isinstance(asked["TemplateBody"], str) else asked["TemplateBody"][0]
        )

    def before(self, **_: Any) -> None:
        s3 = boto3.client("s3")
        there = {bucket["Name"] for bucket in own_buckets()} if self._adopts else set()
        for resource in self._template["Resources"].values():
            name = resource["Properties"].get("BucketName")
            if name in there:
                keys = [one["Key"] for one in s3.list_objects_v2(Bucket=name).get("Contents", [])]
                self._aside[name] = {key: s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys}
                for key in keys:
                    s3.delete_object(Bucket=name, Key=key)
                s3.delete_bucket(Bucket=name)

    def after(self, **_: Any) -> None:
        for name, objects in self._aside.items():
            for key, body in objects.items():
                boto3.client("s3").put_object(Bucket=name, Key=key, Body=body)


def refused(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
    words = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:{model.name}"
    return SimpleNamespace(status_code=403), {"Error": {"Code": "AccessDeniedException", "Message": words}}


def session() -> botocore.session.Session:
    made = botocore.session.get_session()
    if may_not := os.environ.get("MAY_NOT"):
        made.register(f"before-call.{may_not}", refused)
    made.register("after-call.s3.HeadBucket", refuse_others_buckets)
    adopting = Adopting()
    made.register("before-call.cloudformation.CreateChangeSet", adopting.asked)
    made.register("before-call.cloudformation.ExecuteChangeSet", adopting.before)
    made.register("after-call.cloudformation.ExecuteChangeSet", adopting.after)
    made.register("provide-client-params.s3.PutBucketNotificationConfiguration", lower_filter_names)
    made.register("before-call.lambda.PutFunctionRecursionConfig", recursion)
    made.register("before-call.lambda.GetFunctionRecursionConfig", recursion)
    made.register("before-call.bedrock.ListInferenceProfiles", answer({"inferenceProfileSummaries": []}))
    made.register("before-call.bedrock.GetFoundationModel", foundation_model)
    made.register(
        "before-call.bedrock.GetFoundationModelAvailability",
        answer(
            {
                "agreementAvailability": {"status": "AVAILABLE"},
                "authorizationStatus": "AUTHORIZED",
                "entitlementAvailability": "AVAILABLE",
                "regionAvailability": "AVAILABLE",
            }
        ),
    )
    made.register("before-call.service-quotas.ListServiceQuotas", answer({"Quotas": []}))
    made.register("before-call.lambda.GetAccountSettings", answer({"AccountLimit": {"ConcurrentExecutions": 1000}}))
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], session()))
