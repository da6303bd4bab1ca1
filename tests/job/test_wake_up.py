"""The little of a message that is believed: job, position, and where its records lie."""

import json

import pytest

from chalicelib.job.message import decode
from chalicelib.job.wake_up import read_wake_up
from chalicelib.ports import WireMessage
from tests.job.stage import stage


@pytest.mark.parametrize(
    ("body", "attempts"),
    [
        ('{"prompt": "a cat"}', 5),  # the prompt file's own default
        ('{"prompt": "a cat", "max_retry_attempts": 2}', 2),
        ('{"prompt": "a cat", "max_retry_attempts": 0}', 1),
        ('{"prompt": "a cat", "max_retry_attempts": "many"}', 1),
        ("no JSON at all", 5),
    ],
)
def test_how_many_attempts_a_revision_has(body: str, attempts: int) -> None:
    woken = read_wake_up(WireMessage(body, {"job": ("String", "cats"), "revision": ("Number", "1")}), "x")
    assert woken is not None
    assert (woken.job, woken.position, woken.attempts) == ("cats", (1, 0), attempts)


def test_a_bare_body_starts_a_job_of_its_own_name_at_its_beginning() -> None:
    message = decode(WireMessage(json.dumps({"prompt": "a cat"}), {}), stage(), "message-1")
    assert (message.job, message.position, message.prompt, message.negative_prompt) == (
        "message-1",
        (0, 0),
        "a cat",
        None,
    )
    assert (message.requirements, message.feedback, message.spent_usd, message.deferrals) == ((), (), 0, 0)
