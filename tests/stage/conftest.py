"""One local AWS for each test."""

from collections.abc import Iterator

import pytest

from chalicelib.local.engine import Engine
from tests.stage.cancelling import Cancels
from tests.stage.outboxes import Jobs


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(visibility_timeout=1) as engine:
        yield engine


@pytest.fixture
def jobs(engine: Engine) -> Jobs:
    return Jobs(engine)


@pytest.fixture
def cancels(engine: Engine) -> Cancels:
    return Cancels(engine)
