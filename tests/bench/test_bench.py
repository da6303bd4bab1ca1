"""The bench itself: the three ways do the same work, its rows are whole, and what Retake pays again is what it says."""

import base64
import gc
import io
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from PIL import Image

from tests.bench.flood import flood
from tests.bench.kills import PaidAgain, paid_again
from tests.bench.memory import configured_mb
from tests.bench.model import LARGE, SMALL, Job, Outcome, StandIn
from tests.bench.outside import Killed, Outside
from tests.bench.pictures import encoded
from tests.bench.quotas import paper, quotas
from tests.bench.race import Timing, race
from tests.bench.rows import Row, rows
from tests.bench.table import KILLED, TIME_AND_MONEY, side_by_side
from tests.bench.ways import NAMES, way
from tests.fakes.pictures import words_in

UNHARMED = PaidAgain(points=1, possible=1, ended=1, worst_images=0, mean_images=0.0, worst_checks=0, mean_checks=0.0)

# The durable functions' local runner does not close its event loop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def _loops_left_open() -> Iterator[None]:
    """They are collected here, and not in somebody else's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.parametrize("job", [Job(1), Job(7), Job(3, images=5)])
def test_the_three_ways_make_the_same_pictures(job: Job) -> None:
    models = {name: StandIn(job) for name in NAMES}
    outcomes = {name: way(name)(model, True) for name, model in models.items()}
    assert {outcome.pictures for outcome in outcomes.values()} == {job.attempts * job.images}
    assert all(outcome.accepted for outcome in outcomes.values())
    assert {model.calls("image") for model in models.values()} == {job.attempts}
    assert {model.calls("look") for name, model in models.items() if name != "retake"} == {job.attempts * job.images}


def test_retake_pays_for_one_image_call_more_wherever_it_is_killed() -> None:
    single, several = paid_again("retake", Job(3)), paid_again("retake", Job(1, images=5))
    assert (single.points, several.points) == (single.possible, several.possible)
    assert (single.worst_images, several.worst_images) == (1, 1)
    assert single.ended == single.points


def test_retake_looks_again_at_no_more_than_the_images_of_one_attempt() -> None:
    job, undisturbed = Job(2, images=2), StandIn(Job(2, images=2))
    way("retake")(undisturbed, True)
    looks: Counter[str] = Counter()
    for (kind, place, _), number in undisturbed.bill.items():
        looks[place] += number if kind == "look" else 0
    assert paid_again("retake", job).worst_checks <= max(looks.values())


def test_the_loop_pays_for_everything_again() -> None:
    assert paid_again("loop", Job(6)).worst_images == 6


def test_a_row_is_whole() -> None:
    job = Job(2)
    timings = race(job, scale=0.001, rounds=1, side=SMALL)
    made = list(rows(job, timings, lambda name, job: 70.0, lambda name, job: UNHARMED))
    assert [row.way for row in made] == list(NAMES)
    for row in made:
        assert all(getattr(row, field.name) not in (None, 0, 0.0, "") for field in fields(Row)), row
        assert row.seconds >= job.model_seconds
    for columns in (TIME_AND_MONEY, KILLED):
        [head, _, job] = side_by_side(columns, made).splitlines()
        assert [cell.strip() for cell in head.split("|")][2:-1] == list(columns)
        assert all(cell.count(" / ") == len(NAMES) - 1 for cell in job.split("|")[2:-1])


def test_a_loop_of_a_hundred_attempts_does_not_fit_into_a_lambda() -> None:
    def after(seconds: float, **more: Any) -> Timing:
        return Timing(seconds, 1.0, 1.0, Outcome(True, 100, 1, **more), {})

    timings = {"loop": after(1_038), "durable": after(1_038, operations=220), "retake": after(1_038, longest=12)}
    made = {row.way: row for row in rows(Job(100), timings, lambda name, job: 70.0, lambda name, job: UNHARMED)}
    assert {name: row.finishes for name, row in made.items()} == {"loop": False, "durable": True, "retake": True}
    assert made["durable"].why == "2 invocation(s), 220 of 3,000 operations"


def test_memory_is_set_in_steps_and_never_below_what_lambda_takes() -> None:
    assert [configured_mb(peak) for peak in (20.0, 127.5, 128.0, 190.0, 250.0)] == [128, 128, 192, 192, 256]


def test_a_kill_strikes_once_and_leaves_done_what_was_done() -> None:
    done: list[str] = []
    outside = Outside(kill_at=1, after=True)
    outside("put", lambda: done.append("first"))
    with pytest.raises(Killed):
        outside("put", lambda: done.append("second"))
    outside("put", lambda: done.append("third"))
    assert done == ["first", "second", "third"]
    assert outside.counts == {"put": 3}


def test_a_large_picture_says_which_draw_it_is_and_can_be_decoded() -> None:
    picture = base64.b64decode(encoded("job-0 3 1", LARGE))
    assert words_in(picture).split() == ["job-0", "3", "1"]
    assert 1_000_000 < len(picture) < 3_000_000
    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        assert opened.size == (LARGE, LARGE)


def test_a_small_flood_breaks_nothing() -> None:
    flooded = flood(10, warm=10)
    assert flooded.broken == []
    assert (flooded.images, flooded.results) == (20, 10)


def test_quotas_come_with_their_sources_and_in_the_order_in_which_they_bind() -> None:
    found = quotas()
    assert [quota.jobs_a_day for quota in found] == sorted(quota.jobs_a_day for quota in found)
    assert all(quota.source and quota.moved_by for quota in found)
    assert all(quota.name in paper() for quota in found)
