"""What `up` and `doctor` say where something cannot be seen, is not allowed, or must be asked about first."""

from pathlib import Path

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
        (["up"], {"AWS_DEFAULT_REGION": "us east 1"}, ""),
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
    assert f"ok   vision model {region}/" in well.splitlines()[-1]
    assert "amazon.nova-pro-v1:0 answered in" in well.splitlines()[-1]
    assert refused.splitlines()[-1].startswith(f"FAIL vision model {region}/")
    assert "amazon.nova-pro-v1:0 refused: AccessDeniedException" in refused.splitlines()[-1]
