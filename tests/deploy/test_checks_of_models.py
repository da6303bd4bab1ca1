"""`doctor` on models: alive, allowed, subscribed to, and answering under the id that is used."""

from datetime import date

import pytest

from chalicelib.deploy.checks.line import Mark, passed
from chalicelib.deploy.checks.models import check_models, refuse_unknown_profiles
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import (
    ModelFound,
)
from chalicelib.deploy.grants import Profile
from chalicelib.deploy.stage import Caller
from chalicelib.models.types import ModelReference
from tests.deploy.stages import stage

STAGE = stage()
UP = "python -m chalicelib up --stage dev"
CANVAS = ModelReference("us-east-1", "amazon.nova-canvas-v1:0")
CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
NOVA = ModelReference("us-east-1", "amazon.nova-pro-v1:0")
ALIVE = {model: ModelFound(model, "ACTIVE") for model in (CANVAS, CORE, NOVA)}


@pytest.mark.parametrize(
    ("seen", "lines"),
    [
        (
            {},
            [
                "ok   image model us-east-1/amazon.nova-canvas-v1:0 is active",
                "ok   image model us-west-2/stability.stable-image-core-v1:1 is active",
                "ok   vision model us-east-1/amazon.nova-pro-v1:0 is active",
            ],
        ),
        (
            {
                CANVAS: ModelFound(CANVAS, None),
                CORE: ModelFound(CORE, "ACTIVE", subscribed=False),
                NOVA: ModelFound(NOVA, "LEGACY", date(2027, 3, 1)),
            },
            [
                "FAIL image model us-east-1/amazon.nova-canvas-v1:0 has ended or is not offered in us-east-1"
                " -> take it out of IMAGE_MODELS in .chalice/config.json, then `up`",
                "FAIL image model us-west-2/stability.stable-image-core-v1:1 is sold by another company,"
                " and this account has not subscribed to it"
                " -> python -m chalicelib up --stage dev: it says the price and asks",
                "note vision model us-east-1/amazon.nova-pro-v1:0 is legacy, ends on 2027-03-01"
                " -> put its successor into VISION_MODELS in .chalice/config.json",
            ],
        ),
        (
            {
                CANVAS: ModelFound(CANVAS, None),
                CORE: ModelFound(CORE, "ACTIVE", access="this account is not authorized for it"),
                NOVA: ModelFound(NOVA, None),
            },
            [
                "FAIL image model us-east-1/amazon.nova-canvas-v1:0 has ended or is not offered in us-east-1"
                " -> take it out of IMAGE_MODELS in .chalice/config.json, then `up`",
                "FAIL image model us-west-2/stability.stable-image-core-v1:1 may not be invoked:"
                " this account is not authorized for it"
                " -> see what it asks for at"
                " https://us-west-2.console.aws.amazon.com/bedrock/home?region=us-west-2#/model-catalog",
                "FAIL vision model us-east-1/amazon.nova-pro-v1:0 has ended or is not offered in us-east-1"
                " -> take it out of VISION_MODELS in .chalice/config.json, then `up`",
            ],
        ),
    ],
)
def test_models_are_shown_as_bedrock_has_them(seen: dict[ModelReference, ModelFound], lines: list[str]):
    assert [str(line) for line in check_models(STAGE, {**ALIVE, **seen})] == lines


def test_one_usable_image_model_is_enough_and_a_panel_needs_all():
    assert passed(check_models(STAGE, {**ALIVE, CANVAS: ModelFound(CANVAS, None)}))
    assert not passed(check_models(STAGE, {**ALIVE, NOVA: ModelFound(NOVA, None)}))


def test_a_subscription_under_way_is_waited_for():
    pending = {CORE: ModelFound(CORE, "ACTIVE", subscribed=False, pending=True)}
    (line,) = [line for line in check_models(STAGE, {**ALIVE, **pending}) if "is being made" in line.says]
    assert (line.mark, line.mend) == (Mark.NOTE, "wait some 15 minutes, then ask again")


def profile(region: str, identifier: str) -> Profile:
    return Profile(region, identifier, f"arn:aws:bedrock:{region}:123456789012:inference-profile/{identifier}", ())


WEST = stage(caller=Caller("aws", "123456789012", "us-west-2"))
US_NOVA = ModelReference("us-west-2", "us.amazon.nova-pro-v1:0")
WEST_CANVAS = ModelReference("us-west-2", CANVAS.id)
SEEN_WEST = {model: ModelFound(model, "ACTIVE", on_demand=False) for model in (WEST_CANVAS, CORE, US_NOVA)} | {
    CORE: ModelFound(CORE, "ACTIVE", on_demand=True)
}


def test_the_id_that_is_used_is_confirmed_by_what_the_region_offers():
    offered = [profile("us-west-2", US_NOVA.id)]
    assert [str(line) for line in check_models(WEST, SEEN_WEST, offered) if US_NOVA.id in line.says] == [
        "ok   vision model us-west-2/us.amazon.nova-pro-v1:0 is active"
    ]
    elsewhere = [profile("us-east-1", US_NOVA.id), profile("us-west-2", "global.amazon.nova-pro-v1:0")]
    assert [str(line) for line in check_models(WEST, SEEN_WEST, elsewhere)][-1] == (
        "FAIL there is no inference profile us.amazon.nova-pro-v1:0 in us-west-2"
        " -> name global.amazon.nova-pro-v1:0 in its place in .chalice/config.json"
    )


def test_a_bare_id_that_bedrock_answers_by_profile_only_is_told_whatever_our_own_table_says():
    seen = {**ALIVE, NOVA: ModelFound(NOVA, "ACTIVE", on_demand=False)}
    lines = check_models(STAGE, seen, [profile("us-east-1", "us.amazon.nova-pro-v1:0")])
    assert [str(line) for line in lines if line.mark is Mark.FAIL] == [
        "FAIL vision model us-east-1/amazon.nova-pro-v1:0 answers through an inference profile only in us-east-1"
        " -> name us.amazon.nova-pro-v1:0 in its place in .chalice/config.json"
    ]


def test_up_stops_at_a_profile_that_does_not_exist_in_the_region():
    named = stage(VISION_MODELS="eu.amazon.nova-pro-v1:0")
    with pytest.raises(CannotDeploy) as refused:
        refuse_unknown_profiles(named, [profile("us-east-1", "us.amazon.nova-pro-v1:0")])
    assert (refused.value.says, refused.value.then) == (
        "There is no inference profile eu.amazon.nova-pro-v1:0 in us-east-1.",
        "Name us.amazon.nova-pro-v1:0 in its place in .chalice/config.json, then run this again.",
    )
    refuse_unknown_profiles(named, [profile("us-east-1", "eu.amazon.nova-pro-v1:0")])
    refuse_unknown_profiles(STAGE, [])


HIDDEN = CannotDeploy("These credentials may not do it.", "Have that action allowed.")


def test_a_model_that_cannot_be_looked_at_is_a_line_too():
    lines = check_models(STAGE, {CANVAS: ALIVE[CANVAS], CORE: ALIVE[CORE]}, (), {f"model {NOVA}": HIDDEN})
    assert str(lines[-1]).startswith(f"?    vision model {NOVA} cannot be looked at: These credentials may not do it.")
