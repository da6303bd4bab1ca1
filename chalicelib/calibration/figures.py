"""What a rule came to over all jobs, each figure with an interval from a bootstrap over prompts; Wilson's. Pure.

Every rule is looked at through the same resamples, so that two rules' figures can be compared.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.calibration.looks import Job
from chalicelib.calibration.replay import Play

SEED, TIMES, OUTSIDE = 20261128, 1_000, 0.025  # of the resamples, on either side of an interval
PER_LABEL = 0.92  # half an interval's width times the root of the number of labels: 150 give ± 0.075


@dataclass(frozen=True)
class Prices:
    """USD, of one image and of one look at it."""

    image: float = 0.04
    look: float = 0.0024


@dataclass(frozen=True)
class Figure:
    """A value with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Sums(NamedTuple):
    """What is counted: jobs, good pictures delivered, images, looks, accepted ones, good ones among these, missing."""

    jobs: int
    good: int
    images: int
    looks: int
    accepted: int
    rightly: int
    missing: int


@dataclass(frozen=True)
class Figures:
    """Of one rule. `precision` is None where nothing was accepted; `missing` pictures lacked a look it asks for."""

    good: Figure
    images: Figure
    precision: Figure | None
    dollars: Figure
    accepted: int
    missing: int


Resamples = Sequence[Sequence[int]]


def prompts_of(jobs: Sequence[Job]) -> list[list[Job]]:
    """The jobs by prompt, in the order of their first."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.prompt, []).append(job)
    return list(groups.values())


def resamples(count: int, seed: int = SEED) -> Resamples:
    """As many draws of `count` prompts with replacement, by number."""
    chance = random.Random(seed)
    return [chance.choices(range(count), k=count) for _ in range(TIMES)]


def figures(play: Play, prompts: Sequence[Sequence[Job]], drawn: Resamples, prices: Prices) -> Figures:
    """Play every job; `drawn` are resamples of the prompts, which hold at least one job."""
    sums = [_of_prompt(play, jobs) for jobs in prompts]
    total = _added(sums)
    again = [_added([sums[number] for number in numbers]) for numbers in drawn]
    precision = (
        _figure(total, [one for one in again if one.accepted], lambda one: one.rightly / one.accepted)
        if total.accepted
        else None
    )
    return Figures(
        good=_figure(total, again, lambda one: one.good / one.jobs),
        images=_figure(total, again, lambda one: one.images / one.jobs),
        precision=precision,
        dollars=_figure(total, again, lambda one: (one.images * prices.image + one.looks * prices.look) / one.jobs),
        accepted=total.accepted,
        missing=total.missing,
    )


def wilson(times: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; 0 to 1 where nothing was counted."""
    if not of:
        return 0.0, 1.0
    share, square = times / of, 1.96**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = 1.96 * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _of_prompt(play: Play, jobs: Sequence[Job]) -> Sums:
    outcomes = [play(job) for job in jobs]
    return Sums(
        jobs=len(outcomes),
        good=sum(outcome.good for outcome in outcomes),
        images=sum(outcome.images for outcome in outcomes),
        looks=sum(outcome.looks for outcome in outcomes),
        accepted=sum(outcome.accepted for outcome in outcomes),
        rightly=sum(outcome.accepted and outcome.good for outcome in outcomes),
        missing=sum(outcome.missing for outcome in outcomes),
    )


def _added(sums: Sequence[Sums]) -> Sums:
    return Sums(*map(sum, zip(*sums, strict=True)))


def _figure(total: Sums, again: Sequence[Sums], of: Callable[[Sums], float]) -> Figure:
    return interval(of(total), map(of, again))


def interval(value: float, again: Iterable[float]) -> Figure:
    """A value with 95 % of what the resamples gave."""
    values = sorted(again) or [value]
    outside = int(len(values) * OUTSIDE)
    return Figure(value, values[outside], values[-1 - outside])
