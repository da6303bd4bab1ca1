"""Models that come back, are subscribed to late, refuse in odd words, or never answer: the job ends as it must."""

from typing import Any

import pytest

from chalicelib.errors import Ambiguous, Declined, ModelGone, RequestInvalid
from chalicelib.models.answers import classify
from tests.pipeline.bench import NO, Bench, Models, asks_for, canvas, core
from tests.pipeline.test_trouble import CAT, JOB


def test_a_model_that_was_not_accessible_is_asked_again_later():
    answers = [ModelGone("us-east-1/canvas", "AccessDenied: try again after 2 minutes"), canvas()]
    bench = Bench(Models(on_invoke=lambda model, body: answers.pop(0)))
    bench.inject(CAT)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    bench.aws.world.now += 4 * 3600
    bench.inject(CAT, **JOB)
    bench.settle()
    assert bench.document("cats/result.json")["status"] == "SUCCESS"


def test_an_image_that_nobody_could_check_is_not_paid_for():
    bench = Bench(Models(on_converse=lambda model, request: ModelGone("us-east-1/pro", "end of its life")))
    bench.inject(CAT)
    bench.settle()
    bench.inject(CAT, **JOB)
    bench.settle()
    assert "no vision model is left" in bench.document("cats/result.json")["error"]
    assert len(bench.models.invoked) == 1


def test_a_set_smaller_than_asked_says_what_is_missing():
    answers = [core(), Declined("us-west-2/core", "ThrottlingException"), Ambiguous("us-west-2/core", "read timeout")]
    models = Models(on_invoke=lambda model, body: answers.pop(0))
    bench = Bench(models, IMAGE_MODELS="us-west-2/stability.stable-image-core-v1:1")
    bench.inject({**CAT, "nova_canvas_number_of_images": 3})
    bench.settle()
    notes = " ".join(bench.document("/000-000.json")["notes"])
    assert "ThrottlingException" in notes
    assert "read timeout" in notes


AURORA = {"prompt": "空にはオーロラと月", "max_retry_attempts": 2, "max_prompt_revisions": 2}
NOT_ENGLISH = "ValidationException: the prompt is not in a supported language"


def of_english(words: str) -> Models:
    """An image model that takes English alone, and says so in these words."""
    refused = RequestInvalid("us-west-2/core", words)
    return Models(on_invoke=lambda model, body: core() if body["prompt"].isascii() else refused)


@pytest.mark.parametrize("words", [NOT_ENGLISH, "ValidationException: 400"])
def test_a_prompt_in_a_script_that_the_model_does_not_take_is_written_in_english(words: str):
    bench = Bench(of_english(words), IMAGE_MODELS="us-west-2/stability.stable-image-core-v1:1")
    bench.upload(AURORA)
    bench.settle()
    assert [(line["revision"], line["outcome"]) for line in bench.result["attempts"]] == [
        (0, "blocked"),
        (1, "accepted"),
    ]
    assert words in bench.result["attempts"][0]["reason"]
    assert (bench.result["generations"], bench.result["prompt"].isascii()) == (1, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"max_prompt_revisions": 1}, NOT_ENGLISH),
        ({}, "Malformed input request: #/prompt: expected maxLength: 10000"),
        ({"prompt": "a cat"}, "ValidationException: 400"),
    ],
)
def test_a_refusal_that_another_prompt_could_not_mend_ends_the_job_with_the_models_words(
    fields: dict[str, Any], words: str
):
    models = Models(on_invoke=lambda model, body: RequestInvalid("us-west-2/core", words))
    bench = Bench(models, IMAGE_MODELS="us-west-2/stability.stable-image-core-v1:1")
    bench.upload({**AURORA, **fields})
    bench.settle()
    assert ([line["outcome"] for line in bench.result["attempts"]], len(models.invoked)) == (["failed"], 1)
    assert words in bench.result["error"]


HALF = "a service cuts its words inside a character: \ud83d"


@pytest.mark.parametrize(
    "models",
    [
        Models(on_invoke=lambda model, body: RequestInvalid("us-east-1/canvas", HALF)),
        Models(on_invoke=lambda model, body: ModelGone("us-east-1/canvas", HALF)),
        Models(on_converse=lambda model, request: RequestInvalid("us-east-1/pro", HALF)),
        Models(on_converse=lambda model, request: ModelGone("us-east-1/pro", HALF)),
    ],
    ids=["image model, invalid", "image model, gone", "vision model, invalid", "vision model, gone"],
)
def test_half_a_character_in_a_models_words_makes_no_record_unwritable(models: Models):
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert bench.failures == []
    assert "a service cuts its words inside a character" in bench.result["error"]


NOT_YET = (
    "MPAgreementBeingCreated: Your AWS Marketplace subscription for this model is still being processed. Try again "
    "after 15 minutes."
)


def test_a_subscription_that_is_being_made_is_waited_for_and_nobody_is_paid_for_nothing():
    pending = classify("us-east-1/amazon.nova-canvas-v1:0", "AccessDeniedException", 403, NOT_YET)
    answers: list[Any] = [pending, pending, pending, canvas()]
    bench = Bench(Models(on_invoke=lambda model, body: answers.pop(0)))
    bench.inject(CAT, **JOB)
    bench.settle()
    record = bench.document("/000-000.json")
    assert (bench.result["status"], bench.result["generations"], record["deferrals"]) == ("SUCCESS", 1, 3)
    assert bench.result["cost_usd"] == pytest.approx(0.04 + 3 * 0.00112)


def test_what_was_judged_stays_the_outcome_when_the_rewrite_never_comes():
    models = Models()
    models.on_converse = lambda model, request: Declined("m", "slow") if asks_for(request) == "rewrite" else NO
    bench = Bench(models, MAX_DEFERRALS="1")
    bench.inject({**CAT, "max_retry_attempts": 1, "max_prompt_revisions": 2}, **JOB)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"]
    assert "put off 1 times" in bench.result["error"]
