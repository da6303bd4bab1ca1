"""What prompts can cost, and the cap of a whole run."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.job.request import Request, parse_request
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.estimate import Prices, estimate, most_of
from chalicelib.prompts.files import PromptFile

PRICES = Prices(attempt=0.1, likely_attempt=0.05, rewrite=0.02, likely_rewrite=0.01)
STAGE_USD = 5.0


def request(**fields: Any) -> Request:
    return Request.model_validate({"prompt": "a lake", "max_retry_attempts": 2, "max_prompt_revisions": 3, **fields})


@pytest.mark.parametrize(
    ("fields", "most", "likely"),
    [
        ({}, 6 * 0.1 + 2 * 0.02, 3 * 0.05 + 0.01),
        ({"max_retry_attempts": 1, "max_prompt_revisions": 1}, 0.1, 0.05),
        ({"max_retry_attempts": 5}, 15 * 0.1 + 2 * 0.02, 3 * 0.05),
        ({"max_retry_attempts": 1}, 3 * 0.1 + 2 * 0.02, 3 * 0.05 + 2 * 0.01),
        ({"max_cost_usd": 0.12}, 0.12, 0.12),
        ({"max_retry_attempts": 33}, STAGE_USD, 3 * 0.05),
    ],
)
def test_a_job_costs_its_attempts_and_rewrites_within_its_caps(fields: Any, most: float, likely: float):
    found = estimate([request(**fields)] * 2, lambda _: PRICES, STAGE_USD)
    assert (found.jobs, found.most, found.likely) == (2, pytest.approx(2 * most), pytest.approx(2 * likely))


def read(file: PromptFile) -> Request | None:
    try:
        return parse_request(file.body)
    except Refused:
        return None


def a_file(**fields: Any) -> PromptFile:
    body = json.dumps({"prompt": "a lake", "max_retry_attempts": 2, "max_prompt_revisions": 1, **fields}).encode()
    return PromptFile("a lake", "inbox/lake.json", "lake", body)


@pytest.mark.parametrize(
    ("most", "reserved", "alone", "allowed"),
    [
        (None, 100.0, False, 0.0),
        (1.0, 0.8, False, 0.2),
        (1.0, 0.81, False, None),
        (1.0, 0.81, True, 0.19),
        (1.0, 0.9, True, 0.1),
        (1.0, 0.91, True, None),
    ],
)
def test_a_job_is_begun_only_if_it_can_end_within_what_is_left(
    most: float | None, reserved: float, alone: bool, allowed: float | None
):
    admitted = Budget(most, STAGE_USD, lambda _: PRICES, read).admitted(a_file(), reserved, alone)
    assert (admitted and admitted[1]) == (allowed and pytest.approx(allowed))
    if admitted and most is not None:
        assert json.loads(admitted[0].body)["max_cost_usd"] == admitted[1]


def test_what_will_be_refused_costs_nothing_and_goes_as_it_is():
    file = a_file(max_retry_attempts=0)
    assert Budget(0.01, STAGE_USD, lambda _: PRICES, read).admitted(file, 5.0, alone=False) == (file, 0.0)


@given(
    jobs=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.floats(0.01, 1.0)), max_size=8),
    most=st.floats(0.01, 2.0),
)
def test_whatever_the_jobs_cost_within_their_caps_the_whole_stays_within_its_own(
    jobs: list[tuple[int, int, float]], most: float
):
    budget = Budget(most, STAGE_USD, lambda _: PRICES, read)
    waiting = [(a_file(max_retry_attempts=tries, max_prompt_revisions=ways), share) for tries, ways, share in jobs]
    under_way: list[tuple[float, float]] = []
    spent = 0.0
    while True:
        for file, share in list(waiting):
            reserved = spent + sum(allowed for allowed, _ in under_way)
            if admitted := budget.admitted(file, reserved, alone=not under_way):
                waiting.remove((file, share))
                under_way.append((admitted[1], admitted[1] * share))
        if not under_way:
            break
        spent += under_way.pop(0)[1]
        assert spent <= most + 1e-6
    for file, _ in waiting:
        asked = read(file)
        assert asked is not None
        assert spent + PRICES.attempt > most - 1e-6 or most_of(asked, PRICES, STAGE_USD) > most - spent - 1e-6
