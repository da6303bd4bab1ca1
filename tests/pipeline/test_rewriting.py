"""The rewriting of a prompt in whole jobs: what the rewriter is told, and what code holds its answer to."""

from typing import Any

import pytest

from chalicelib.errors import Declined
from tests.pipeline.bench import (
    NO,
    REVISION,
    Bench,
    Models,
    Seen,
    asks_for,
    canvas,
    in_turn,
    question,
    spoken,
)
from tests.pipeline.test_judging import run


def rewriting(*answers: dict[str, Any], seen: Seen = NO) -> Any:
    left = list(answers)
    return lambda model, request: seen if asks_for(request) == "verify" else left.pop(0) if len(left) > 1 else left[0]


def test_a_rewriter_cannot_exclude_what_is_asked_for() -> None:
    answer = {
        "revised_prompt": "a wide lake below mountains",
        "negative_prompt": "lake, mountains, blur",
        "carried_by": ["lake"],
    }
    bench = run(rewriting(answer), prompt="a lake in the mountains", requirements=["a lake"], max_prompt_revisions=2)
    assert bench.document("/001-000.json")["negative_prompt"] == "blur"
    assert any("excluded 'lake', which is asked for" in note for note in bench.result["notes"])


def test_a_rewriters_exclusions_are_replaced_and_the_users_stay() -> None:
    first = {"revised_prompt": "a tabby cat", "negative_prompt": "dogs", "carried_by": ["cat"]}
    second = {"revised_prompt": "a grey cat", "negative_prompt": "cows", "carried_by": ["cat"]}
    bench = run(rewriting(first, second), negative_prompt="cars", max_prompt_revisions=3)
    assert bench.document("/001-000.json")["negative_prompt"] == "cars, dogs"
    assert bench.document("/002-000.json")["negative_prompt"] == "cars, cows"


def test_a_repeated_rewrite_is_asked_for_again_once_and_then_made_another() -> None:
    bench = run(
        rewriting({"revised_prompt": "A  cat", "negative_prompt": "", "carried_by": ["cat"]}), max_prompt_revisions=3
    )
    prompts = [bench.document(f"/00{revision}-000.json")["prompt"] for revision in range(3)]
    assert len({" ".join(prompt.casefold().split()) for prompt in prompts}) == 3
    rewrites = [request for _, request in bench.models.conversed if asks_for(request) == "rewrite"]
    assert len(rewrites) == 4
    assert any("repeated a prompt" in note for note in bench.result["notes"])


def test_the_rewriter_is_told_what_failed_and_what_the_best_picture_shows() -> None:
    bench = run(
        in_turn(Seen({2: "no ice"}, shows="an empty sea")),
        requirements=["a sea", "drifting ice"],
        max_prompt_revisions=2,
    )
    asked = next(question(request) for _, request in bench.models.conversed if asks_for(request) == "rewrite")
    assert '"missed": [{"n": 2, "times": 1}], "held": [1]' in asked
    assert "<best_picture>an empty sea</best_picture>" in asked


@pytest.mark.parametrize(("unmet", "kept"), [({4: "x"}, True), ({1: "x", 2: "y"}, False)])
def test_a_nearly_right_picture_keeps_its_seed_and_a_bad_one_does_not(unmet: dict[int, str], kept: bool) -> None:
    rewritten = {"revised_prompt": "p", "negative_prompt": "", "carried_by": ["p"] * 4}
    bench = run(rewriting(rewritten, seen=Seen(unmet)), requirements=["a", "b", "c", "d"], max_prompt_revisions=2)
    seeds = [body["imageGenerationConfig"]["seed"] for _, body in bench.models.invoked]
    assert (seeds[0] == seeds[1]) is kept
    assert ("is kept" in bench.document("/000-000.json")["rewrite"]["seed_reason"]) is kept


def test_an_exclusion_of_many_commas_survives_every_revision() -> None:
    excluded = "a," * 4_999 + "a"
    bench = run(rewriting(REVISION), negative_prompt=excluded, max_prompt_revisions=2)
    assert [line["revision"] for line in bench.result["attempts"]] == [0, 1]
    assert bench.document("/001-000.json")["negative_prompt"] == excluded


FILTERED = {**spoken("- The generated text has been blocked by our content filters."), "stopReason": "content_filtered"}


@pytest.mark.parametrize("answer", [FILTERED, "I cannot help with that."], ids=["filtered", "refused"])
def test_a_rewriter_that_will_not_answer_does_not_keep_the_job_waiting(answer: Any) -> None:
    """What a job is about may be filtered each time; asked for ever, that was forty questions paid over six hours."""
    bench = run(rewriting(answer), requirements=["a cat", "a mat"], max_prompt_revisions=2)
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected", "rejected"]
    assert bench.document("/001-000.json")["prompt"] == "a cat. a mat"
    assert (bench.document("/000-000.json")["rewrite"]["model"], bench.document("/000-000.json")["deferrals"]) == (
        "code",
        3,
    )
    assert any("no rewritten prompt could be had" in note for note in bench.result["notes"])


def test_a_rewriter_is_asked_again_whatever_the_attempt_was_put_off_for_before() -> None:
    busy, silent = [Declined("us-east-1/m", "slow down")] * 3, [FILTERED] * 2

    def asked(model: str, request: Any) -> Any:
        return (silent.pop() if silent else REVISION) if asks_for(request) == "rewrite" else NO

    bench = Bench(Models(on_invoke=lambda model, body: busy.pop() if busy else canvas(), on_converse=asked))
    bench.upload({"prompt": "a cat", "max_retry_attempts": 1, "max_prompt_revisions": 2})
    bench.settle()
    assert bench.document("/000-000.json")["rewrite"]["model"] == "us-east-1/amazon.nova-pro-v1:0"
