"""The message: it survives the journey unchanged, and what comes from outside is refused unless exactly right."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.events.sqs_rules import check_sendable
from chalicelib.job.message import FEEDBACK_ITEMS, Message, bounded_feedback, claimed_job, decode
from chalicelib.job.request import Request
from chalicelib.ports import WireMessage
from tests.job.stage import stage

LEGAL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=40,
).map(lambda text: text if text.strip() else f"{text}x")
REQUESTS = st.builds(
    Request,
    prompt=LEGAL,
    max_retry_attempts=st.integers(1, 10),
    max_prompt_revisions=st.integers(1, 10),
    negative_prompt=st.none() | LEGAL,
    requirements=st.none() | st.lists(LEGAL, min_size=1, max_size=4).map(tuple),
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    request = draw(REQUESTS)
    return Message(
        request=request,
        job=draw(st.text("AZaz09._-", min_size=1, max_size=128).map(lambda job: f"j{job}"[:128])),
        prompt=draw(LEGAL),
        revision=draw(st.integers(0, request.max_prompt_revisions - 1)),
        attempt=draw(st.integers(0, request.max_retry_attempts - 1)),
        negative_prompt=draw(LEGAL) if request.negative_prompt is None else request.negative_prompt,
        requirements=tuple(draw(st.lists(LEGAL, min_size=1, max_size=4))),
        feedback=bounded_feedback(tuple(draw(st.lists(LEGAL, max_size=30)))),
        spent_usd=draw(st.integers(0, 5_000_000)) / 1_000_000,
        deferrals=draw(st.integers(0, 20)),
    )


@given(messages())
def test_every_message_can_be_sent_and_comes_back_as_it_was_with_an_attribute_to_spare(message: Message):
    wire = message.encode()
    check_sendable(wire)
    assert decode(wire, stage(), "another") == message
    assert len(wire.attributes) <= 9
    for kind, value in wire.attributes.values():  # as SQS keeps numbers: no leading or trailing zeros
        assert kind != "Number" or value == f"{float(value):.6f}".rstrip("0").rstrip(".")


def bare(**attributes: tuple[str, str]) -> WireMessage:
    return WireMessage('{"prompt": "a cat", "max_retry_attempts": 3, "max_prompt_revisions": 2}', attributes)


def test_a_bare_body_starts_a_job_under_the_name_of_its_message():
    message = decode(bare(), stage(), "message-20261122T081500Z-01234567")
    assert message == Message.first(message.request, "message-20261122T081500Z-01234567")


def test_attributes_resume_a_job_anywhere():
    message = decode(
        bare(revision=("Number", "1"), attempt=("Number", "2"), prompt=("String", "a tabby"), job=("String", "cats.1")),
        stage(),
        "x",
    )
    assert (message.job, message.revision, message.attempt, message.prompt) == ("cats.1", 1, 2, "a tabby")
    assert message.request.prompt == "a cat"


REFUSED = [
    ("attempt", "Number", "٣", "0 to 2"),
    ("attempt", "Number", "-1", "0 to 2"),
    ("attempt", "Number", "1.5", "0 to 2"),
    ("attempt", "Number", "99", "0 to 2"),
    ("attempt", "Number", "3", "0 to 2"),
    ("attempt", "Number", "", "0 to 2"),
    ("attempt", "String", "1", "Number is needed"),
    ("revision", "Number", "2", "0 to 1"),
    ("revision", "Number", "1" * 400, "0 to 1"),
    ("job", "String", "a/b", "1 to 128"),
    ("job", "String", "rejected", "none of"),
    ("job", "String", "dead-letters", "none of"),
    ("job", "String", "..", "none of"),
    ("job", "String", "000-000.json", "none of"),
    ("job", "String", "012-345.png", "none of"),
    ("job", "String", "000-000-1.png", "RRR-AAA-K.png"),
    ("job", "String", "x" * 129, "1 to 128"),
    ("job", "String", "", "1 to 128"),
    ("job", "String", "job\n", "1 to 128"),
    ("prompt", "String", "", "1 to 10,000"),
    ("prompt", "String", "a\x00b", "1 to 10,000"),
    ("prompt", "String", "x" * 10_001, "1 to 10,000"),
    ("feedback", "String", "not JSON", "not JSON"),
    ("feedback", "String", '{"a": 1}', "array of texts"),
    ("feedback", "String", "[1]", "array of texts"),
    ("feedback", "String", "[NaN]", "NaN came"),
    ("feedback", "String", '["\\u0000"]', "U+0000"),
    ("requirements", "String", "[[]]", "array of texts"),
    ("spent_usd", "Number", "abc", "a number is needed"),
    ("spent_usd", "Number", "NaN", "a number is needed"),
    ("spent_usd", "Number", "٣", "a number is needed"),
    ("atempt", "Number", "1", "did you mean 'attempt'?"),
    ("REVISION", "Number", "1", "did you mean 'revision'?"),
    ("colour", "String", "red", "known: job, revision"),
]


@pytest.mark.parametrize(("name", "kind", "value", "words"), REFUSED)
def test_an_attribute_that_is_not_right_is_refused_by_name(name: str, kind: str, value: str, words: str):
    with pytest.raises(Refused) as refused:
        decode(bare(**{name: (kind, value)}), stage(), "x")
    assert refused.value.field == name
    assert words in refused.value.error


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("spent_usd", "-3", 0.0),
        ("spent_usd", "1E6", 5.0),
        ("spent_usd", "0.25", 0.25),
        ("deferrals", "-1", 0),
        ("deferrals", "99999", 20),
        ("deferrals", "2.7", 2),
    ],
)
def test_money_and_deferrals_are_clamped(name: str, value: str, kept: float):
    assert getattr(decode(bare(**{name: ("Number", value)}), stage(), "x"), name) == kept


def test_an_empty_body_is_refused():
    with pytest.raises(Refused, match="nothing came"):
        decode(WireMessage("", {}), stage(), "x")


def body_of(size: int, spacing: str) -> str:
    """A prompt file of so many bytes."""
    fields = {"prompt": "a cat", "negative_prompt": "x", "requirements": ["😀" * 500] * 32}
    room = size - len(json.dumps(fields, ensure_ascii=False, separators=(f",{spacing}", f":{spacing}")).encode())
    fields["negative_prompt"] = "x" * (room + 1)
    return json.dumps(fields, ensure_ascii=False, separators=(f",{spacing}", f":{spacing}"))


@pytest.mark.parametrize("size", [64 * 1024 + 1, 65 * 1024, 65 * 1024 + 1])
def test_a_body_that_would_grow_when_written_again_must_keep_to_the_limit_of_a_file(size: int):
    with pytest.raises(Refused, match=rf"^a body of {size:,} bytes came; at most 65,536 are allowed"):
        decode(WireMessage(body_of(size, ""), {}), stage(), "x")
    assert decode(WireMessage(body_of(64 * 1024, ""), {}), stage(), "x").request.requirements


def test_what_was_written_here_may_be_a_little_longer_than_a_file():
    body = body_of(65 * 1024, " ")
    message = decode(WireMessage(body, {}), stage(), "x")
    assert decode(message.encode(), stage(), "x") == message
    assert message.encode().body == body


def test_a_legal_list_counts_by_its_entries_however_it_is_written():
    longest = ["😀" * 500] * 32
    written = json.dumps(longest)  # with escapes: 12 bytes a character
    assert len(written) > 128 * 1024
    assert decode(bare(requirements=("String", written)), stage(), "x").requirements == tuple(longest)


def test_feedback_that_is_too_long_is_bounded():
    told = [f"{number} {'x' * 5_000}" for number in range(200)]
    message = decode(bare(feedback=("String", json.dumps(told))), stage(), "x")
    assert message.feedback == bounded_feedback(tuple(told))


@pytest.mark.parametrize(
    ("job", "name"), [("cats", "cats"), ("a/b", "own"), ("rejected", "own"), ("000-000.json", "own")]
)
def test_a_refused_message_is_kept_under_its_claimed_name_only_if_that_is_legal(job: str, name: str):
    assert claimed_job(bare(job=("String", job)), "own") == name


def test_feedback_keeps_the_newest_and_stays_bounded():
    message = decode(bare(), stage(), "x")
    for number in range(100):
        message = Message(**{**vars(message), "feedback": message.next_attempt(f"{number} " + "x" * 5_000, 0).feedback})
    assert len(message.feedback) == FEEDBACK_ITEMS
    assert message.feedback[-1].startswith("99 ")
    assert len(json.dumps(message.feedback)) < 16_000


def test_a_rewritten_prompt_travels_beside_the_initial_one():
    first = decode(bare(), stage(), "job")
    second = first.next_revision("a ginger cat, studio light", "dogs", "no cat to be seen", 0.05, 7)
    again = decode(second.encode(), stage(), "x")
    assert (again.prompt, again.request.prompt, again.negative_prompt) == (
        "a ginger cat, studio light",
        "a cat",
        "dogs",
    )
    assert (again.revision, again.attempt, again.feedback, again.spent_usd) == (1, 0, ("no cat to be seen",), 0.05)
