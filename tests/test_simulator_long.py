"""The proof at length: every schedule of two faults through the real request code, of three over the ports, and chance.

Minutes on two cores, so CI runs it and the plain test command does not (README). `-s` shows how many ran.
"""

import os
import time

import pytest

from tests.simulator.__main__ import random_runs
from tests.simulator.jobs import STAGES
from tests.simulator.spread import explore

pytestmark = pytest.mark.long
WORKERS = os.cpu_count() or 1


@pytest.mark.parametrize(
    ("stage", "way", "faults", "at_least"),
    [
        ("plain", "wire", 2, 8_000),
        ("impatient", "ports", 2, 8_000),
        ("pair", "ports", 2, 8_000),
        ("plain", "ports", 3, 200_000),
        ("cancelled", "ports", 2, 3_000),
        ("left", "wire", 2, 3_000),
    ],
)
def test_every_promise_holds_whatever_goes_wrong(stage: str, way: str, faults: int, at_least: int) -> None:
    began = time.monotonic()
    tally = explore(STAGES[stage], way, faults, workers=WORKERS)
    print(f"\n{stage} by {way}, up to {faults} faults: {tally.told}, {time.monotonic() - began:.0f} s")
    assert [found.told(stage, way) for found in tally.found] == []
    assert tally.branches > at_least


@pytest.mark.parametrize(("way", "count"), [("ports", 20_000), ("wire", 500)])
def test_every_promise_holds_in_long_random_runs(way: str, count: int) -> None:
    assert list(random_runs(0, count, way, WORKERS)) == []
