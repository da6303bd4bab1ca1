"""The same loop as a durable function, with AWS's SDK and its local runner: every paid call is a step of its own.

A step's result is a checkpoint of at most 256 KB, so a step that draws also saves its images and returns their keys.
Steps have the SDK's default semantics, at least once for each try: a process that dies in a step does it again.
The runner begins an invocation that died anew after five seconds, and replays what has a checkpoint.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

from tests.bench.loop import check, draw, positions, rewrite
from tests.bench.model import Outcome, StandIn
from tests.bench.outside import Bucket, Killed

Made = TypeVar("Made")

LONGEST = 3600  # seconds of this machine

for _name in ("aws_durable_execution_sdk_python", "aws_durable_execution_sdk_python_testing"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # a killed process is no news here


class Steps:
    """The steps of one job, and the images that this process still has in hand."""

    def __init__(self, model: StandIn, bucket: Bucket) -> None:
        self.model = model
        self.bucket = bucket
        self.in_hand: dict[str, bytes] = {}

    def draw(self, prompt: str, position: int) -> list[str]:
        self.in_hand.clear()
        for number, picture in enumerate(draw(self.model, prompt, position)):
            key = f"images/{position}-{number}.png"
            self.bucket.put(key, picture)
            self.in_hand[key] = picture
        return list(self.in_hand)

    def check(self, prompt: str, key: str) -> bool:
        picture = self.in_hand.get(key)
        return check(self.model, prompt, self.bucket.get(key) if picture is None else picture)

    def job(self, context: DurableContext) -> str | None:
        """The key of the first accepted image."""
        self.in_hand.clear()
        prompt = "a cat"
        for position, last_of_prompt in positions(self.model.job):
            keys: list[str] = context.step(step(self.draw, prompt, position), name=f"draw {position}")
            for key in keys:
                if context.step(step(self.check, prompt, key), name=f"check {key}"):
                    return key
            if last_of_prompt:
                prompt = context.step(step(rewrite, self.model, prompt), name=f"rewrite {position}")
        return None


def step(call: Callable[..., Made], *given: Any) -> Callable[[object], Made]:
    """A call as a step: it has no use for the step's own context."""
    return lambda _: call(*given)


def run(model: StandIn, keep: bool = True) -> Outcome:
    """The job from its event to its end; `keep` False lets go of what was saved."""
    bucket = Bucket(model.outside, keep)
    steps, invocations, longest = Steps(model, bucket), 0, 0.0

    @durable_execution
    def function(event: Any, context: DurableContext) -> str | None:
        model.outside("get", lambda: b"{}")  # the prompt file; read again at every replay
        return steps.job(context)

    def sandbox(event: Any, context: Any) -> Any:
        nonlocal invocations, longest
        invocations += 1
        began = time.perf_counter()
        try:
            return function(event, context)
        except Killed:
            raise RuntimeError("the sandbox is gone") from None
        finally:
            longest = max(longest, model.real(time.perf_counter() - began, model.waited))

    with DurableFunctionTestRunner(sandbox, execution_timeout=LONGEST) as runner:
        ended = runner.run(input=json.dumps({"prompt": "a cat"}), execution_timeout=LONGEST)
    operations = ended.get_all_operations()
    written = sum(len(getattr(operation, "result", None) or "") for operation in operations)
    accepted = json.loads(ended.result) is not None if ended.result else False
    operated = 1 + len(operations)  # the start of the execution is one
    return Outcome(accepted, len(bucket.objects), invocations, longest, operations=operated, written=written)
