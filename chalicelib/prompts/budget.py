"""The cap of a whole run: a job is begun only if all that is under way, and it, can end within it. Pure."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.job.request import Request
from chalicelib.prompts.estimate import PriceOf, most_of
from chalicelib.prompts.files import PromptFile

HAIR = 1e-9  # USD; sums of decimals are that far off


@dataclass(frozen=True)
class Budget:
    """`most_usd` None: no cap. `stage_usd` caps each job, `price_of` says what an attempt of it costs.

    `request_of` reads a file as the pipeline will; None: it will be refused, which costs nothing.
    """

    most_usd: float | None
    stage_usd: float
    price_of: PriceOf
    request_of: Callable[[PromptFile], Request | None]

    def admitted(self, file: PromptFile, reserved: float, alone: bool) -> tuple[PromptFile, float] | None:
        """The file to be begun, its own cap lowered to what it may cost, and that; None where it does not fit (yet).

        `reserved` is what is spent and what the jobs under way may still cost. Where none is (`alone`), a job may have
        all that is left, if that is enough for an attempt.
        """
        request = self.request_of(file)
        if self.most_usd is None or request is None:
            return file, 0.0
        prices, left = self.price_of(request), self.most_usd - reserved + HAIR
        worst = most_of(request, prices, self.stage_usd)
        if worst > left and not (alone and prices.attempt <= left):
            return None
        allowed = math.floor(min(worst, left) * 1_000_000) / 1_000_000
        return _capped(file, allowed), allowed


def _capped(file: PromptFile, usd: float) -> PromptFile:
    fields = {**json.loads(file.body.decode("utf-8-sig")), "max_cost_usd": usd}
    return replace(file, body=json.dumps(fields, ensure_ascii=False).encode(errors="surrogatepass"))
