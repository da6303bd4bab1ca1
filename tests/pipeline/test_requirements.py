"""Where a job's requirements come from, and what of them code itself compares."""

from typing import Any

import pytest

from chalicelib.errors import Declined
from tests.pipeline.bench import (
    NO,
    YES,
    Bench,
    Models,
    Seen,
    checklist,
    in_turn,
    look,
)
from tests.pipeline.test_judging import CAT, run


def test_requirements_are_derived_once_frozen_and_told() -> None:
    listed = iter([["a cat", "it sleeps"], ["something else"]])
    models = Models(on_converse=in_turn(NO, NO, YES))
    models.on_requirements = lambda model, request: {"requirements": next(listed)}
    bench = Bench(models)
    bench.upload({**CAT, "max_retry_attempts": 3})
    bench.settle()
    assert len(models.derived) == 1
    assert bench.result["requirements"] == ["a cat", "it sleeps"]
    asked = [checklist(request) for _, request in models.conversed if look(request) == "checklist"]
    assert asked == [["a cat", "it sleeps"]] * 3


def test_where_no_requirements_can_be_had_the_prompt_is_the_one_and_the_result_says_so() -> None:
    models = Models()
    models.on_requirements = lambda model, request: "I would rather not."
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    assert (bench.result["status"], bench.result["requirements"]) == ("SUCCESS", ["a cat"])
    assert any("the prompt itself is the one requirement" in note for note in bench.result["notes"])


def test_requirements_that_are_put_off_cost_no_generation() -> None:
    answers: list[Any] = [Declined("us-east-1/m", "slow down"), {"requirements": ["a cat"]}]
    models = Models()
    models.on_requirements = lambda model, request: answers.pop(0)
    bench = Bench(models)
    bench.upload(CAT)
    bench.settle()
    record = bench.document("/000-000.json")
    assert (record["deferrals"], record["generations"], len(models.invoked)) == (1, 1, 1)


def test_what_does_not_fit_into_twelve_requirements_is_told() -> None:
    bench = run(
        lambda model, request: Seen(words=("OPEN",)),
        requirements=[f"thing {n}" for n in range(14)],
        prompt='a sign "OPEN"',
    )
    assert len(bench.result["requirements"]) == 12
    assert bench.result["requirements"][-1] == 'The words "OPEN" are to be read in the picture.'
    assert any("thing 11; thing 12; thing 13" in note for note in bench.result["notes"])


@pytest.mark.parametrize(
    ("words", "status"), [(("OPEN",), "SUCCESS"), (("OP", "EN"), "SUCCESS"), (("OPEM",), "FAIL"), ((), "FAIL")]
)
def test_words_in_quotation_marks_are_compared_by_code(words: tuple[str, ...], status: str) -> None:
    bench = run(lambda model, request: Seen(words=words), prompt='a sign that says "OPEN"')
    assert bench.result["status"] == status


def test_what_the_user_excluded_is_a_point_of_the_checklist() -> None:
    bench = run(lambda model, request: Seen({2: "a car"}), negative_prompt="cars, boats")
    asked = next(checklist(request) for _, request in bench.models.conversed if look(request) == "checklist")
    assert asked == ["a cat", "None of this is visible: cars, boats"]
    assert bench.result["best"]["lacking"] == ["None of this is visible: cars, boats"]
