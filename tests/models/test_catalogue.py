"""The catalogue: known models by id, profile or ARN; the unknown refused with the nearest; additions by setting."""

import pytest

from chalicelib.models.catalogue import Catalogue, UnknownModel
from chalicelib.models.reference import BadReference
from tests.models.orders import SAMPLING, order

CATALOGUE = Catalogue.standard()
ARN = "arn:aws:bedrock:us-east-1:"
NEW_CORE = "us-west-2/stability.stable-image-core-v2:0=stability.stable-image-core-v1:1"


def test_the_families_that_are_promised_are_there():
    assert CATALOGUE.image_ids == (
        "amazon.nova-canvas-v1:0",
        "amazon.titan-image-generator-v2:0",
        "stability.stable-image-core-v1:1",
        "stability.stable-image-ultra-v1:1",
        "stability.sd3-5-large-v1:0",
    )
    assert CATALOGUE.vision_ids == (
        "amazon.nova-pro-v1:0",
        "amazon.nova-lite-v1:0",
        "amazon.nova-2-lite-v1:0",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-sonnet-4-6",
        "anthropic.claude-haiku-5-5",
        "anthropic.claude-sonnet-5-5",
        "anthropic.claude-opus-5-5",
    )


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("us.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        ("global.anthropic.claude-haiku-5-5", "anthropic.claude-haiku-5-5"),
        (f"{ARN}123456789012:inference-profile/us.amazon.nova-2-lite-v1:0", "amazon.nova-2-lite-v1:0"),
        (f"{ARN}:foundation-model/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
    ],
)
def test_profiles_and_arns_lead_to_their_model(identifier, expected):
    assert CATALOGUE.vision(identifier).id == expected


@pytest.mark.parametrize(
    ("identifier", "nearest"),
    [
        ("amazon.nova-canvas-v2:0", "amazon.nova-canvas-v1:0"),
        ("us.amazon.nova-canvas-v3:0", "amazon.nova-canvas-v1:0"),
        ("stability.stable-image-core-v1:0", "stability.stable-image-core-v1:1"),
        ("stable-image-ultra", "stability.stable-image-ultra-v1:1"),
    ],
)
def test_an_unknown_image_model_is_refused_with_the_nearest_known(identifier, nearest):
    with pytest.raises(UnknownModel) as refused:
        CATALOGUE.image(identifier)
    assert refused.value.nearest[0] == nearest
    assert nearest in str(refused.value)
    assert isinstance(refused.value, ValueError)


def test_a_model_of_the_other_role_is_unknown_in_this_one():
    with pytest.raises(UnknownModel, match="no known image model"):
        CATALOGUE.image("amazon.nova-pro-v1:0")
    with pytest.raises(UnknownModel, match="no known vision model"):
        CATALOGUE.vision("amazon.nova-canvas-v1:0")


def test_what_resembles_nothing_has_no_nearest():
    with pytest.raises(UnknownModel) as refused:
        CATALOGUE.vision("zzz")
    assert refused.value.nearest == ()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("stability.sd3-5-large-v1:0", "us-west-2/stability.sd3-5-large-v1:0"),
        ("amazon.nova-canvas-v1:0", "eu-west-1/amazon.nova-canvas-v1:0"),
        ("us-east-1/amazon.nova-canvas-v1:0", "us-east-1/amazon.nova-canvas-v1:0"),
        ("eu.amazon.nova-pro-v1:0", "eu-west-1/eu.amazon.nova-pro-v1:0"),
        ("nobody.knows-v1:0", "eu-west-1/nobody.knows-v1:0"),
    ],
)
def test_an_entry_finds_its_region(entry, expected):
    assert str(CATALOGUE.reference(entry, "eu-west-1")) == expected


def test_a_new_image_model_is_added_by_a_setting_and_its_notes_say_so():
    extended = CATALOGUE.with_additions([NEW_CORE])
    added = extended.image("stability.stable-image-core-v2:0")
    assert added.price(1024, 1024) == 0.04
    assert str(extended.reference(added.id, "eu-west-1")) == "us-west-2/stability.stable-image-core-v2:0"
    assert added.draw(order(1)).notes[0] == (
        "stability.stable-image-core-v2:0 is taken to behave as stability.stable-image-core-v1:1: the stage's "
        "settings say so"
    )
    assert extended.image_ids[-1] == added.id
    assert added.id not in CATALOGUE.image_ids


def test_a_new_vision_model_is_added_by_a_setting_and_its_notes_say_so(verify):
    extended = CATALOGUE.with_additions(["amazon.nova-3-pro-v1:0=us.amazon.nova-pro-v1:0"])
    added = extended.vision("global.amazon.nova-3-pro-v1:0")
    assert (added.price_in, added.behaves_as) == (0.80, "amazon.nova-pro-v1:0")
    assert "is taken to behave as amazon.nova-pro-v1:0" in added.ask(verify, SAMPLING, None)[1][0]


def test_an_application_profile_is_added_by_its_arn():
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"
    extended = CATALOGUE.with_additions([f"{arn}=anthropic.claude-haiku-5-5"])
    assert extended.vision(arn).behaves_as == "anthropic.claude-haiku-5-5"
    assert extended.reference(arn, "eu-west-1").region == "us-east-1"


def test_the_same_addition_may_stand_in_several_lists():
    assert CATALOGUE.with_additions([NEW_CORE, f" {NEW_CORE}"]).image_ids[-1] == "stability.stable-image-core-v2:0"


def test_additions_may_build_on_each_other():
    extended = CATALOGUE.with_additions([NEW_CORE, "stability.core-v3:0=stability.stable-image-core-v2:0"])
    assert extended.image("stability.core-v3:0").default_region == "us-west-2"


@pytest.mark.parametrize(
    ("entry", "kind", "words"),
    [
        ("stability.core-v3:0", BadReference, "write new-id=known-id"),
        ("=amazon.nova-pro-v1:0", BadReference, "write new-id=known-id"),
        ("x.y-v1:0=", BadReference, "write new-id=known-id"),
        ("amazon.nova-pro-v1:0=amazon.nova-lite-v1:0", BadReference, "is known already"),
        ("a b=amazon.nova-lite-v1:0", BadReference, "give [region/]id"),
        ("x.y-v1:0=amazon.nova-light-v1:0", UnknownModel, "amazon.nova-lite-v1:0"),
        ("x.y-v1:0=stability.stable-image-cor-v1:1", UnknownModel, "stability.stable-image-core-v1:1"),
    ],
)
def test_an_addition_that_makes_no_sense_is_refused(entry, kind, words):
    with pytest.raises(kind) as refused:
        CATALOGUE.with_additions([entry])
    assert words in str(refused.value)
