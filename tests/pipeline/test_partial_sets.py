"""Several images, several calls, several models: what holds when only some of them come to something."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import Blocked, ModelGone
from tests.fakes.aws import Effect
from tests.pipeline.bench import NO, YES, Bench, Models, Seen, canvas, core
from tests.pipeline.bench import in_turn as judged
from tests.pipeline.test_deliveries import Death, Trouble, saving_image

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 1}
CORE = "us-west-2/stability.stable-image-core-v1:1"
ULTRA = "us-west-2/stability.stable-image-ultra-v1:1"


def in_turn(*answers: Any) -> Callable[..., Any]:
    left = list(answers)
    return lambda model, body: left.pop(0) if len(left) > 1 else left[0]


def test_an_accepted_image_wins_though_another_of_its_set_can_never_be_checked():
    models = Models(on_converse=judged(NO, YES, "Hm."))
    bench = Bench(models, MAX_DEFERRALS="2")
    bench.upload({**CAT, "nova_canvas_number_of_images": 3})
    bench.settle()
    assert (bench.result["status"], len(models.invoked)) == ("SUCCESS", 1)
    assert bench.result["image"].endswith("/000-000-1.png")
    assert any("not every image was checked: put off 2 times" in note for note in bench.result["notes"])


def dearer_after_the_first(model: str, body: dict[str, Any]) -> Any:
    return ModelGone(model, "end of life") if model.startswith("amazon") else core()


def test_the_price_of_the_model_in_use_is_counted_before_it_is_paid():
    """The claim names the first model of the chain; a dearer one takes its place only once that is written."""
    bench = Bench(Models(on_invoke=dearer_after_the_first), IMAGE_MODELS=f"amazon.nova-canvas-v1:0,{ULTRA}")
    bench.aws.around = Trouble(saving_image, Death())
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["status"], bench.result["generations"]) == ("SUCCESS", 2)
    assert bench.result["cost_usd"] == pytest.approx(2 * 0.14 + 3 * 0.00112)


def test_whoever_lost_the_claim_meanwhile_does_not_pay_the_next_model():
    bench = Bench(Models(on_invoke=dearer_after_the_first), IMAGE_MODELS=f"amazon.nova-canvas-v1:0,{CORE}")

    def taken_away(effect: Effect, perform: Callable[[], Any]) -> Any:
        if effect.operation == "replace" and len(bench.models.invoked) == 1:
            place = effect.target.partition("/")[2]
            stored = bench.aws.s3.get(bench.settings.outbox_bucket, place)
            other = stored.body.replace(b'"owner": "', b'"owner": "f')
            bench.aws.s3.put(bench.settings.outbox_bucket, place, other, "application/json")
            bench.aws.around = lambda effect, perform: perform()
        return perform()

    bench.aws.around = taken_away
    bench.inject(CAT)
    invocation = bench.aws.lambdas.begin(next(bench.aws.lambdas.dues()))
    assert invocation is not None
    bench.run(invocation)
    assert [model for model, _ in bench.models.invoked] == ["us-east-1/amazon.nova-canvas-v1:0"]


def test_a_charged_call_is_never_followed_by_paying_another_model_in_the_same_attempt():
    filtered = {"images": [], "seeds": [1], "finish_reasons": ["Filter reason: output image"]}
    models = Models(on_invoke=in_turn(filtered, ModelGone(CORE, "end of life"), core()))
    bench = Bench(models, IMAGE_MODELS=f"{CORE},{ULTRA}")
    bench.upload({**CAT, "nova_canvas_number_of_images": 2})
    bench.settle()
    assert bench.result["attempts"][0]["outcome"] == "blocked"
    assert (len(models.invoked), bench.result["generations"]) == (2, 1)


def test_a_refusal_of_one_call_is_not_charged_and_the_other_images_are_judged():
    models = Models(on_invoke=in_turn(core(), Blocked(CORE, "blocked by our content filters", "prompt")))
    bench = Bench(models, IMAGE_MODELS=CORE)
    bench.upload({**CAT, "nova_canvas_number_of_images": 2})
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert bench.result["cost_usd"] == pytest.approx(0.04 + 3 * 0.00112)


def test_notes_on_what_was_sent_speak_of_the_model_that_drew():
    bench = Bench(Models(on_invoke=dearer_after_the_first), IMAGE_MODELS=f"amazon.nova-canvas-v1:0,{CORE}")
    bench.upload({**CAT, "prompt": "a cat. " * 500})
    bench.settle()
    assert not any("cut to" in note for note in bench.result["notes"])
    assert any("end of life; used" in note for note in bench.result["notes"])


def test_a_fail_tells_the_prompt_that_made_its_best_image():
    models = Models(
        on_invoke=lambda model, body: canvas(), on_converse=judged(Seen({2: "five"}), Seen({1: "a", 2: "b"}))
    )
    bench = Bench(models)
    bench.upload({**CAT, "requirements": ["a cat", "legs"], "max_retry_attempts": 1, "max_prompt_revisions": 2})
    bench.settle()
    assert bench.result["best"]["revision"] == 0
    assert bench.result["prompt"] == "a cat"
