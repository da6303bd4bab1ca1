"""How often pictures are complete: plain prompts lose elements, captions few, so that jobs end as they should."""

from collections import Counter

import pytest

from chalicelib.local.bedrock.chance import digest
from chalicelib.local.bedrock.eye import Eye
from chalicelib.local.bedrock.judge import verdict
from chalicelib.local.bedrock.order import Order
from chalicelib.local.bedrock.painter.plan import caption_like, plan
from chalicelib.local.bedrock.painter.scene import paint
from chalicelib.local.bedrock.reading import names, read
from chalicelib.local.bedrock.rewriter import rewrite
from tests.local.bedrock.test_questions import ARCTIC, LANDSCAPE

ATTEMPTS, PROMPTS = 5, 3
NEVER = (PROMPTS, 0)


def complete(initial: str, prompt: str, negative: str, seed: int) -> bool:
    """What the verifier would say of a picture in which nothing hides anything, without painting it."""
    drawn = {each.element for each in plan(prompt, negative, seed)}
    reading = read(initial)
    return {each.element for each in reading.wanted} <= drawn and not drawn & set(reading.unwanted)


def seen(initial: str, prompt: str, negative: str, seed: int) -> bool:
    """What the verifier says of the painted picture."""
    return bool(verdict(Eye(paint(Order(prompt, negative, 320, 320, seed))), initial, "", ())["result"] == "YES")


def job(initial: str, number: int, accepted=complete) -> tuple[int, int]:
    """Revision and attempt at which a job with random seeds is accepted."""
    prompt, negative, tried = initial, "", []
    for revision in range(PROMPTS):
        tried.append(prompt)
        for attempt in range(ATTEMPTS):
            if accepted(initial, prompt, negative, digest("job", number, revision, attempt) % 2**31):
                return revision, attempt
        answer = rewrite(initial, negative, tried, [], 1024)
        prompt, negative = answer["revised_prompt"], negative or answer["negative_prompt"]
    return NEVER


def test_the_landscape_is_accepted_within_fifteen_attempts_after_a_retry_or_two() -> None:
    ends = Counter(job(LANDSCAPE, number) for number in range(3000))
    assert ends[NEVER] <= 1
    assert 0.4 < ends[0, 0] / 3000 < 0.7
    assert sum(ends[0, attempt] for attempt in range(ATTEMPTS)) > 2800


def test_the_arctic_prompt_is_rejected_at_first_rewritten_and_accepted_later() -> None:
    ends = Counter(job(ARCTIC, number) for number in range(2000))
    assert ends[NEVER] <= 2
    assert sum(ends[0, attempt] for attempt in range(ATTEMPTS)) < 0.03 * 2000
    assert sum(ends[1, attempt] for attempt in range(ATTEMPTS)) > 0.9 * 2000


@pytest.mark.parametrize("prompt", [LANDSCAPE, ARCTIC])
def test_painted_and_looked_at_jobs_end_the_same_way(prompt: str) -> None:
    for number in range(3):
        assert job(prompt, number, seen) == job(prompt, number)


@pytest.mark.long
@pytest.mark.parametrize("prompt", [LANDSCAPE, ARCTIC])
def test_forty_painted_jobs_are_accepted(prompt: str) -> None:
    ends = Counter(job(prompt, number, seen) for number in range(40))
    assert ends[NEVER] == 0


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (LANDSCAPE, False),
        (ARCTIC, False),
        ("Mountains, a lake, soft light, wide lens", True),
        ("Draw mountains, a lake, soft light, wide lens", False),
        ("Mountains, a lake, no people, wide lens", False),
        ("山, 湖, 夜, 月", False),
    ],
)
def test_what_counts_as_a_caption(prompt: str, expected: bool) -> None:
    assert caption_like(prompt) is expected


def test_what_is_excluded_is_sometimes_drawn_until_the_negative_prompt_says_so() -> None:
    excluded = [
        seed for seed in range(200) if "people" in {each.element for each in plan("A lake, no people", "", seed)}
    ]
    prevented = [
        seed for seed in range(200) if "people" in {each.element for each in plan("A lake, no people", "people", seed)}
    ]
    assert 30 < len(excluded) < 90
    assert names("people") == ("people",)
    assert prevented == []
