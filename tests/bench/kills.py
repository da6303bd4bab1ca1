"""What is paid again when the process dies: killed before and after every call to the outside, then let go on.

Going on is each platform's own: the loop's event is delivered again, the durable function is replayed, Retake's event
or message comes back. Counted are the model calls beyond those of a run that nobody kills.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.bench.model import Job, StandIn
from tests.bench.outside import Outside
from tests.bench.ways import way

MOST_POINTS, LEAST_POINTS, ATTEMPTS_IN_ALL = 160, 32, 1_600
AT_ONCE = {"durable": 16}  # its runner waits five seconds before it goes on


@dataclass(frozen=True)
class PaidAgain:
    """Calls beyond the least, the worst and the mean over the points; `ended` of them still came to the picture.

    Retake comes to a result from all of them, but not always to the picture: the pictures of a set that a dying process
    had not saved yet are not drawn again, and the one that would be accepted is the last of the set here.
    """

    points: int
    possible: int
    ended: int
    worst_images: int
    mean_images: float
    worst_checks: int
    mean_checks: float


@dataclass(frozen=True)
class _Bill:
    images: int
    checks: int
    accepted: bool


def paid_again(name: str, job: Job) -> PaidAgain:
    """Every point at which the process can die, or some drawn at random: the longer the job, the fewer."""
    most = max(LEAST_POINTS, min(MOST_POINTS, ATTEMPTS_IN_ALL // job.attempts))
    undisturbed = StandIn(job)
    least = _bill(undisturbed, name)
    points = [(call, after) for call in range(undisturbed.outside.counts.total()) for after in (False, True)]
    drawn = points if len(points) <= most else random.Random(7).sample(points, most)
    bills = list(_mapped(name)(partial(_killed, name, job), drawn))
    images = [bill.images - least.images for bill in bills]
    checks = [bill.checks - least.checks for bill in bills]
    return PaidAgain(
        points=len(drawn),
        possible=len(points),
        ended=sum(bill.accepted for bill in bills),
        worst_images=max(images),
        mean_images=sum(images) / len(images),
        worst_checks=max(checks),
        mean_checks=sum(checks) / len(checks),
    )


def _mapped(name: str) -> Callable[..., list[_Bill]]:
    if name not in AT_ONCE:
        return lambda call, points: [call(point) for point in points]

    def side_by_side(call: Callable[[tuple[int, bool]], _Bill], points: list[tuple[int, bool]]) -> list[_Bill]:
        with ThreadPoolExecutor(AT_ONCE[name]) as pool:
            return list(pool.map(call, points))

    return side_by_side


def _killed(name: str, job: Job, point: tuple[int, bool]) -> _Bill:
    return _bill(StandIn(job, Outside(*point)), name)


def _bill(model: StandIn, name: str) -> _Bill:
    accepted = way(name)(model, True).accepted
    return _Bill(model.calls("image"), model.calls("look") + model.calls("words"), accepted)
