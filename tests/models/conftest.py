"""A question to ask vision models with."""

import pytest

from chalicelib.wording import Question, verify_question


@pytest.fixture
def verify() -> Question:
    return verify_question("A lake at dawn", None, ("A lake is visible.",))
