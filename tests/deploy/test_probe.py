"""`doctor --probe` against the Bedrock stand-in, over HTTP: it names the model and the region that refuses."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.deploy import probe
from chalicelib.deploy.checks.line import Mark
from chalicelib.deploy.stage import Caller
from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from chalicelib.settings import Settings
from tests.deploy.stages import stage

LITE, HAIKU = "amazon.nova-lite-v1:0", "anthropic.claude-haiku-5-5"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


def asked(stand_in: StandIn, settings: Settings, home: str = "us-east-1") -> list[tuple[Mark, str, str]]:
    def client(region: str, timeout: float) -> Any:
        access = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        config = paid_call_config(timeout)
        return boto3.client("bedrock-runtime", region, endpoint_url=stand_in.url, config=config, **access)

    lines = probe.ask(settings, BedrockCaller(client, home), clock=iter([1.0, 1.5] * 10).__next__)
    return [(line.mark, line.says, line.mend) for line in lines]


def in_region(region: str, **changes: Any) -> Settings:
    return stage(caller=Caller("aws", "123456789012", region), **changes).settings


@pytest.mark.parametrize(
    ("region", "model"),
    [
        ("us-east-1", "us-east-1/amazon.nova-pro-v1:0"),
        ("us-west-2", "us-west-2/us.amazon.nova-pro-v1:0"),
        ("eu-central-1", "eu-central-1/eu.amazon.nova-pro-v1:0"),
        ("ap-northeast-1", "ap-northeast-1/apac.amazon.nova-pro-v1:0"),
    ],
)
def test_the_default_panel_answers_in_every_region(stand_in: StandIn, region: str, model: str):
    ((mark, says, mend),) = asked(stand_in, in_region(region), region)
    assert (mark, mend) == (Mark.OK, "")
    assert says.startswith(f"vision model {model} answered in 0.5 s for $0.0000")


def test_each_model_is_asked_once_with_sixteen_tokens_in_its_own_region(stand_in: StandIn):
    panel, allowed = f"{LITE},us-west-2/us.{LITE}", f"{LITE},{HAIKU}"
    settings = in_region("us-east-1", VISION_MODELS=panel, ALLOWED_VISION_MODELS=allowed)
    assert [str(model) for model in probe.models_to_ask(settings)] == [
        f"us-east-1/{LITE}",
        f"us-west-2/us.{LITE}",
        f"us-east-1/us.{HAIKU}",
    ]
    assert [mark for mark, _, _ in asked(stand_in, settings)] == [Mark.OK] * 3
    assert [(call.region, call.model) for call in stand_in.calls.log] == [
        ("us-east-1", LITE),
        ("us-west-2", LITE),
        ("us-east-1", HAIKU),
    ]
    assert probe.REQUEST["inferenceConfig"] == {"maxTokens": 16}


def test_every_known_model_together_costs_less_than_a_tenth_of_a_cent_each():
    settings = in_region("us-east-1", VISION_MODELS=",".join(stage().settings.catalogue.vision_ids))
    assert len(probe.models_to_ask(settings)) == 8
    assert probe.price(in_region("us-east-1")) < 0.001
    assert probe.price(settings) / 8 < 0.001


def test_what_refuses_is_named_with_its_region_and_the_others_are_asked_all_the_same(stand_in: StandIn):
    stand_in.behaviour = Behaviour(no_access=(HAIKU,))
    settings = in_region("us-east-1", VISION_MODELS=f"us-west-2/us.{HAIKU},eu-west-1/amazon.titan-x={LITE},{LITE}")
    lines = asked(stand_in, settings)
    assert [mark for mark, _, _ in lines] == [Mark.FAIL, Mark.FAIL, Mark.OK]
    assert lines[0][1].startswith(f"vision model us-west-2/us.{HAIKU} refused: AccessDeniedException: ")
    assert "vision model eu-west-1/amazon.titan-x refused: ValidationException: The provided model" in lines[1][1]
    assert lines[1][2] == "name another model in its place"


def test_a_model_that_is_only_busy_is_a_note(stand_in: StandIn):
    stand_in.behaviour = Behaviour(refusing="throttle")
    ((mark, says, mend),) = asked(stand_in, in_region("us-east-1"))
    assert (mark, "refused: ThrottlingException" in says) == (Mark.NOTE, True)
    assert "https://us-east-1.console.aws.amazon.com/servicequotas" in mend
