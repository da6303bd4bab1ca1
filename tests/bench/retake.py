"""This project's own way: its handlers, over AWS in memory.

A process that is killed leaves its event to AWS, which delivers it again: an S3 event after a minute, a message when
its visibility ends. Time is virtual and jumps there, so only what is done is measured, not what is waited for.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from chalicelib.attempt.services import Services
from chalicelib.ports import Place
from tests.bench.model import FIRST_SEED, Job, Outcome, StandIn
from tests.bench.outside import Killed
from tests.fakes.aws import Effect
from tests.fakes.lambdas import Invocation
from tests.fakes.ports import MemoryStore
from tests.pipeline.bench import Bench

KINDS = {"create": "put", "replace": "put", "read": "get", "send": "send"}
LIMITS = {"MAX_ATTEMPTS": "100", "MAX_COST_USD": "1000"}
DELIVERIES = 5_000


def prompt_file(job: Job, prompt: str = "a cat") -> dict[str, Any]:
    """What a user drops for this job."""
    return {
        "prompt": prompt,
        "requirements": ["the subject"],
        "max_retry_attempts": min(job.attempts, job.per_prompt),
        "max_prompt_revisions": job.prompts,
        "nova_canvas_number_of_images": job.images,
        "nova_canvas_seed": FIRST_SEED,
    }


def threads(call: Callable[[Any], Any], given: Sequence[Any]) -> list[Any]:
    """As deployed: what may go side by side does."""
    with ThreadPoolExecutor(max(1, len(given))) as pool:
        return list(pool.map(call, given))


class ForgetfulStore(MemoryStore):
    """Images are not kept: the bench would measure its own S3."""

    def create(self, place: Place, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> str:
        return super().create(place, b"" if content_type == "image/png" else body, content_type, metadata)


class Stage(Bench):
    """The stage of one job whose process can be killed."""

    def __init__(self, model: StandIn, keep: bool) -> None:
        super().__init__(model, **LIMITS)  # type: ignore[arg-type]  # a ModelCaller is all that it needs
        self.model = model
        self.keep = keep
        self.invocations = 0
        self.from_queue = 0
        self.longest = 0.0
        self.aws.around = self.passing

    def passing(self, effect: Effect, perform: Callable[[], Any]) -> Any:
        return self.model.outside(KINDS[effect.operation], perform)

    def services(self) -> Services:
        given = super().services()
        if self.keep:
            return given  # kills: one call after the other, so that their numbers mean the same every time
        return replace(given, store=ForgetfulStore(self.aws), side_by_side=threads)

    def run(self, invocation: Invocation) -> None:
        self.invocations += 1
        self.from_queue += invocation.queue is not None
        began, waited = time.perf_counter(), self.model.waited
        try:
            super().run(invocation)
        except Killed:
            self.aws.lambdas.fail(invocation, "Runtime.ExitError", "the process is gone")
        wall = time.perf_counter() - began
        self.longest = max(self.longest, self.model.real(wall, self.model.waited - waited))


def run(model: StandIn, keep: bool = True) -> Outcome:
    """The job from its upload to its result; `keep` False lets go of what was saved."""
    stage = Stage(model, keep)
    stage.upload(prompt_file(model.job))
    stage.settle(DELIVERIES)
    pictures = sum(key.endswith(".png") for key in stage.outbox())
    accepted = stage.result["status"] == "SUCCESS"
    return Outcome(accepted, pictures, stage.invocations, stage.longest, from_queue=stage.from_queue)
