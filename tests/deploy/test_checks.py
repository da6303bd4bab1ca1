"""`doctor`: a line for everything, with the command that mends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.deploy.checks.alarms import check_alarms
from chalicelib.deploy.checks.buckets import check_properties
from chalicelib.deploy.checks.limits import check_concurrency, check_form, check_quotas, quotas_in_use
from chalicelib.deploy.checks.line import Mark, passed
from chalicelib.deploy.checks.models import check_models, refuse_unknown_profiles
from chalicelib.deploy.checks.stage import check_deployment
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import (
    Bucket,
    BucketProperties,
    Found,
    MappingFound,
    ModelFound,
    Quota,
    RoleFound,
    StackFound,
    Subscriber,
)
from chalicelib.deploy.grants import Profile
from chalicelib.deploy.stage import Caller
from chalicelib.models.types import ModelReference
from tests.deploy.stages import changed, complete, stage, wanted

STAGE = stage()
UP = "python -m chalicelib up --stage dev"
CANVAS = ModelReference("us-east-1", "amazon.nova-canvas-v1:0")
CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
NOVA = ModelReference("us-east-1", "amazon.nova-pro-v1:0")
ALIVE = {model: ModelFound(model, "ACTIVE") for model in (CANVAS, CORE, NOVA)}


def broken(found: Found) -> list[tuple[str, str]]:
    """What is said and what mends it, of the checks that fail."""
    lines = check_deployment(STAGE, found, wanted(STAGE))
    return [(line.says, line.mend) for line in lines if line.mark is Mark.FAIL]


def test_all_is_well():
    lines = check_deployment(STAGE, complete(STAGE), wanted(STAGE))
    assert passed(lines)
    assert {line.mark for line in lines} == {Mark.OK}
    assert all(str(line).startswith("ok ") and " -> " not in str(line) for line in lines)


def test_of_nothing_every_line_fails_and_says_what_mends_it():
    lines = check_deployment(STAGE, Found(), wanted(STAGE))
    assert {(line.mark, line.mend) for line in lines} == {(Mark.FAIL, UP)}
    assert not passed(lines)


def function(handler: str, **changes: Any) -> Callable[[Found], Found]:
    return lambda found: replace(found, functions=changed(found.functions, handler, **changes))


def mapping(**changes: Any) -> Callable[[Found], Found]:
    of = MappingFound("u-1", "arn:aws:sqs:us-east-1:123456789012:retake-dev", "Enabled", 1, 10)
    return function("on_attempt", mappings=(replace(of, **changes),))


@pytest.mark.parametrize(
    ("change", "says", "mend"),
    [
        (lambda found: replace(found, stack=None), "stack retake-dev is missing", UP),
        (
            lambda found: replace(found, stack=StackFound("ROLLBACK_COMPLETE", {})),
            "stack retake-dev is ROLLBACK_COMPLETE",
            UP,
        ),
        (
            lambda found: replace(found, stack=StackFound("CREATE_COMPLETE", {})),
            "stack retake-dev differs from .chalice/stack.yaml",
            UP,
        ),
        (
            lambda found: replace(found, buckets={**found.buckets, STAGE.settings.inbox_bucket: Bucket.TAKEN}),
            f"bucket {STAGE.settings.inbox_bucket} is somebody else's",
            UP,
        ),
        (function("on_prompt", state="Failed"), "function retake-dev-on_prompt: state is Failed, must be Active", UP),
        (
            function("on_prompt", timeout=60, memory=128),
            "function retake-dev-on_prompt: timeout is 60, must be 300; memory is 128, must be 512",
            UP,
        ),
        (
            function("on_attempt", environment={**STAGE.environment, "MAX_ATTEMPTS": "1", "OTHER": "x"}),
            "function retake-dev-on_attempt: other settings: MAX_ATTEMPTS, OTHER",
            UP,
        ),
        (
            function("on_attempt", runtime="python3.12"),
            "function retake-dev-on_attempt: runtime is python3.12, must be python3.13",
            UP,
        ),
        (
            lambda found: replace(found, roles={**found.roles, "on_attempt": RoleFound("arn", {"Statement": []})}),
            "policy of retake-dev-on_attempt differs from .chalice/policy-on_attempt.json",
            UP,
        ),
        (
            lambda found: replace(found, notifications=()),
            f"{STAGE.settings.inbox_bucket} does not invoke retake-dev-on_prompt: dropped files go unseen",
            UP,
        ),
        (function("on_attempt", mappings=()), "retake-dev-on_attempt is not fed from retake-dev", UP),
        (
            mapping(state="Disabled"),
            "retake-dev-on_attempt is fed from retake-dev, but the mapping is Disabled",
            "aws lambda update-event-source-mapping --uuid u-1 --enabled",
        ),
        (mapping(batch_size=10), "retake-dev-on_attempt is fed 10 messages at a time from retake-dev, must be 1", UP),
        (
            function("on_attempt", recursion="Terminate"),
            "loop of retake-dev-on_attempt is Terminate, must be Allow: Lambda stops a job after about 16 attempts",
            UP,
        ),
        (
            function("on_prompt", failure_destination=None),
            "what retake-dev-on_prompt fails at goes nowhere, must go to retake-dev-dead-letters",
            UP,
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_what_mends_it(change: Callable[[Found], Found], says: str, mend: str):
    assert broken(change(complete(STAGE))) == [(says, mend)]


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


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("stack retake-dev", 1),
        (f"bucket {STAGE.settings.inbox_bucket}", 1),
        ("function retake-dev-on_attempt", 3),
        ("role retake-dev-on_prompt", 1),
        ("inference profiles of us-east-1", 3),
        ("notifications", 1),
    ],
)
def test_what_cannot_be_looked_at_is_a_line_of_its_own_and_hides_nothing_else(name: str, lines: int):
    well = check_deployment(STAGE, complete(STAGE), wanted(STAGE))
    told = check_deployment(STAGE, replace(complete(STAGE), unseen={name: HIDDEN}), wanted(STAGE))
    (line,) = [line for line in told if line.mark is not Mark.OK]
    assert str(line) == (
        f"?    {name} cannot be looked at: These credentials may not do it. -> have that action allowed"
    )
    assert not passed(told)
    assert len(told) == len(well) - lines + 1
    assert {one for one in told if one is not line} < set(well)


def test_a_model_that_cannot_be_looked_at_is_a_line_too():
    lines = check_models(STAGE, {CANVAS: ALIVE[CANVAS], CORE: ALIVE[CORE]}, (), {f"model {NOVA}": HIDDEN})
    assert str(lines[-1]).startswith(f"?    vision model {NOVA} cannot be looked at: These credentials may not do it.")


def test_a_quota_of_zero_fails():
    (zero,) = check_quotas([Quota("us-east-1: requests per minute for Nova Pro", 0)])
    assert (zero.mark, zero.says) == (Mark.FAIL, "quota us-east-1: requests per minute for Nova Pro is 0")
    assert "servicequotas" in zero.mend
    assert [line.mark for line in check_quotas([Quota("a quota", 10)])] == [Mark.OK]


QUOTAS = (
    "On-demand InvokeModel tokens per minute for Amazon Nova Pro",
    "Cross-Region InvokeModel tokens per minute for Amazon Nova Pro",
    "Global cross-Region model inference tokens per minute for Amazon Nova Pro",
    "Model invocation max tokens per day for Amazon Nova Pro",
    "On-demand model inference tokens per minute for Amazon Nova Pro Latency Optimized",
    "On-demand InvokeModel tokens per minute for Amazon Nova Lite",
    "Batch inference job size for Amazon Nova Pro",
)


@pytest.mark.parametrize(
    ("identifier", "minute"),
    [("amazon.nova-pro-v1:0", 0), ("us.amazon.nova-pro-v1:0", 1), ("global.amazon.nova-pro-v1:0", 2)],
)
def test_quotas_are_those_of_the_kind_in_use_by_todays_names(identifier: str, minute: int):
    model = ModelFound(ModelReference("us-east-1", identifier), "ACTIVE", name="Nova Pro")
    found = quotas_in_use("us-east-1", [Quota(name, 1.0) for name in QUOTAS], [model])
    assert [quota.name for quota in found] == [f"us-east-1: {QUOTAS[minute]}", f"us-east-1: {QUOTAS[3]}"]
    assert quotas_in_use("us-west-2", [Quota(name, 1.0) for name in QUOTAS], [model]) == []


@pytest.mark.parametrize(
    ("limit", "mark", "words"),
    [
        (1000, Mark.OK, "1,000"),
        (12, Mark.OK, "12"),
        (10, Mark.NOTE, "the queue of retake-dev-on_attempt may take 10 of them: prompt files then wait"),
        (0, Mark.FAIL, "nothing runs"),
    ],
)
def test_the_queue_must_not_take_all_the_account_may_run_at_once(limit: int, mark: Mark, words: str):
    line = check_concurrency(STAGE, limit, mapping()(complete(STAGE)))
    assert (line.mark, words in line.says) == (mark, True)


def test_a_form_that_was_never_sent_says_where_it_is():
    assert check_form(sent=True).mark is Mark.OK
    assert (check_form(sent=False).mark, "model-catalog" in check_form(sent=False).mend) == (Mark.FAIL, True)


GOOD = BucketProperties(versions=True, encryption="AES256", private=True, owner_only=True, expires=True, tls_only=True)
INBOX, OUTBOX = STAGE.buckets


@pytest.mark.parametrize(
    ("bucket", "change", "mark", "words"),
    [
        (INBOX, {}, Mark.OK, "is private, encrypted"),
        (INBOX, {"versions": False}, Mark.FAIL, "has no versions"),
        (OUTBOX, {"versions": False}, Mark.OK, "is private, encrypted"),
        (OUTBOX, {"private": False, "tls_only": False}, Mark.NOTE, "no block on public access, refusal of plain HTTP"),
        (OUTBOX, {"encryption": "", "owner_only": False}, Mark.NOTE, "has no encryption, owner of all objects"),
        (OUTBOX, {"expires": False}, Mark.NOTE, "has no end of old versions"),
    ],
)
def test_an_adopted_bucket_is_looked_at(bucket: str, change: dict[str, Any], mark: Mark, words: str):
    (line,) = check_properties(STAGE, {bucket: replace(GOOD, **change)})
    assert (line.mark, words in line.says) == (mark, True)


def test_an_output_buckets_own_key_must_be_named_in_config_json():
    key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    theirs = {"results-of-others": replace(GOOD, encryption=key)}
    (line,) = check_properties(STAGE, theirs)
    assert str(line) == (
        f"FAIL bucket results-of-others is encrypted with {key}, which the functions may not use"
        ' -> add that key to "output_kms_keys" of stage dev in .chalice/config.json, then `up`'
    )
    assert [line.mark for line in check_properties(stage(output_kms_keys=[key]), theirs)] == [Mark.OK]


@pytest.mark.parametrize(
    ("subscribers", "line"),
    [
        ((), "note alarms go nowhere -> python -m chalicelib up --stage dev --notify ADDRESS"),
        (
            (Subscriber("a@example.com", confirmed=False),),
            "note alarms wait for a@example.com to confirm -> follow the link in the mail that AWS sent there",
        ),
        (
            (Subscriber("a@example.com", confirmed=False), Subscriber("b@example.com", confirmed=True)),
            "ok   alarms go to b@example.com",
        ),
    ],
)
def test_whether_somebody_hears_the_alarms(subscribers: tuple[Subscriber, ...], line: str):
    assert str(check_alarms(STAGE, subscribers)) == line
