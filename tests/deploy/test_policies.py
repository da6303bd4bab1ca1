"""The policies as they are written: exact resources, nothing below the inbox, no more models than the stage's."""

import json
from typing import Any

import pytest

from chalicelib.deploy.documents import POLICY_LIMIT
from chalicelib.deploy.grants import Profile, arns, models_of
from chalicelib.deploy.stage import HANDLERS, Caller
from chalicelib.models.catalogue import Catalogue
from tests.deploy import iam
from tests.deploy.iam import Request
from tests.deploy.stages import CALLER, ROOT, stage, wanted

STAGE = stage()
POLICIES = wanted(STAGE).policies
INBOX, OUTBOX = STAGE.settings.inbox_bucket, STAGE.settings.outbox_bucket
OURS = {"s3:ResourceAccount": CALLER.account}


def s3(action: str, resource: str, account: str = CALLER.account) -> Request:
    return Request(f"s3:{action}", f"arn:aws:s3:::{resource}", {"s3:ResourceAccount": account})


def sqs(action: str, queue: str) -> Request:
    return Request(f"sqs:{action}", f"arn:aws:sqs:us-east-1:123456789012:{queue}")


def model(region: str, identifier: str) -> Request:
    return Request("bedrock:InvokeModel", f"arn:aws:bedrock:{region}::foundation-model/{identifier}")


ALL, PAYING, READING = HANDLERS, ("on_prompt", "on_attempt"), ("on_prompt", "on_dead_letter")
NONE: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("request_", "by"),
    [
        (s3("GetObject", f"{INBOX}/inbox/a.json"), READING),
        (s3("GetObjectVersion", f"{INBOX}/inbox/a b+é.json"), READING),
        (s3("GetObject", f"{INBOX}/elsewhere/a.json"), NONE),
        (s3("PutObject", f"{INBOX}/inbox/a.json"), NONE),
        (s3("PutObject", f"{INBOX}/generated-images/x/result.json"), NONE),
        (s3("PutObject", f"{OUTBOX}/generated-images/x/result.json"), ALL),
        (s3("GetObject", f"{OUTBOX}/any prefix/x/000-000.json"), ALL),
        (s3("ListBucket", OUTBOX), ALL),
        (s3("ListBucket", INBOX), READING),
        (s3("DeleteObject", f"{OUTBOX}/generated-images/x/result.json"), NONE),
        (s3("GetObject", f"{OUTBOX}/x", account="999999999999"), NONE),
        (s3("PutObject", "another-bucket/x"), NONE),
        (sqs("SendMessage", "retake-dev"), ALL),
        (sqs("ReceiveMessage", "retake-dev"), ("on_attempt",)),
        (sqs("DeleteMessage", "retake-dev"), ("on_attempt",)),
        (sqs("SendMessage", "retake-dev-dead-letters"), READING),
        (sqs("ReceiveMessage", "retake-dev-dead-letters"), ("on_dead_letter",)),
        (sqs("SendMessage", "retake-prod"), NONE),
        (sqs("PurgeQueue", "retake-dev"), NONE),
        (model("us-east-1", "amazon.nova-canvas-v1:0"), PAYING),
        (model("us-west-2", "stability.stable-image-core-v1:1"), PAYING),
        (model("us-east-1", "stability.stable-image-core-v1:1"), NONE),
        (model("eu-west-1", "amazon.nova-pro-v1:0"), NONE),
        (Request("bedrock:InvokeModelWithResponseStream", model("us-east-1", "amazon.nova-pro-v1:0").resource), NONE),
        (Request("aws-marketplace:Subscribe", "*", {"aws:CalledViaLast": "bedrock.amazonaws.com"}), NONE),
        (Request("aws-marketplace:Subscribe", "*"), NONE),
        (Request("logs:CreateLogGroup", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/x"), NONE),
    ],
)
def test_who_may_what(request_: Request, by: tuple[str, ...]):
    assert tuple(handler for handler in HANDLERS if iam.allowed(POLICIES[handler], request_)) == by


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_function_writes_its_own_log_and_no_other(handler: str):
    log = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{}:log-stream:x"
    may = [
        other
        for other in HANDLERS
        if iam.allowed(POLICIES[handler], Request("logs:PutLogEvents", log.format(STAGE.function(other))))
    ]
    assert may == [handler]


def test_in_one_bucket_nothing_is_written_below_the_inbox():
    one = stage(OUTBOX_BUCKET="retake-{stage}-inbox-{account}-{region}")
    for policy in wanted(one).policies.values():
        assert iam.allowed(policy, s3("PutObject", f"{INBOX}/generated-images/x/result.json"))
        assert not iam.allowed(policy, s3("PutObject", f"{INBOX}/inbox/x.json"))


@pytest.mark.parametrize(
    ("listed", "bucket", "may"),
    [
        ("", "mine", False),
        ("mine,yours", "mine", True),
        ("mine", "theirs", False),
        ("mine", OUTBOX, True),
        ("*", "any-of-this-account", True),
    ],
)
def test_results_go_to_the_allowed_buckets_only(listed: str, bucket: str, may: bool):
    for policy in wanted(stage(OUTPUT_BUCKETS=listed)).policies.values():
        assert iam.allowed(policy, s3("PutObject", f"{bucket}/x/result.json")) is may
        assert not iam.allowed(policy, s3("PutObject", f"{bucket}/x/result.json", account="999999999999"))


@pytest.mark.parametrize("handler", HANDLERS)
def test_no_resource_is_everything(handler: str):
    for statement in POLICIES[handler]["Statement"]:
        for resource in iam.listed(statement["Resource"]):
            assert "*" not in resource.removesuffix("/inbox/*").removesuffix("/*").removesuffix(":*")


def profile(identifier: str, *regions: str, at: str = "us-east-1") -> Profile:
    name = identifier.partition(".")[2]
    routes = tuple(f"arn:aws:bedrock:{region}::foundation-model/{name}" for region in regions)
    return Profile(at, identifier, f"arn:aws:bedrock:{at}:123456789012:inference-profile/{identifier}", routes)


def test_a_profile_is_its_own_arn_and_its_models_in_every_region_it_routes_to():
    lite = profile("us.amazon.nova-2-lite-v1:0", "us-east-1", "us-west-2")
    settings = stage(
        ALLOWED_VISION_MODELS="us.amazon.nova-2-lite-v1:0", ALLOWED_IMAGE_MODELS="amazon.nova-canvas-v1:0"
    ).settings
    assert arns(models_of(settings, [lite]), CALLER, [lite]) == [
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-2-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-canvas-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
        "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-2-lite-v1:0",
        "arn:aws:bedrock:us-west-2::foundation-model/stability.stable-image-core-v1:1",
    ]


def test_a_profile_that_is_not_offered_here_is_left_out():
    settings = stage(ALLOWED_VISION_MODELS="eu.amazon.nova-pro-v1:0").settings
    assert not [arn for arn in arns(models_of(settings), CALLER, ()) if "inference-profile" in arn]


@pytest.mark.parametrize(
    ("entry", "arn"),
    [
        ("us-gov-west-1/amazon.nova-pro-v1:0", "arn:aws:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0"),
        (
            "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-pro-v1:0",
            "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-pro-v1:0",
        ),
        (
            "amazon.nova-pro-v2:0=amazon.nova-pro-v1:0",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v2:0",
        ),
    ],
)
def test_an_entry_becomes_the_arn_that_iam_knows(entry: str, arn: str):
    assert arn in arns(models_of(stage(ALLOWED_VISION_MODELS=entry).settings), CALLER, ())


def test_without_lists_every_known_model_and_its_profiles_here_may_be_named():
    lite, foreign = profile("us.amazon.nova-2-lite-v1:0", "us-east-1"), profile("us.meta.llama-9-v1:0", "us-east-1")
    elsewhere = profile("us.amazon.nova-pro-v1:0", "us-west-2", at="us-west-2")
    named = [str(one) for one in models_of(STAGE.settings, [lite, foreign, elsewhere])]
    known = Catalogue.standard()
    visions = {known.reference(identifier, "us-east-1").id for identifier in known.vision_ids}
    assert {name.partition("/")[2] for name in named} == {*known.image_ids, *visions}
    assert lite.id in visions


def test_the_default_panel_of_a_region_without_it_on_demand_is_its_profile_and_all_that_it_routes_to():
    pro = profile("us.amazon.nova-pro-v1:0", "us-east-1", "us-west-2", at="us-west-2")
    caller = Caller("aws", "123456789012", "us-west-2")
    found = arns(models_of(stage(caller=caller).settings, [pro]), caller, [pro])
    assert {pro.arn, *pro.models} <= set(found)


def test_what_the_policy_permits_a_prompt_file_may_name():
    offered = [profile(f"us.{name}", "us-east-1", "us-west-2") for name in STAGE.settings.catalogue.vision_ids]
    for one in models_of(STAGE.settings, offered):
        entry = f"{one.region}/{one.id}"
        known = (
            STAGE.settings.allows_image_model
            if one.id in STAGE.settings.catalogue.image_ids
            else STAGE.settings.allows_vision_model
        )
        assert known(entry)


def geographic(name: str, at: str) -> list[Profile]:
    """The profiles a model has in Europe, where routes are most: its geography's and the global one."""
    europe = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")
    return [profile(f"eu.{name}", *europe, at=at), profile(f"global.{name}", at, "", at=at)]


def test_with_every_model_and_profile_a_policy_is_still_short_enough_for_iam():
    of = stage(caller=Caller("aws", "123456789012", "eu-central-1"))
    profiles = tuple(one for name in Catalogue.standard().vision_ids for one in geographic(name, "eu-central-1"))
    for policy in wanted(of, profiles).policies.values():
        assert len(json.dumps(policy, separators=(",", ":"))) <= POLICY_LIMIT


def test_account_and_region_are_filled_in_everywhere():
    of = stage("prod", Caller("aws-cn", "210987654321", "cn-north-1"))
    for policy in wanted(of).policies.values():
        text = json.dumps(policy)
        assert "123456789012" not in text
        assert "{" + "account" not in text
        for resource in all_resources(policy):
            assert resource == "*" or resource.startswith("arn:aws-cn:")


def all_resources(policy: Any) -> list[str]:
    return [resource for statement in policy["Statement"] for resource in iam.listed(statement["Resource"])]


@pytest.mark.parametrize("handler", HANDLERS)
def test_the_files_are_json_that_a_reviewer_can_read(handler: str):
    text = (ROOT / ".chalice" / f"policy-{handler}.json").read_text(encoding="utf-8")
    sids = [statement["Sid"] for statement in json.loads(text)["Statement"]]
    assert len(sids) == len(set(sids))
