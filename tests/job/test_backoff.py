"""Waiting grows, is bounded, and differs from job to job."""

import random

import pytest

from chalicelib.job.backoff import backoff
from tests.job.stage import stage


@pytest.mark.parametrize(
    ("deferrals", "most"), [(0, 2), (1, 4), (5, 64), (8, 512), (9, 1_024), (11, 2_700), (1_000, 2_700)]
)
def test_waiting_doubles_up_to_the_longest_wait_with_jitter(deferrals: int, most: float):
    waits = [backoff(deferrals, random.Random(seed)) for seed in range(300)]
    assert min(waits) >= most / 2
    assert most * 0.9 < max(waits) <= most
    assert len(set(waits)) > 100


def test_the_two_limits_of_a_stage_are_reached_at_about_the_same_time():
    waits = [sum(backoff(deferrals, random.Random(seed + deferrals)) for deferrals in range(20)) for seed in range(200)]
    settings = stage()
    assert settings.max_deferrals == 20
    assert 0.9 < sum(waits) / len(waits) / settings.max_wait_seconds < 1.1
