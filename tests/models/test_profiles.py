"""A bare id becomes the profile of its region's geography where only that answers, and prices follow the address."""

import pytest

from chalicelib.local.bedrock import catalogue
from chalicelib.models.catalogue import Catalogue
from chalicelib.models.profiles import OFFERS, usable_id

CATALOGUE = Catalogue.standard()
NOVA_PRO, HAIKU = "amazon.nova-pro-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0"
REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1")


@pytest.mark.parametrize(
    ("entry", "stage_region", "expected"),
    [
        (NOVA_PRO, "us-east-1", f"us-east-1/{NOVA_PRO}"),
        (NOVA_PRO, "us-west-2", f"us-west-2/us.{NOVA_PRO}"),
        (NOVA_PRO, "eu-central-1", f"eu-central-1/eu.{NOVA_PRO}"),
        (NOVA_PRO, "ap-northeast-1", f"ap-northeast-1/apac.{NOVA_PRO}"),
        (f"eu-west-1/{NOVA_PRO}", "us-east-1", f"eu-west-1/eu.{NOVA_PRO}"),
        (NOVA_PRO, "us-gov-west-1", f"us-gov-west-1/{NOVA_PRO}"),
        (HAIKU, "us-east-1", f"us-east-1/us.{HAIKU}"),
        (HAIKU, "ap-northeast-1", f"ap-northeast-1/jp.{HAIKU}"),
        (HAIKU, "ap-southeast-2", f"ap-southeast-2/au.{HAIKU}"),
        (f"global.{HAIKU}", "us-east-1", f"us-east-1/global.{HAIKU}"),
        (NOVA_PRO, "sa-east-1", f"sa-east-1/{NOVA_PRO}"),
        ("stability.stable-image-core-v1:1", "eu-central-1", "us-west-2/stability.stable-image-core-v1:1"),
    ],
)
def test_an_entry_becomes_the_id_that_answers_in_its_region(entry, stage_region, expected):
    assert str(CATALOGUE.reference(entry, stage_region)) == expected


def test_every_vision_model_has_its_regions_written_down():
    assert set(OFFERS) == set(CATALOGUE.vision_ids)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("identifier", CATALOGUE.vision_ids)
def test_the_id_that_is_chosen_is_one_that_the_stand_in_answers(identifier, region):
    assert catalogue.resolve(usable_id(identifier, region), region).id == identifier


@pytest.mark.parametrize(
    ("identifier", "price_in", "price_out"),
    [
        (f"global.{HAIKU}", 1.00, 5.00),
        (f"us.{HAIKU}", 1.10, 5.50),
        (f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.{HAIKU}", 1.00, 5.00),
        (f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.{HAIKU}", 1.10, 5.50),
        ("jp.anthropic.claude-sonnet-4-6", 3.30, 16.50),
        ("au.anthropic.claude-sonnet-5-5", 2.20, 11.00),
        ("eu.anthropic.claude-haiku-5-5", 0.11, 0.55),
        (f"us.{NOVA_PRO}", 0.80, 3.20),
        ("us.amazon.nova-2-lite-v1:0", 0.33, 2.75),
    ],
)
def test_prices_are_those_of_the_address(identifier, price_in, price_out):
    model = CATALOGUE.vision(identifier)
    assert (model.price_in, model.price_out) == pytest.approx((price_in, price_out))


def test_an_application_profile_whose_reach_is_hidden_counts_as_the_dearer():
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"
    model = CATALOGUE.with_additions([f"{arn}={HAIKU}"]).vision(arn)
    assert model.price_in == pytest.approx(1.10)
