"""Refusals on order, content filters, and what is counted as charged."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.local.bedrock.server import StandIn
from tests.local.bedrock.calling import CANVAS, CORE, NOVA_PRO, amazon_body, ask, client, images, invoke, refusal


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("throttle", ("ThrottlingException", 429)),
        ("not_ready", ("ModelNotReadyException", 429)),
        ("quota", ("ServiceQuotaExceededException", 400)),
        ("internal", ("InternalServerException", 500)),
        ("unavailable", ("ServiceUnavailableException", 503)),
        ("model_error", ("ModelErrorException", 424)),
        ("timeout", ("ModelTimeoutException", 408)),
        ("access_denied", ("AccessDeniedException", 403)),
    ],
)
def test_every_call_is_refused_as_ordered_and_none_is_charged(
    stand_in: StandIn, east: Any, kind: str, expected: tuple[str, int]
) -> None:
    stand_in.behaviour = replace(stand_in.behaviour, refusing=kind)
    assert refusal(invoke, east, CANVAS, amazon_body())[:2] == refusal(ask, east, "A lake")[:2] == expected
    stand_in.behaviour = replace(stand_in.behaviour, refusing="")
    assert images(invoke(east, CANVAS, amazon_body(numberOfImages=2)))
    assert [(call.model, call.images) for call in stand_in.calls.log] == [(CANVAS, 0), (NOVA_PRO, 0), (CANVAS, 2)]
    assert stand_in.calls.charged == {CANVAS: 1}


def test_the_content_filter_on_amazons_prompt(stand_in: StandIn, east: Any) -> None:
    name, status, message = refusal(invoke, east, CANVAS, amazon_body("gore on a lake"))
    assert (name, status) == ("ValidationException", 400)
    assert "blocked by our content filters" in message
    assert stand_in.calls.charged == {}


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("a lake, nsfw-image", ("All", 0)), ("a lake", (None, 4))],
)
def test_the_content_filter_on_amazons_images(east: Any, prompt: str, expected: tuple[str | None, int]) -> None:
    reply = invoke(east, CANVAS, amazon_body(prompt, numberOfImages=4))
    error = reply["error"]
    assert (error.split()[0] if error else None, len(images(reply))) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("gore", ["Filter reason: prompt"]), ("nsfw-image", ["Filter reason: output image"]), ("lake", [None])],
)
def test_the_content_filter_of_stability(west: Any, prompt: str, expected: list[str | None]) -> None:
    reply = invoke(west, CORE, {"prompt": prompt})
    assert reply["finish_reasons"] == expected
    assert bool(images(reply)) is (expected == [None])


def test_calls_side_by_side_are_all_counted(stand_in: StandIn, east: Any) -> None:
    with ThreadPoolExecutor(12) as callers:
        replies = list(callers.map(lambda seed: invoke(east, CANVAS, amazon_body(seed=seed)), range(36)))
    assert all(images(reply) for reply in replies)
    assert stand_in.calls.charged == {CANVAS: 36}


def test_every_answer_says_whose_it_is_and_what_is_not_bedrocks_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{stand_in.url}/elsewhere")
    with caught.value as answer:
        assert (answer.code, answer.headers["Server"]) == (404, "Retake-stand-in")


def test_a_stopped_stand_in_lets_go_of_its_port_and_connections(stand_in: StandIn) -> None:
    with StandIn() as other:
        caller = client(other.url)
        ask(caller, "A lake")
        url = other.url
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=2)
