"""No text from outside can make a reader slow: twice the length takes at most three times the time, and a little."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.errors import Refused
from chalicelib.job.arrival import read_arrival
from chalicelib.job.rewriting import allowed_exclusions, lost
from chalicelib.models.replies import UnreadableReply, read_both, read_requirements, read_revision
from chalicelib.models.types import RewriteBrief
from chalicelib.ports import WireMessage
from chalicelib.text.characters import cleaned
from chalicelib.text.cutting import cut
from chalicelib.text.strict_json import read_json
from chalicelib.text.written import quoted, to_a_judge
from tests.job.stage import stage

PIECES = [
    "\n",
    " \n",
    ". ",
    ".)",
    ", ",
    "no people, ",
    "<think>",
    "</think>",
    "{",
    '{"a":',
    "\\",
    '"',
    "a" * 9 + ".",
    "、",
    " — ",
]
LENGTH = 20_000
GRAIN = 0.25  # seconds of CPU that are noise


def brief_of(text: str) -> RewriteBrief:
    return RewriteBrief(text, None, (text,), (), "", (), "", 100_000)


def limited(text: str) -> str:
    return cut(text, len(text) - 1).text


READERS: dict[str, Callable[[str], object]] = {
    "cut": limited,
    "cut to a few": lambda text: cut(text, 100),
    "cleaned": cleaned,
    "looks": lambda text: read_both(text, 3),
    "quoted": quoted,
    "to a judge": lambda text: to_a_judge([text], ""),
    "lost": lambda text: lost(text, text[: len(text) // 2]),
    "exclusions": lambda text: allowed_exclusions(text[:10_000], brief_of(text)),
    "requirements": read_requirements,
    "revision": lambda text: read_revision(text, 1_000),
    "json": lambda text: read_json(text.encode(), 10_000_000),
    "arrival": lambda text: read_arrival(WireMessage(text, {"job": ("String", "a")}), "b", 1, stage()),
}


def seconds(reader: Callable[[str], object], text: str) -> float:
    """Of CPU, the least of three: a collection of garbage in between says nothing of the reader."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        with suppress(UnreadableReply, Refused):
            reader(text)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_takes_no_more_than_three_times_the_time(name: str, piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    once, twice = seconds(READERS[name], text), seconds(READERS[name], text * 2)
    assert twice <= 3 * once + GRAIN
