"""Entries of a chain: `[region/]id`, where an id may be a model's, a profile's or an ARN."""

import pytest

from chalicelib.models.reference import BadReference, parse_reference, underlying
from chalicelib.models.types import ModelReference

PROFILE_ARN = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0"
MODEL_ARN = "arn:aws:bedrock:us-west-2::foundation-model/stability.stable-image-core-v1:1"
OWN_PROFILE_ARN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"


def stability_lives_in_us_west_2(identifier: str) -> str | None:
    return "us-west-2" if underlying(identifier).startswith("stability.") else None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("amazon.nova-pro-v1:0", "us-east-1/amazon.nova-pro-v1:0"),
        (" amazon.nova-pro-v1:0 ", "us-east-1/amazon.nova-pro-v1:0"),
        ("eu-central-1/eu.amazon.nova-pro-v1:0", "eu-central-1/eu.amazon.nova-pro-v1:0"),
        ("us-gov-west-1/amazon.nova-pro-v1:0", "us-gov-west-1/amazon.nova-pro-v1:0"),
        ("stability.stable-image-core-v1:1", "us-west-2/stability.stable-image-core-v1:1"),
        ("eu-west-1/stability.stable-image-core-v1:1", "eu-west-1/stability.stable-image-core-v1:1"),
        (PROFILE_ARN, f"eu-west-1/{PROFILE_ARN}"),
        (MODEL_ARN, f"us-west-2/{MODEL_ARN}"),
        (f"ap-northeast-1/{PROFILE_ARN}", f"ap-northeast-1/{PROFILE_ARN}"),
        ("global.anthropic.claude-haiku-5-5", "us-east-1/global.anthropic.claude-haiku-5-5"),
    ],
)
def test_the_region_is_the_entrys_else_the_arns_else_the_familys_else_the_stages(entry, expected):
    assert str(parse_reference(entry, "us-east-1", stability_lives_in_us_west_2)) == expected


def test_without_families_the_stages_region_is_used():
    assert parse_reference("stability.x-v1:0", "us-east-1") == ModelReference("us-east-1", "stability.x-v1:0")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", "give [region/]id"),
        ("us-east-1/", "give [region/]id"),
        ("a model", "give [region/]id"),
        ("a/b", "'a' is no region"),
        ("us-east-1/../x", "give [region/]id"),
        ("us-east-1/amazon.nova\npro", "inference profile's id or an ARN"),
        ("arn:aws:s3:::bucket/key", "give [region/]id"),
        ("US-EAST-1/amazon.nova-pro-v1:0", "write one as us-west-2"),
        ("x" * 4_000, "…"),
    ],
)
def test_what_is_no_entry_is_refused_with_what_is_allowed(entry, words):
    with pytest.raises(BadReference) as refused:
        parse_reference(entry, "us-east-1")
    assert words in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        ("us.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        ("jp.anthropic.claude-haiku-5-5", "anthropic.claude-haiku-5-5"),
        ("au.anthropic.claude-haiku-5-5", "anthropic.claude-haiku-5-5"),
        ("apac.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("global.amazon.nova-2-lite-v1:0", "amazon.nova-2-lite-v1:0"),
        ("us-gov.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        (PROFILE_ARN, "amazon.nova-pro-v1:0"),
        (MODEL_ARN, "stability.stable-image-core-v1:1"),
        (OWN_PROFILE_ARN, "a1b2c3d4e5f6"),
    ],
)
def test_the_model_behind_a_profile_or_an_arn(identifier, expected):
    assert underlying(identifier) == expected
