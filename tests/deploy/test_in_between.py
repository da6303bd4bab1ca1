"""What `up` and `doctor` say where something cannot be seen, is not allowed, or must be asked about first."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from tests.deploy import projects
from tests.deploy.stages import stage

STAGE = stage()
INBOX, OUTBOX = STAGE.buckets


def test_a_plan_needs_no_credentials_and_marks_what_nobody_could_look_up(project: Path, address: str):
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    plan = projects.run(project, address, "up", "--stage", "dev", "--dry-run", **nobody)
    assert (plan.returncode, plan.stderr) == (0, "")
    assert plan.stdout.splitlines()[:2] == [
        "up: stage dev, account ? (not looked up), region us-east-1",
        "  1. create the stack retake-dev  ? unless it is there already",
    ]
    assert "? Not looked up: the account, what is there already, which models and profiles are on offer." in plan.stdout
    assert "  There are no AWS credentials. Run `aws configure`" in plan.stdout
    expired = projects.run(
        project, address, "up", "--stage", "dev", "--dry-run", FAILS="sts.GetCallerIdentity=ExpiredToken"
    )
    assert (expired.returncode, "  The AWS credentials have expired. Renew them" in expired.stdout) == (0, True)
    assert projects.run(project, address, "down", "--stage", "dev", "--dry-run", **nobody).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["up"], {"AWS_DEFAULT_REGION": ""}, "No AWS region is set.\nRun `export AWS_DEFAULT_REGION=us-east-1`"),
        (["up", "--dry-run"], {"AWS_DEFAULT_REGION": ""}, "No AWS region is set.\n"),
        (["doctor"], {"FAILS": "sts.GetCallerIdentity=ExpiredToken"}, "The AWS credentials have expired.\nRenew them"),
        (["down"], {"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found.\nCorrect AWS_PROFILE"),
        (["up"], {"AWS_ENDPOINT_URL": "nowhere"}, "AWS_ENDPOINT_URL is no address: Invalid endpoint: nowhere.\nUnset"),
        (
            ["up"],
            {"AWS_DEFAULT_REGION": "us east 1"},
            "Provided region_name 'us east 1' doesn't match a supported format.",
        ),
        (["doctor"], {"FAILS": "sts.GetCallerIdentity=InvalidClientTokenId"}, "AWS does not know these credentials."),
    ],
)
def test_who_is_asking_and_where_is_one_sentence_and_the_next_step(
    project: Path, address: str, arguments: list[str], variables: dict[str, str], says: str
):
    done = projects.run(project, address, *arguments, "--stage", "dev", **variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(says)
    assert len(done.stderr.splitlines()) == 2


def test_doctor_says_a_line_for_everything_that_it_may_not_look_at(project: Path, address: str):
    hidden = (
        "cloudformation.DescribeStacks s3.HeadBucket iam.GetRole lambda.GetFunctionConfiguration "
        "bedrock.ListInferenceProfiles bedrock.GetFoundationModel sns.ListSubscriptionsByTopic "
        "lambda.GetAccountSettings"
    )
    done = projects.run(project, address, "doctor", "--stage", "dev", MAY_NOT=hidden)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    for name in (
        "stack retake-dev",
        f"bucket {INBOX}",
        "function retake-dev-on_attempt",
        "role retake-dev-on_prompt",
        "vision model us-east-1/amazon.nova-pro-v1:0",
        "subscribers of the alarms",
        "Lambda: concurrent executions",
    ):
        assert any(line[5:].startswith(f"{name} cannot be looked at: These credentials may not do") for line in lines)


@pytest.mark.parametrize("code", ["AccessDeniedException", "TooManyRequestsException", "ServiceException"])
def test_whatever_service_quotas_answers_is_a_line_and_loses_no_other(project: Path, address: str, code: str):
    whole = projects.run(project, address, "doctor", "--stage", "dev").stdout.splitlines()
    part = projects.run(
        project, address, "doctor", "--stage", "dev", FAILS=f"service-quotas.ListServiceQuotas={code}"
    ).stdout.splitlines()
    assert set(whole) <= set(part)
    more = sorted(set(part) - set(whole))
    assert [line.partition(" cannot be looked at: ")[0] for line in more] == [
        "note quotas of us-east-1",
        "note quotas of us-west-2",
    ]


def test_up_offers_a_subscription_with_its_price_and_makes_it_only_when_told(project: Path, address: str):
    asked = projects.run(project, address, "up", "--stage", "dev", NOT_SUBSCRIBED="1")
    assert "us-west-2/stability.stable-image-core-v1:1 is sold by another company on AWS Marketplace:\n" in asked.stdout
    assert "amazon.nova-pro-v1:0 is sold" not in asked.stdout
    assert "    $0.04 Units: an image\n    terms: https://example.com/terms\n" in asked.stdout
    assert "Not subscribed: there is no terminal to ask at. `python -m chalicelib up --stage dev --yes`" in asked.stdout
    assert "FAIL image model us-west-2/stability.stable-image-core-v1:1 is sold by another company" in asked.stdout
    agreed = projects.run(project, address, "up", "--stage", "dev", "--yes", NOT_SUBSCRIBED="1")
    assert "us-west-2/stability.stable-image-core-v1:1 is subscribed to.\n" in agreed.stdout
    assert "ok   image model us-west-2/stability.stable-image-core-v1:1 is active" in agreed.stdout


@pytest.mark.parametrize("region", ["us-west-2", "eu-central-1", "ap-northeast-1"])
def test_doctor_proves_the_default_panel_of_a_region_at_the_stand_in(project: Path, address: str, region: str):
    with StandIn() as bedrock:
        there = {"AWS_DEFAULT_REGION": region, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url}
        well = projects.run(project, address, "doctor", "--stage", "dev", "--probe", **there).stdout
        bedrock.behaviour = Behaviour(no_access=("amazon.nova-pro-v1:0",))
        refused = projects.run(project, address, "doctor", "--stage", "dev", "--probe", **there).stdout
    assert f"ok   vision model {region}/" in well.splitlines()[-2]
    assert "amazon.nova-pro-v1:0 answered in" in well.splitlines()[-2]
    assert well.splitlines()[-1].startswith("Not tried on drawn pictures: `python -m chalicelib doctor --stage dev ")
    assert refused.splitlines()[-1].startswith(f"FAIL vision model {region}/")
    assert "amazon.nova-pro-v1:0 refused: AccessDeniedException" in refused.splitlines()[-1]


def set_variable(project: Path, name: str, value: str, **more: Any) -> None:
    """A variable of config.json, and further keys of the file, in the clone."""
    path = project / ".chalice" / "config.json"
    config = {**json.loads(path.read_text(encoding="utf-8")), **more}
    config["environment_variables"][name] = value
    path.write_text(json.dumps(config), encoding="utf-8")


def test_anthropics_form_is_asked_for_where_a_claude_is_in_the_panel(project: Path, address: str):
    assert "Anthropic" not in projects.run(project, address, "doctor", "--stage", "dev").stdout
    set_variable(project, "VISION_MODELS", "anthropic.claude-haiku-5-5")
    sent = projects.run(project, address, "doctor", "--stage", "dev").stdout
    assert sent.endswith("ok   Anthropic's use-case form was sent\n")
    never = projects.run(
        project, address, "doctor", "--stage", "dev", FAILS="bedrock.GetUseCaseForModelAccess=ResourceNotFoundException"
    )
    assert (never.returncode, "FAIL Anthropic's use-case form was never sent -> choose" in never.stdout) == (1, True)


def test_an_output_bucket_with_a_key_of_its_own_is_told_until_the_key_is_named(project: Path, address: str):
    key, bucket = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555", "retake-results"
    s3 = boto3.client(
        "s3", "us-east-1", endpoint_url=address, aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    s3.create_bucket(Bucket=bucket)
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [default]})
    set_variable(project, "OUTPUT_BUCKETS", bucket)
    unnamed = projects.run(project, address, "doctor", "--stage", "dev").stdout
    assert f"FAIL bucket {bucket} is encrypted with {key}, which the functions may not use -> add that key" in unnamed
    set_variable(project, "OUTPUT_BUCKETS", bucket, output_kms_keys=[key])
    named = projects.run(project, address, "doctor", "--stage", "dev").stdout
    assert f"ok   bucket {bucket} is encrypted with {key}, which the functions may use" in named


def test_a_profile_that_the_region_does_not_offer_stops_up_before_anything_is_made(project: Path, address: str):
    set_variable(project, "VISION_MODELS", "eu.amazon.nova-pro-v1:0")
    done = projects.run(project, address, "up", "--stage", "dev")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "There is no inference profile eu.amazon.nova-pro-v1:0 in us-east-1.\n"
        "Name us.amazon.nova-pro-v1:0 in its place in .chalice/config.json, then run this again.\n"
    )
