"""`python -m chalicelib up|doctor|down` against moto, with what moto does otherwise than AWS made up for here.

A process of its own, as for a user: Chalice imports app.py and puts the stage's settings into the environment. Runs in
the project's directory, with moto's address in AWS_ENDPOINT_URL and a file for what moto cannot keep in AT_MOTO.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session

from chalicelib.deploy import commands

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


def session() -> botocore.session.Session:
    made = botocore.session.get_session()
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
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers(required=True))
    sys.exit(commands.act(parser.parse_args(), session()))
