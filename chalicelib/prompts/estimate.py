"""What prompts can cost, and what they will likely cost, before anything is paid. Pure.

Knows no model: what one attempt costs is a function handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.job.request import Request

LIKELY_ATTEMPTS = 3  # of a job; a guess, since nobody knows how hard a prompt is before it is drawn


@dataclass(frozen=True)
class Prices:
    """USD: of an attempt's images and their checks, and of one rewriting of the prompt; at most, and likely."""

    attempt: float
    likely_attempt: float
    rewrite: float
    likely_rewrite: float


@dataclass(frozen=True)
class Estimate:
    """USD for all jobs together."""

    jobs: int
    most: float
    likely: float


PriceOf = Callable[[Request], Prices]


def most_of(request: Request, prices: Prices, cap_usd: float) -> float:
    """What one job can cost at most: every attempt of every prompt, within the caps of job and stage."""
    revisions = request.max_prompt_revisions
    whole = request.max_retry_attempts * revisions * prices.attempt + (revisions - 1) * prices.rewrite
    return min(whole, request.max_cost_usd or cap_usd, cap_usd)


def estimate(requests: Sequence[Request], price_of: PriceOf, cap_usd: float) -> Estimate:
    """The sums over all jobs; `cap_usd` is the stage's cap of one."""
    most = likely = 0.0
    for request in requests:
        prices = price_of(request)
        at_most = most_of(request, prices, cap_usd)
        attempts = min(LIKELY_ATTEMPTS, request.max_retry_attempts * request.max_prompt_revisions)
        rewrites = (attempts - 1) // request.max_retry_attempts
        most += at_most
        likely += min(at_most, attempts * prices.likely_attempt + rewrites * prices.likely_rewrite)
    return Estimate(len(requests), most, likely)
