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
from urllib.parse import parse_qs, unquote

import boto3
import botocore.session

import chalicelib
from chalicelib.__main__ import main
from chalicelib.models.profiles import OFFERS

sys.path.append(str(Path(__file__).parent.parent.parent))  # after the clone, whose chalicelib is the one under test
from tests.deploy.deployer import guard
from tests.fakes.sessions import core_session

assert Path(chalicelib.__file__).is_relative_to(Path.cwd()), "another chalicelib than the clone's"
KEPT = Path(os.environ["AT_MOTO"])
OWN = boto3.Session(botocore_session=core_session())  # for what CloudFormation or S3 would do, unguarded
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


def foundation_model(params: dict[str, Any], context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    model = unquote(params["url_path"].rpartition("/")[2])
    if "nova-canvas" in model:
        error = {"Code": "ResourceNotFoundException", "Message": "This model version has reached the end of its life."}
        return SimpleNamespace(status_code=404), {"Error": error}
    offer = OFFERS.get(model)
    bare = offer is None or context["client_region"] in offer.on_demand
    details = {"modelId": model, "modelName": "a model", "modelLifecycle": {"status": "ACTIVE"}}
    kinds = ["ON_DEMAND"] if bare else ["INFERENCE_PROFILE"]
    return OK, {"modelDetails": {**details, "inferenceTypesSupported": kinds}}


def inference_profiles(params: dict[str, Any], context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    """Those of the region's geography, as models/profiles.py has it."""
    region = context["client_region"]
    named = [f"{prefix}.{name}" for name, offer in OFFERS.items() if (prefix := offer.prefix(region))]
    listed = named if params["query_string"].get("type") == "SYSTEM_DEFINED" else []
    arn = f"arn:aws:bedrock:{region}:123456789012:inference-profile/"
    models = "arn:aws:bedrock:{}::foundation-model/{}"
    return OK, {
        "inferenceProfileSummaries": [
            {
                "inferenceProfileId": name,
                "inferenceProfileArn": arn + name,
                "models": [{"modelArn": models.format(region, name.partition(".")[2])}],
            }
            for name in listed
        ]
    }


def availability(**_: Any) -> tuple[Any, dict[str, Any]]:
    """Subscribed to, but where a test says otherwise; then from the second look after the agreement on."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    status = "AVAILABLE"
    if os.environ.get("NOT_SUBSCRIBED"):
        asked = kept.get("agreed", -1)
        status = "NOT_AVAILABLE" if asked < 0 else "AVAILABLE"
    return OK, {
        "agreementAvailability": {"status": status},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": status,
        "regionAvailability": "AVAILABLE",
    }


def agreed(**_: Any) -> tuple[Any, dict[str, Any]]:
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    KEPT.write_text(json.dumps({**kept, "agreed": 1}))
    return OK, {"modelId": "stability.stable-image-core-v1:1"}


OFFERED = {
    "modelId": "stability.stable-image-core-v1:1",
    "offers": [
        {
            "offerToken": "the-token",
            "termDetails": {
                "usageBasedPricingTerm": {
                    "rateCard": [{"dimension": "d", "price": "0.04", "description": "an image", "unit": "Units"}]
                },
                "legalTerm": {"url": "https://example.com/terms"},
                "supportTerm": {},
            },
        }
    ],
}


def refuse_others_buckets(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
    """S3 answers 403 for a bucket of another account; moto 5.2 does not look at whose it is."""
    name = http_response.url.rpartition("/")[2]
    if http_response.status_code == 200 and name not in {bucket["Name"] for bucket in own_buckets()}:
        http_response.status_code = 403
        parsed["Error"] = {"Code": "403", "Message": "Forbidden"}


def own_buckets() -> Any:
    return OWN.client("s3").list_buckets()["Buckets"]


def give_properties(wanted: dict[str, Any]) -> None:
    """What CloudFormation sets on a bucket, of which moto 5.2 sets nothing but its encryption.

    The policy denies what nobody calls: moto takes no note of its condition.
    """
    s3, name = OWN.client("s3"), wanted["BucketName"]
    arn = f"arn:aws:s3:::{name}"
    plain = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObjectTorrent", "Resource": [arn, f"{arn}/*"]}
    plain["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [plain]}))
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=wanted["PublicAccessBlockConfiguration"])
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=wanted["OwnershipControls"])
    forget = {"ID": "a", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [forget]})
    if "VersioningConfiguration" in wanted:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def subscribe(wanted: dict[str, Any]) -> None:
    """moto 5.2 has no AWS::SNS::Subscription; and it takes an address for confirmed."""
    sns = OWN.client("sns")
    ending = f"-{wanted['TopicArn']['Ref'].lower()}"  # topics are named for their resources
    (topic,) = (arn for one in sns.list_topics()["Topics"] if (arn := one["TopicArn"]).endswith(ending))
    sns.subscribe(TopicArn=topic, Protocol=wanted["Protocol"], Endpoint=wanted["Endpoint"])


class Adopting:
    """Where a change set adopts buckets, moto 5.2 makes them again and fails: they are moved aside meanwhile."""

    def __init__(self) -> None:
        self._adopts = False
        self._aside: dict[str, dict[str, bytes]] = {}

    def asked(self, params: dict[str, Any], **_: Any) -> None:
        asked = parse_qs(params["body"]) if isinstance(params["body"], str) else params["body"]
        self._adopts = asked.get("ChangeSetType") in ("CREATE", ["CREATE"])
        self._template = json.loads(
            asked["TemplateBody"] if isinstance(asked["TemplateBody"], str) else asked["TemplateBody"][0]
        )

    def before(self, **_: Any) -> None:
        s3 = OWN.client("s3")
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
                OWN.client("s3").put_object(Bucket=name, Key=key, Body=body)
        for resource in self._template["Resources"].values():
            if resource["Type"] == "AWS::S3::Bucket":
                give_properties(resource["Properties"])
            if resource["Type"] == "AWS::SNS::Subscription":
                subscribe(resource["Properties"])


def refused(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
    words = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:{model.name}"
    error = {"Code": "AccessDeniedException", "Message": words}
    return SimpleNamespace(status_code=403, url=""), {"Error": error}


def failing(code: str) -> Callable[..., tuple[Any, dict[str, Any]]]:
    error = {"Error": {"Code": code, "Message": "as the test wants it"}}
    return lambda **_: (SimpleNamespace(status_code=400), error)


def session() -> botocore.session.Session:
    made = core_session()
    for may_not in os.environ.get("MAY_NOT", "").split():
        made.register(f"before-call.{may_not}", refused)
    for fails in os.environ.get("FAILS", "").split():
        made.register(f"before-call.{fails.partition('=')[0]}", failing(fails.partition("=")[2]))
    guard(made)
    made.register("after-call.s3.HeadBucket", refuse_others_buckets)
    adopting = Adopting()
    made.register("before-call.cloudformation.CreateChangeSet", adopting.asked)
    made.register("before-call.cloudformation.ExecuteChangeSet", adopting.before)
    made.register("after-call.cloudformation.ExecuteChangeSet", adopting.after)
    made.register("provide-client-params.s3.PutBucketNotificationConfiguration", lower_filter_names)
    made.register("before-call.lambda.PutFunctionRecursionConfig", recursion)
    made.register("before-call.lambda.GetFunctionRecursionConfig", recursion)
    made.register("before-call.bedrock.ListInferenceProfiles", inference_profiles)
    made.register("before-call.bedrock.GetFoundationModel", foundation_model)
    made.register("before-call.bedrock.GetFoundationModelAvailability", availability)
    made.register("before-call.bedrock.ListFoundationModelAgreementOffers", answer(OFFERED))
    made.register("before-call.bedrock.CreateFoundationModelAgreement", agreed)
    made.register("before-call.bedrock.GetUseCaseForModelAccess", answer({"formData": b"0123456789"}))
    made.register("before-call.service-quotas.ListServiceQuotas", answer({"Quotas": []}))
    made.register("before-call.lambda.GetAccountSettings", answer({"AccountLimit": {"ConcurrentExecutions": 1000}}))
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], session()))
