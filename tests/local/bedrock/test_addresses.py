"""Which models answer where and under which names, and how those that do not are refused."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from tests.local.bedrock.calling import CANVAS, CORE, NOVA_PRO, TITAN, amazon_body, ask, client, images, invoke, refusal

GONE = "ResourceNotFoundException"
INVALID = ("ValidationException", 400, "The provided model identifier is invalid.")
END = "This model version has reached the end of its life."
ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("model", "region", "expected"),
    [
        (CANVAS, "us-east-1", (GONE, 404, END)),
        (TITAN, "us-west-2", (GONE, 404, END)),
        (CANVAS, "us-west-2", INVALID),
        (CORE, "us-east-1", INVALID),
        ("stability.stable-image-core-v1:0", "us-west-2", INVALID),
        ("amazon.nova-canvas-v9:0", "us-east-1", INVALID),
    ],
)
def test_the_world_as_it_is(stand_in: StandIn, model: str, region: str, expected: tuple[str, int, str]) -> None:
    stand_in.behaviour = Behaviour()
    name, status, message = refusal(invoke, client(stand_in.url, region), model, amazon_body())
    assert (name, status) == expected[:2]
    assert message.startswith(expected[2])
    assert sum(stand_in.calls.charged.values()) == 0


def test_stability_lives_in_us_west_2(stand_in: StandIn, west: Any) -> None:
    stand_in.behaviour = Behaviour()
    assert images(invoke(west, CORE, {"prompt": "A lake"}))


@pytest.mark.parametrize(
    ("model", "region", "expected"),
    [
        (NOVA_PRO, "us-east-1", "answers"),
        (NOVA_PRO, "us-west-2", "on-demand"),
        (NOVA_PRO, "eu-central-1", "on-demand"),
        ("us.amazon.nova-pro-v1:0", "us-east-2", "answers"),
        ("eu.amazon.nova-pro-v1:0", "eu-west-1", "answers"),
        ("eu.amazon.nova-pro-v1:0", "us-east-1", "invalid"),
        ("global.amazon.nova-pro-v1:0", "us-east-1", "invalid"),
        ("global.amazon.nova-2-lite-v1:0", "sa-east-1", "answers"),
        ("us.amazon.nova-2-lite-v1:0", "us-west-2", "answers"),
        ("amazon.nova-2-lite-v1:0", "us-east-1", "on-demand"),
        ("anthropic.claude-haiku-5-5", "us-east-1", "on-demand"),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "us-east-1", "answers"),
        ("jp.anthropic.claude-sonnet-4-6", "ap-northeast-1", "answers"),
        ("us.anthropic.claude-haiku-9-9", "us-east-1", "invalid"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA_PRO}", "us-east-1", "answers"),
        (f"arn:aws:bedrock:eu-west-1::foundation-model/{NOVA_PRO}", "us-east-1", "invalid"),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-pro-v1:0", "us-east-1", "answers"),
        (f"arn:aws:bedrock:us-east-1::inference-profile/us.{NOVA_PRO}", "us-east-1", "invalid"),
        (f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{NOVA_PRO}", "us-east-1", "invalid"),
    ],
)
def test_bare_ids_profiles_and_arns(stand_in: StandIn, model: str, region: str, expected: str) -> None:
    caller = client(stand_in.url, region)
    if expected == "answers":
        assert ask(caller, "A lake", model=model)["usage"]["totalTokens"] > 0
    else:
        name, status, message = refusal(ask, caller, "A lake", model=model)
        assert (name, status) == INVALID[:2]
        assert ("on-demand throughput isn" in message) is (expected == "on-demand")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ended": (NOVA_PRO,)}, (GONE, 404, END)),
        ({"no_access": (NOVA_PRO,)}, ("AccessDeniedException", 403, "You don't have access to the model")),
    ],
)
def test_models_that_were_told_to_be_gone(
    stand_in: StandIn, east: Any, change: dict[str, Any], expected: tuple[str, int, str]
) -> None:
    stand_in.behaviour = replace(stand_in.behaviour, **change)
    name, status, message = refusal(ask, east, "A lake")
    assert (name, status) == expected[:2]
    assert message.startswith(expected[2])


def test_image_models_do_not_converse_and_vision_models_are_not_invoked(east: Any) -> None:
    assert refusal(ask, east, "A lake", model=CANVAS)[0] == "ValidationException"
    assert refusal(invoke, east, NOVA_PRO, {"messages": []})[0] == "ValidationException"


@pytest.mark.parametrize(
    ("model", "region", "status", "ended_on"),
    [
        (CANVAS, "us-east-1", "LEGACY", "2026-09-30"),
        (TITAN, "us-east-1", "LEGACY", "2026-06-30"),
        (CORE, "us-west-2", "ACTIVE", None),
        (NOVA_PRO, "us-east-1", "ACTIVE", None),
    ],
)
def test_lifecycles_as_get_foundation_model_tells_them(
    stand_in: StandIn, model: str, region: str, status: str, ended_on: str | None
) -> None:
    stand_in.behaviour = Behaviour()
    details = client(stand_in.url, region, "bedrock").get_foundation_model(modelIdentifier=model)["modelDetails"]
    lifecycle = details["modelLifecycle"]
    ended = lifecycle.get("endOfLifeTime")
    assert details["modelId"] == model
    assert lifecycle["status"] == status
    assert (ended.date().isoformat() if ended else None) == ended_on


def test_an_unknown_foundation_model_is_refused(stand_in: StandIn) -> None:
    caller = client(stand_in.url, service="bedrock")
    assert refusal(caller.get_foundation_model, modelIdentifier="amazon.nova-canvas-v9:0") == INVALID
