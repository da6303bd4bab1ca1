"""Output buckets encrypted with a KMS key of their own: who may use it, and through what."""

import json

import pytest

from chalicelib.deploy.stage import HANDLERS
from tests.deploy import iam
from tests.deploy.iam import Request
from tests.deploy.stages import stage, wanted

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def kms(action: str, key: str = KEY, service: str = "s3.us-east-1.amazonaws.com") -> Request:
    return Request(f"kms:{action}", key, {"kms:ViaService": service})


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize(
    ("request_", "may"),
    [
        (kms("GenerateDataKey"), True),  # PutObject (S3 user guide, "Using server-side encryption with KMS", 2026-11)
        (kms("Decrypt"), True),  # GetObject
        (kms("Decrypt", KEY.replace("1111", "2222")), False),
        (kms("Decrypt", service="sqs.us-east-1.amazonaws.com"), False),
        (kms("ScheduleKeyDeletion"), False),
    ],
)
def test_a_key_that_the_stage_names_may_be_used_through_s3_only(handler: str, request_: Request, may: bool):
    policy = wanted(stage(output_kms_keys=[KEY])).policies[handler]
    assert iam.allowed(policy, request_) is may


def test_without_a_key_no_policy_speaks_of_any():
    assert "kms:" not in json.dumps(wanted(stage()).policies)


def test_of_keys_in_two_regions_each_is_used_through_its_own_s3():
    elsewhere = KEY.replace("us-east-1", "eu-west-1")
    policy = wanted(stage(output_kms_keys=[KEY, elsewhere])).policies["on_attempt"]
    assert iam.allowed(policy, kms("Decrypt", elsewhere, "s3.eu-west-1.amazonaws.com"))
