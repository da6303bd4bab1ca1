"""The cap of a whole run: a job is begun only if all that is under way, and it, can end within it. Pure."""

import json
import math
from dataclasses import dataclass, replace

from chalicelib.errors import Refused
from chalicelib.job.request import Request, parse_request
from chalicelib.prompts.estimate import PriceOf, most_of
from chalicelib.prompts.files import PromptFile


@dataclass(frozen=True)
class Budget:
    """`most_usd` None: no cap. `stage_usd` caps each job, `price_of` says what an attempt of it costs."""

    most_usd: float | None
    stage_usd: float
    price_of: PriceOf

    def admitted(self, file: PromptFile, reserved: float, alone: bool) -> tuple[PromptFile, float] | None:
        """The file to be begun and what it may cost, or None where it does not fit (yet).

        `reserved` is what is spent and what the jobs under way may still cost; where none is (`alone`), a job may have
        what is left, if that is enough for an attempt: its own cap is lowered to it.
        """
        request = request_of(file)
        if self.most_usd is None or request is None:  # what is refused costs nothing
            return file, 0.0
        prices, left = self.price_of(request), self.most_usd - reserved
        worst = most_of(request, prices, self.stage_usd)
        if worst <= left:
            return file, worst
        if alone and prices.attempt <= left:
            return _capped(file, left), left
        return None


def request_of(file: PromptFile) -> Request | None:
    """The file as the product will read it, or None where it will refuse it."""
    try:
        return parse_request(file.body)
    except Refused:
        return None


def _capped(file: PromptFile, usd: float) -> PromptFile:
    fields = {**json.loads(file.body.decode("utf-8-sig")), "max_cost_usd": math.floor(usd * 10_000) / 10_000}
    return replace(file, body=json.dumps(fields, ensure_ascii=False).encode())
