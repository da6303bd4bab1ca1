"""Judges that are gone, refuse, or are busy: what they cost, and what becomes of the job."""

from typing import Any

import pytest

from chalicelib.errors import Declined, ModelGone, RequestInvalid
from tests.pipeline.bench import (
    NO,
    REVISION,
    YES,
    Bench,
    Models,
    asks_for,
    in_turn,
    look,
    spoken,
    told,
)
from tests.pipeline.test_judging import CAT, PANEL, run


def test_a_panel_that_has_ended_costs_no_image() -> None:
    models = Models()
    models.on_requirements = lambda model, request: ModelGone(f"us-east-1/{model}", "end of life")
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert "no vision model is left" in bench.result["error"]
    assert (bench.models.invoked, bench.result["generations"], bench.result["cost_usd"]) == ([], 0, 0)


def test_a_judge_that_refuses_for_ever_costs_a_bounded_number_of_checks_and_the_job_goes_on() -> None:
    def refusing_the_first(model: str, request: Any) -> Any:
        if asks_for(request) == "rewrite":
            return REVISION
        return "I cannot help with that." if len(bench.models.invoked) == 1 else YES

    bench = Bench(Models(on_converse=refusing_the_first))
    bench.upload({**CAT, "max_retry_attempts": 2})
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 2)
    first = bench.document("/000-000.json")
    assert (first["outcome"], first["deferrals"]) == ("rejected", 3)
    assert first["images"][0]["unjudged_by"] == "us-east-1/amazon.nova-pro-v1:0"
    assert len(bench.models.conversed) == 8 + 2


def test_the_other_judges_yes_does_not_stand_for_the_one_that_refuses() -> None:
    bench = run(lambda model, request: YES if "nova-pro" in model else "No comment.", vision_models=PANEL[:2])
    assert bench.result["status"] == "FAIL"
    assert "unjudged by" in bench.result["best"]["reason"]


OWN = {"requirements": ["a cat"]}


def test_a_panel_that_is_gone_costs_no_image_with_requirements_of_the_users_own() -> None:
    models = Models()
    models.on_requirements = lambda model, request: ModelGone(f"us-east-1/{model}", "no access")
    bench = Bench(models)
    bench.upload({**CAT, **OWN})
    bench.settle()
    assert "no vision model is left" in bench.result["error"]
    assert (models.invoked, bench.result["generations"]) == ([], 0)


@pytest.mark.parametrize("answer", ["OK", "", RequestInvalid("m", "max_tokens is too small")])
def test_a_panel_is_asked_for_a_word_before_the_first_image_of_a_sandbox(answer: Any) -> None:
    models = Models(on_converse=in_turn(NO, YES))
    models.on_requirements = lambda model, request: answer
    bench = Bench(models)
    bench.upload({**CAT, **OWN, "max_retry_attempts": 2})
    bench.settle()
    assert (bench.result["status"], len(models.derived)) == ("SUCCESS", 1 if answer != "" else 2)
    assert models.derived[0][1]["inferenceConfig"]["maxTokens"] == 16


def test_flex_is_half_the_price_and_the_standard_tier_is_asked_where_it_is_busy() -> None:
    tiers: list[str] = []

    def answer(model: str, request: Any) -> Any:
        tier = request.get("serviceTier", {}).get("type", "default")
        tiers.append(tier)
        if look(request) == "grade" and tier == "flex":
            return Declined("m", "busy")
        return {**spoken(told(request, YES)), "serviceTier": {"type": tier}}

    bench = run(answer, settings={"VISION_TIER": "flex"})
    assert tiers == ["flex", "flex", "default"]
    assert bench.result["cost_usd"] == pytest.approx(0.04 + 0.00112 + 0.00056 + 0.00112)


def test_a_model_without_flex_is_asked_as_ever() -> None:
    bench = run(lambda model, request: YES, settings={"VISION_TIER": "flex"}, vision_models=PANEL[1:2])
    assert not any("serviceTier" in request for _, request in bench.models.conversed)


def test_what_a_refusing_judge_says_can_be_kept() -> None:
    bench = run(lambda model, request: "blocked by our content filters \x00 \ud800", max_prompt_revisions=2)
    assert (bench.result["status"], bench.failures) == ("FAIL", [])
