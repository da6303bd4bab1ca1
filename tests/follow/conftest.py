"""One local AWS for each test."""

from collections.abc import Iterator

import pytest

from chalicelib.local.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(visibility_timeout=1) as engine:
        yield engine
