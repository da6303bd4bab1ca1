"""The real handlers over the AWS in memory: by its ports, or by botocore's real requests.

Every invocation gets a world of its own, as a fresh sandbox would, so that a crash forgets everything.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from chalicelib import intake
from chalicelib.attempt.world import World as Pipeline
from chalicelib.aws.bedrock import BedrockCaller
from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.ports import Json
from chalicelib.settings import Settings
from tests.fakes.aws import InMemoryAws
from tests.fakes.ports import MemoryModels, MemoryQueue, MemoryStore
from tests.fakes.wire import Wire
from tests.simulator.jobs import ON_ATTEMPT, ON_DEAD_LETTER, ON_PROMPT
from tests.simulator.scheduler import Handler

Build = Callable[[InMemoryAws, Settings], Pipeline]
Mutate = Callable[[Pipeline, InMemoryAws], Pipeline]


class CountingChance(random.Random):
    """Chance without chance: nonces are numbered, waits are the longest. Equal histories stay equal states."""

    def __init__(self, aws: InMemoryAws) -> None:
        super().__init__(0)
        self.aws = aws

    def getrandbits(self, k: int, /) -> int:
        return self.aws.world.next_serial()

    def uniform(self, a: float, b: float) -> float:
        return b


def by_ports(aws: InMemoryAws, settings: Settings) -> Pipeline:
    """The fast way."""
    return Pipeline(
        settings=settings,
        store=MemoryStore(aws),
        work=MemoryQueue(aws, settings.queue_name),
        dead_letters=MemoryQueue(aws, settings.dead_letter_queue_name),
        models=MemoryModels(aws),
        clock=aws.world.clock,
        chance=CountingChance(aws),
        journal=_unread,
        side_by_side=_one_by_one,
    )


def by_wire(aws: InMemoryAws, settings: Settings) -> Pipeline:
    """Through the pipeline's own request code and botocore, up to the bytes on the wire."""
    wire, clients = _clients()
    wire.aws = aws
    return replace(
        by_ports(aws, settings),
        store=S3Store(clients["s3"]),
        work=SqsQueue(clients["sqs"], settings.queue_name),
        dead_letters=SqsQueue(clients["sqs"], settings.dead_letter_queue_name),
        models=BedrockCaller(lambda region, timeout: clients["bedrock-runtime"]),
    )


WAYS: dict[str, Build] = {"ports": by_ports, "wire": by_wire}


def handlers(aws: InMemoryAws, settings: Settings, build: Build, mutate: Mutate | None = None) -> dict[str, Handler]:
    """The three functions' handlers by name."""

    def handler(run: Callable[[Pipeline, Json, datetime], None]) -> Handler:
        def handle(event: dict[str, Any], deadline: datetime) -> None:
            pipeline = build(aws, settings)
            run(mutate(pipeline, aws) if mutate else pipeline, event, deadline)

        return handle

    return {
        ON_PROMPT: handler(intake.on_prompt),
        ON_ATTEMPT: handler(intake.on_attempt),
        ON_DEAD_LETTER: handler(intake.on_dead_letter),
    }


@cache
def _clients() -> tuple[Wire, dict[str, Any]]:
    """Building clients takes far longer than a run, so they are built once and pointed at each run's AWS."""
    wire = Wire(InMemoryAws())
    return wire, {name: wire.client(name) for name in ("s3", "sqs", "bedrock-runtime")}


def _one_by_one(call: Callable[[bytes], object], bodies: Sequence[bytes]) -> list[object]:
    return [call(body) for body in bodies]


def _unread(line: Json) -> None:
    """An operator's log lines are no part of any promise."""
