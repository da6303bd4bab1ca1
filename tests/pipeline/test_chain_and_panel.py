"""Which image model draws and which judges look: what has ended, what is left, and what the request asks for."""

from typing import Any

from chalicelib.errors import ModelGone, RequestInvalid
from tests.pipeline.bench import (
    NO,
    REVISION,
    YES,
    Bench,
    Models,
    asks_for,
    core,
    in_turn,
)
from tests.pipeline.test_jobs import CAT, DERIVED, MODEL, drawings


def test_when_a_model_has_ended_the_next_one_of_the_chain_draws():
    def draw(model: str, body: dict[str, Any]) -> Any:
        return (
            core()
            if model.startswith("stability")
            else ModelGone(MODEL, "This model version has reached the end of its life.")
        )

    models = Models(on_invoke=draw, on_converse=in_turn(NO, YES))
    bench = Bench(models, IMAGE_MODELS="")
    bench.upload(CAT)
    bench.settle()
    assert bench.result["image_model"] == "us-west-2/stability.stable-image-core-v1:1"
    assert [model for model, _ in models.invoked] == [MODEL] + ["us-west-2/stability.stable-image-core-v1:1"] * 2
    assert any("reached the end of its life.; used us-west-2/stability" in note for note in bench.result["notes"])
    assert bench.result["generations"] == 2


def test_when_no_model_is_left_the_job_fails_with_every_answer():
    bench = Bench(Models(on_invoke=lambda model, body: ModelGone(model, f"{model} is no more")), IMAGE_MODELS="")
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "amazon.nova-canvas-v1:0 is no more" in bench.result["error"]
    assert "stability.stable-image-core-v1:1 is no more" in bench.result["error"]
    assert bench.result["cost_usd"] == DERIVED


def test_a_request_the_model_refuses_fails_the_job_with_the_models_words():
    bench = Bench(Models(on_invoke=drawings(RequestInvalid(MODEL, "ValidationException: Malformed input request"))))
    bench.upload(CAT)
    bench.settle()
    assert bench.result["error"] == f"{MODEL} answered: ValidationException: Malformed input request"
    assert bench.result["cost_usd"] == DERIVED


def test_an_image_passes_only_if_the_whole_panel_accepts_it():
    bench = Bench()
    second = next(entry for entry in bench.settings.catalogue.vision_ids if "haiku" in entry)
    models = Models(
        on_converse=lambda model, request: (
            REVISION if asks_for(request) == "rewrite" else NO if "haiku" in model else YES
        )
    )
    bench = Bench(models)
    bench.upload({**CAT, "max_prompt_revisions": 1, "vision_models": ["amazon.nova-pro-v1:0", second]})
    bench.settle()
    assert bench.result["status"] == "FAIL"
    record = bench.document("/000-000.json")
    assert [verdict["accepted"] for verdict in record["images"][0]["verdicts"]] == [True, False]
    assert record["images"][0]["score"] == 0.6


def test_the_panel_goes_on_without_a_model_that_has_ended():
    models = Models()
    models.on_converse = lambda model, request: ModelGone(model, "end of life") if "haiku" in model else YES
    bench = Bench(models)
    second = next(entry for entry in bench.settings.catalogue.vision_ids if "haiku" in entry)
    bench.upload({**CAT, "vision_models": [second, "amazon.nova-pro-v1:0"]})
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert any("the panel goes on without it" in note for note in bench.result["notes"])


def test_without_any_vision_model_nothing_is_accepted():
    bench = Bench(Models(on_converse=lambda model, request: ModelGone("us-east-1/amazon.nova-pro-v1:0", "end of life")))
    bench.upload(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "no vision model is left" in bench.result["error"]
    assert len(bench.models.invoked) == 1
