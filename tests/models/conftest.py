"""A question to ask vision models with."""

import pytest

from chalicelib.models.questions import Question, verify_question


@pytest.fixture
def verify() -> Question:
    return verify_question("A lake at dawn", None, ("A lake is visible.",))
