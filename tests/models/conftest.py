"""A question to ask vision models with."""

import pytest

from chalicelib.models.looks import checklist_question
from chalicelib.models.questions import Question


@pytest.fixture
def verify() -> Question:
    return checklist_question(("A lake is visible.",))
