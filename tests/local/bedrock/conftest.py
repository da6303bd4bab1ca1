"""A stand-in in which every model lives, and one as the world is."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from tests.local.bedrock.calling import client

EVERYTHING_LIVES = Behaviour(ended=())


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    """One server for a module's tests; each finds it as if new."""
    with StandIn(EVERYTHING_LIVES) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running: StandIn) -> StandIn:
    """Every model alive, nothing counted yet."""
    running.behaviour = EVERYTHING_LIVES
    running.calls.log.clear()
    return running


@pytest.fixture
def east(stand_in: StandIn) -> Any:
    """A caller in us-east-1."""
    return client(stand_in.url)


@pytest.fixture
def west(stand_in: StandIn) -> Any:
    """A caller in us-west-2."""
    return client(stand_in.url, "us-west-2")
