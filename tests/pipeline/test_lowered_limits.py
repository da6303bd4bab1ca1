"""Limits that a deployment lowered while a job was under way, and those it never met."""

from typing import Any

import pytest

from tests.job.stage import stage
from tests.pipeline.bench import NO, Bench, Models
from tests.pipeline.test_trouble import CAT, JOB, one_delivery, rejections


@pytest.mark.parametrize(
    ("fields", "lowered"),
    [
        ({}, {"MAX_ATTEMPTS": "1"}),
        ({"max_cost_usd": 5}, {"MAX_COST_USD": "2"}),
        ({"vision_models": ["amazon.nova-lite-v1:0"]}, {"ALLOWED_VISION_MODELS": "amazon.nova-pro-v1:0"}),
    ],
)
def test_a_job_that_a_deployment_no_longer_allows_ends_with_its_best_image(
    fields: dict[str, Any], lowered: dict[str, str]
):
    bench = Bench(Models(on_converse=lambda model, request: NO))
    bench.upload({**CAT, **fields})
    one_delivery(bench)
    bench.settings = stage(IMAGE_MODELS="amazon.nova-canvas-v1:0", **lowered)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert f"{next(iter(lowered))} of the stage" in bench.result["error"] or "ALLOWED" in bench.result["error"]
    assert bench.result["best"]["image"].endswith("000-000.png")
    assert len(bench.models.invoked) == 1
    assert rejections(bench) == []
    assert len([key for key in bench.outbox() if "/dead-letters/" in key]) == 1


def test_what_was_never_allowed_is_refused():
    bench = Bench(MAX_ATTEMPTS="1")
    bench.inject(CAT, **JOB, attempt=("Number", "1"))
    bench.settle()
    assert [key.split("/")[1] for key in bench.outbox()] == ["rejected"]
