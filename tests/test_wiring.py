"""The clients of paid calls: a call ends within the time it is allowed, and few clients are made."""

import os
import socket
import time
from collections.abc import Iterator

import pytest

from chalicelib import wiring
from chalicelib.aws.bedrock import CONNECT_SECONDS, paid_call_config
from chalicelib.errors import Ambiguous
from tests.job.stage import stage


@pytest.mark.parametrize(
    ("allowed", "read_timeout"),
    [
        (6.0, 1),
        (7.9, 2),
        (9.9, 4),
        (10.0, 5),
        (14.9, 5),
        (15.0, 10),
        (24.9, 15),
        (120.0, 115),
        (289.4, 280),
        (300.0, 295),
    ],
)
def test_connecting_and_waiting_take_no_more_than_the_time_allowed(allowed: float, read_timeout: int):
    config = paid_call_config(wiring.read_timeout(allowed))
    assert (config.read_timeout, config.connect_timeout) == (read_timeout, CONNECT_SECONDS)
    assert read_timeout + CONNECT_SECONDS <= allowed


def test_there_is_always_a_time_to_wait():
    assert [wiring.read_timeout(allowed) for allowed in (0.0, 4.9, 5.0, 5.9)] == [1, 1, 1, 1]


def test_a_whole_invocation_needs_few_clients():
    assert len({wiring.read_timeout(tenths / 10) for tenths in range(2850, 2900)}) == 1
    assert len({wiring.read_timeout(tenths / 10) for tenths in range(60, 3000)}) <= 64


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes every connection and never answers; this process's environment is as before afterwards."""
    before = dict(os.environ)
    wiring.services.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        os.environ.update(
            AWS_ENDPOINT_URL_BEDROCK_RUNTIME=address, AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="nobody"
        )
        yield address
    os.environ.clear()
    os.environ.update(before)
    wiring.services.cache_clear()


def test_a_model_that_never_answers_is_given_up_within_the_time_allowed(silent: str):
    models = wiring.services(stage()).models
    began = time.monotonic()
    with pytest.raises(Ambiguous, match=r"[Rr]ead timeout"):
        models.invoke("us-west-2", "stability.stable-image-core-v1:1", b"{}", 6.0)
    assert time.monotonic() - began < 6.0
