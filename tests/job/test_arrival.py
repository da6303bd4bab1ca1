"""What is read of a message at the door: what it wakes, where its records lie, what it says, and what is wrong."""

import json

import pytest

from chalicelib.errors import Refused
from chalicelib.job.arrival import Arrival, read_arrival
from chalicelib.job.message import decode
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.ports import WireMessage
from tests.job.stage import stage

CATS = {"job": ("String", "cats")}
PLACED = {"output_s3_bucket_name": "ours", "output_s3_key_prefix": "mine", "prompt": "a cat"}


def arrived(body: str, **attributes: tuple[str, str]) -> Arrival:
    return read_arrival(WireMessage(body, attributes), "message-1", 1, stage(OUTPUT_BUCKETS="ours"))


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
    woken = arrived(body, **CATS, revision=("Number", "1")).wake_up
    assert woken is not None
    assert (woken.place.job, woken.position, woken.attempts) == ("cats", (1, 0), attempts)


def test_a_bare_body_starts_a_job_of_its_own_name_at_its_beginning() -> None:
    arrival = arrived('{"prompt": "a cat"}')
    message = arrival.message()
    assert (arrival.place.job, message.job, message.position) == ("message-1", "message-1", (0, 0))
    assert (message.prompt, message.negative_prompt) == ("a cat", None)
    assert (message.requirements, message.feedback, message.spent_usd, message.deferrals) == ((), (), 0, 0)


@pytest.mark.parametrize(
    ("body", "refusal", "job"),
    [
        (json.dumps(PLACED), ("ours", "mine"), ("ours", "mine")),
        (json.dumps({**PLACED, "promt": 1}), ("ours", "mine"), ("ours", "mine")),
        (json.dumps(PLACED)[:75], ("retake-outbox", "generated-images"), ("ours", "mine")),
        (
            json.dumps({**PLACED, "output_s3_bucket_name": "theirs"}),
            ("retake-outbox", "mine"),
            ("retake-outbox", "mine"),
        ),
        ('["an array"]', ("retake-outbox", "generated-images"), ("retake-outbox", "generated-images")),
    ],
    ids=["whole", "refused", "cut short", "not allowed", "no object"],
)
def test_a_damaged_body_still_says_where_its_job_lies_and_its_refusal_lies_where_it_is_legal(
    body: str, refusal: tuple[str, str], job: tuple[str, str]
) -> None:
    arrival = arrived(body, **CATS)
    assert arrival.refusals == refusal
    assert arrival.place == JobPlace(*job, "cats")


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({"attempt": ("Number", "x")}, "attempt"),
        ({"job": ("String", "a/b")}, "job"),
        ({"colour": ("String", "red")}, "colour"),
    ],
)
def test_what_is_wrong_is_told_to_whoever_asks_for_the_message(
    attributes: dict[str, tuple[str, str]], field: str
) -> None:
    arrival = arrived('{"prompt": "a cat"}', **attributes)
    with pytest.raises(Refused) as refused:
        arrival.message()
    assert refused.value.field == field


def test_what_the_stage_does_not_allow_is_a_message_all_the_same() -> None:
    arrival = arrived('{"prompt": "a cat", "max_cost_usd": 500}')
    assert arrival.message().request.max_cost_usd == 500
    with pytest.raises(Refused, match="MAX_COST_USD of the stage"):
        arrival.allowed_message()


@pytest.mark.parametrize("body", [json.dumps(PLACED), '{"promt": 1}', "no JSON", "", "[]", '{"prompt": NaN}'])
def test_it_is_read_as_a_message_of_a_record_is(body: str) -> None:
    """One reading for both, with the same words of refusal."""
    wire = WireMessage(body, {**CATS, "attempt": ("Number", "1")})
    try:
        expected: object = decode(wire, stage(), "message-1")
    except Refused as error:
        expected = (error.error, error.field)
    try:
        said: object = read_arrival(wire, "message-1", 1, stage()).message()
    except Refused as error:
        said = (error.error, error.field)
    assert said == expected
