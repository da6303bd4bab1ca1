"""Every image model with two kinds of verifier by real HTTP, whole jobs; and a model that ends in the middle of one."""

from typing import Any

import pytest

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.errors import ModelGone
from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from tests.fakes import sessions
from tests.job.stage import stage
from tests.pipeline.bench import NO, REVISION, Bench, Models, asks_for, canvas, core


@pytest.mark.parametrize("vision", ["amazon.nova-pro-v1:0", "us.anthropic.claude-haiku-5-5"])
@pytest.mark.parametrize("image", stage().catalogue.image_ids)
def test_a_job_runs_on_each_image_model_with_each_verifier(image: str, vision: str):
    with StandIn(Behaviour(ended=frozenset())) as stand_in:

        def client(region: str, timeout: float) -> Any:
            config = paid_call_config(timeout)
            return sessions.client("bedrock-runtime", stand_in.url, region, config=config)

        bench = Bench()
        bench.models = BedrockCaller(client, "us-east-1")  # type: ignore[assignment]
        size = {"nova_canvas_width": 512, "nova_canvas_height": 512}
        bench.upload({"prompt": "the moon", **size, "image_models": [image], "vision_models": [vision]})
        bench.settle()
    assert (bench.result["status"], bench.failures) == ("SUCCESS", [])
    assert bench.result["image_model"].endswith(image)
    assert bench.result["vision_models"][0].endswith(vision)


def test_a_model_that_ends_in_the_middle_of_a_job_is_followed_by_the_next():
    def draw(model: str, body: dict[str, Any]) -> Any:
        if model.startswith("stability"):
            return core()
        return (
            canvas() if len(models.invoked) < 3 else ModelGone(model, "This model version has reached its end of life.")
        )

    models = Models(
        on_invoke=draw, on_converse=lambda model, request: NO if asks_for(request) == "verify" else REVISION
    )
    bench = Bench(models, IMAGE_MODELS="")
    bench.upload({"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2})
    bench.settle()
    drew = [
        bench.document(f"{position}.json")["image_model"] for position in ("000-000", "000-001", "001-000", "001-001")
    ]
    assert drew == ["us-east-1/amazon.nova-canvas-v1:0"] * 2 + ["us-west-2/stability.stable-image-core-v1:1"] * 2
    assert (bench.result["generations"], len(bench.result["attempts"])) == (4, 4)
