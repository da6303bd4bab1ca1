"""The real handlers over the AWS in memory: by its ports, or by botocore's real requests.

Every invocation gets a world of its own, as a fresh sandbox would, so that a crash forgets everything.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from chalicelib import handlers as pipeline
from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Services as Pipeline
from chalicelib.aws.bedrock import BedrockCaller
from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.job.record import Record
from chalicelib.picture import thumbnail
from chalicelib.ports import Json
from chalicelib.settings import Settings
from tests.fakes.aws import InMemoryAws
from tests.fakes.memory import Memory, Remembering
from tests.fakes.ports import MemoryModels, MemoryQueue, MemoryStore
from tests.fakes.wire import Wire
from tests.fakes.world import REGION
from tests.simulator.cancels import cancelled
from tests.simulator.jobs import CANCEL, ON_ATTEMPT, ON_DEAD_LETTER, ON_PROMPT
from tests.simulator.scheduler import Handler

Build = Callable[[InMemoryAws, Settings], Pipeline]
Mutate = Callable[[Pipeline, InMemoryAws], Pipeline]


class CountingChance(random.Random):
    """Chance without chance: nonces are numbered, waits are the longest. Equal histories stay equal states."""

    def __init__(self, aws: InMemoryAws) -> None:
        self.aws = aws  # and no seed: seeding takes longer than many a handler's step

    def getrandbits(self, k: int, /) -> int:
        return self.aws.world.next_nonce()

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
        resolve=resolve,
        side_by_side=_one_by_one,
        thumbnail=_thumbnail,
        report=_report,
    )


def by_wire(aws: InMemoryAws, settings: Settings) -> Pipeline:
    """Through the pipeline's own request code and botocore, up to the bytes on the wire."""
    botocore = _botocore()
    botocore.wire.aws = aws
    return replace(
        by_ports(aws, settings),
        store=S3Store(botocore.s3),
        work=SqsQueue(botocore.sqs, settings.queue_name),
        dead_letters=SqsQueue(botocore.sqs, settings.dead_letter_queue_name),
        models=botocore.models,
    )


WAYS: dict[str, Build] = {"ports": by_ports, "wire": by_wire}


def handlers(
    aws: InMemoryAws, settings: Settings, build: Build, mutate: Mutate | None = None, *, patient: bool = True
) -> dict[str, Handler]:
    """The three functions' handlers by name, and the user's cancel."""

    def handler(run: Callable[[Pipeline, Json, datetime], None]) -> Handler:
        def handle(event: dict[str, Any], deadline: datetime) -> None:
            pipeline = build(aws, settings)
            run(mutate(pipeline, aws) if mutate else pipeline, event, deadline)

        return handle

    return {
        ON_PROMPT: handler(pipeline.on_prompt),
        ON_ATTEMPT: handler(pipeline.on_attempt),
        ON_DEAD_LETTER: handler(pipeline.on_dead_letter),
        CANCEL: handler(partial(cancelled, patient)),
    }


class Botocore(NamedTuple):
    """What a sandbox keeps: clients, and the caller that hangs itself into Bedrock's."""

    wire: Wire
    s3: Any
    sqs: Any
    models: BedrockCaller


@cache
def _botocore() -> Botocore:
    """Building clients takes far longer than a run, so they are built once and pointed at each run's AWS."""
    wire = Wire(InMemoryAws())

    def memory() -> Memory | None:
        return wire.aws.memory

    s3, sqs, bedrock = (Remembering(wire.client(service), memory) for service in ("s3", "sqs", "bedrock-runtime"))
    return Botocore(wire, s3, sqs, BedrockCaller(lambda region, timeout: bedrock, REGION))


@lru_cache(maxsize=4_000)
def _thumbnail(image: bytes) -> str | None:
    """The pictures here are few, and a thumbnail takes longer than all else that an attempt does."""
    return thumbnail(image)


def _report(records: Sequence[Record]) -> bytes:
    """What stands in a report is told elsewhere; here it matters when and how often one is written."""
    return f"{len(records)} attempts of {records[-1].job}".encode()


def _one_by_one(call: Callable[[bytes], object], bodies: Sequence[bytes]) -> list[object]:
    return [call(body) for body in bodies]


def _unread(line: Json) -> None:
    """An operator's log lines are no part of any promise."""
