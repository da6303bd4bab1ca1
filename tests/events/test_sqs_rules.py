"""What SQS would refuse never leaves."""

import re

import pytest

from chalicelib.errors import Unsendable
from chalicelib.events.sqs_rules import check_sendable
from chalicelib.ports import WireMessage

TEXT = ("String", "x")


@pytest.mark.parametrize(
    ("body", "attributes", "delay", "words"),
    [
        ("", {}, 0, "body is empty"),
        ("a\x00b", {}, 0, "U+0000"),
        ("a\ufffeb", {}, 0, "U+FFFE"),
        ("\ud800", {}, 0, "U+D800"),
        ("x" * (1024 * 1024 + 1), {}, 0, "1,048,577 bytes"),
        ("x" * (1024 * 1024 - 6), {"a": TEXT}, 0, "1,048,578 bytes"),
        ("x", {f"a{number}": TEXT for number in range(11)}, 0, "11 attributes"),
        ("x", {"a": ("String", "")}, 0, "attribute a is empty"),
        ("x", {"a": ("String", "\x1b")}, 0, "U+001B"),
        ("x", {"a": ("Number", "abc")}, 0, "is no Number"),
        ("x", {"a": ("Number", "٣")}, 0, "is no Number"),
        ("x", {"a": ("Text", "x")}, 0, "type 'Text'"),
        ("x", {"AWS.a": TEXT}, 0, "name 'AWS.a'"),
        ("x", {"amazon.a": TEXT}, 0, "name 'amazon.a'"),
        ("x", {"a b": TEXT}, 0, "name 'a b'"),
        ("x", {".a": TEXT}, 0, "name '.a'"),
        ("x", {"a..b": TEXT}, 0, "name 'a..b'"),
        ("x", {}, 901, "a delay of 901 s"),
        ("x", {}, -1, "a delay of -1 s"),
    ],
)
def test_what_sqs_refuses_is_stopped_with_the_reason(
    body: str, attributes: dict[str, tuple[str, str]], delay: int, words: str
):
    with pytest.raises(Unsendable, match=re.escape(words)):
        check_sendable(WireMessage(body, attributes), delay)


@pytest.mark.parametrize("group", ["", "two words", "é", "x" * 129])
def test_a_group_that_sqs_refuses_is_stopped(group: str):
    with pytest.raises(Unsendable, match="the group"):
        check_sendable(WireMessage("x", {}, group))
    check_sendable(WireMessage("x", {}, "x" * 128))


def test_ten_attributes_and_the_longest_delay_may_go():
    check_sendable(WireMessage("é\t\n😀", {f"a{number}": TEXT for number in range(10)}), 900)
    with pytest.raises(Unsendable):
        check_sendable(WireMessage("é\t\n😀", {f"a{number}": TEXT for number in range(11)}), 900)
