"""The default settings in each region, by real HTTP against the stand-in: a picture, and nothing paid for nothing."""

from typing import Any

import pytest

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from chalicelib.settings import IMAGE_MODELS
from tests.fakes import sessions
from tests.pipeline.bench import Bench

NOVA_PRO = "amazon.nova-pro-v1:0"


@pytest.mark.parametrize(
    ("region", "judge"),
    [
        ("us-east-1", f"us-east-1/{NOVA_PRO}"),
        ("us-west-2", f"us-west-2/us.{NOVA_PRO}"),
        ("eu-central-1", f"eu-central-1/eu.{NOVA_PRO}"),
        ("ap-northeast-1", f"ap-northeast-1/apac.{NOVA_PRO}"),
    ],
)
def test_the_defaults_give_a_picture_in_each_region_and_no_image_is_paid_for_nothing(region: str, judge: str):
    with StandIn(Behaviour()) as stand_in:

        def client(at: str, timeout: float) -> Any:
            config = paid_call_config(timeout)
            return sessions.client("bedrock-runtime", stand_in.url, at, config=config)

        bench = Bench(AWS_REGION=region, IMAGE_MODELS=IMAGE_MODELS)
        bench.models = BedrockCaller(client, region)  # type: ignore[assignment]
        bench.upload({"prompt": "the moon"})
        bench.settle()
        charged = sum(stand_in.calls.charged.values())
    assert (bench.result["status"], bench.failures) == ("SUCCESS", [])
    assert bench.result["vision_models"] == [judge]
    assert charged == bench.result["generations"]
