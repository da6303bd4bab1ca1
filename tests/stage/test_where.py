"""Whose buckets `--stage` means, through the commands, and what is said where they cannot be looked at."""

import re
from collections.abc import Iterator
from urllib.request import urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import CannotGoOn
from chalicelib.stage.where import explained
from tests.moto_server import moto_server
from tests.stage.test_commands import ran


@pytest.fixture
def account() -> Iterator[dict[str, str]]:
    """An account in which a stage's buckets are, and nothing that takes its prompts."""
    with moto_server() as url:
        urlopen(f"{url}/moto-api/reset", data=b"").close()
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


def test_a_stages_buckets_are_those_of_its_config(account: dict[str, str]):
    s3 = boto3.client(
        "s3",
        endpoint_url=account["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    for kind in ("inbox", "outbox"):
        s3.create_bucket(Bucket=f"retake-dev-{kind}-123456789012-us-east-1")
    estimate = ran(account, "send", "The moon", "--stage", "dev", "--estimate")
    assert estimate.stdout.endswith("at most $2.00; nothing was sent\n")  # MAX_COST_USD of dev
    listed = ran(account, "list", "--stage", "dev")
    assert listed.stderr == "no job in s3://retake-dev-outbox-123456789012-us-east-1/; `send` makes some\n"
    sent = ran(account, "send", "The moon", "--stage", "dev", "--no-wait")
    assert re.fullmatch(r"the-moon-\d{8}T\d{6}Z-\n", sent.stdout)
    (put,) = s3.list_objects_v2(Bucket="retake-dev-inbox-123456789012-us-east-1")["Contents"]
    assert put["Key"] == "inbox/the-moon.json"
    s3.close()


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("nowhere", "There is no stage 'nowhere' in .chalice/config.json; it has: dev, prod.\nName one of them with"),
        ("dev", "There is no bucket retake-dev-outbox-123456789012-us-east-1; `python -m chalicelib up --stage dev`"),
    ],
)
def test_a_stage_that_is_not_there_is_said_with_what_to_do(account: dict[str, str], stage: str, said: str):
    done = ran(account, "list", "--stage", stage)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((), "AWS cannot be reached"),
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "There are no AWS credentials"),
        (("AWS_DEFAULT_REGION",), "No AWS region is set"),
    ],
)
def test_what_stands_between_a_command_and_aws_is_said(missing: tuple[str, ...], said: str):
    given = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # discard: nobody listens there
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = ran({name: value for name, value in given.items() if name not in missing}, "watch", "cats", "--stage", "dev")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)


def test_what_to_do_about_a_policy_of_the_organization_is_told_whole():
    words = "with an explicit deny in a service control policy"
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": words}}, "ListObjectsV2")
    with pytest.raises(CannotGoOn, match="forbids it: have the organization allow it there"), explained("dev"):
        raise refused
