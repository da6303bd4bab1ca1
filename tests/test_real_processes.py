"""Real processes, killed by SIGKILL at random while a hundred jobs run: all end, none twice, none overpaid.

The local AWS and the stand-in live in this process, the workers in others, so what they had in hand is really gone.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from chalicelib.local.bedrock.behaviour import Behaviour
from chalicelib.local.bedrock.server import StandIn
from chalicelib.local.engine import Engine
from chalicelib.local.names import EVENTS_QUEUE, local_environment
from chalicelib.ports import Place

ROOT = Path(__file__).parent.parent
JOBS = 100
WORKERS = 4
KILLS = 15
FUNCTION_TIMEOUT = 30  # seconds; an attempt asks for 25 before it begins to pay
VISIBILITY = 20
MODEL = "amazon.nova-canvas-v1:0"
PREFIX = "pictures"
PATIENCE = 300


class Fleet:
    """Worker processes, each with one invocation at a time; who dies is replaced."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.workers = [self.started() for _ in range(WORKERS)]

    def started(self) -> "subprocess.Popen[bytes]":
        arguments = ["--app", "tests.one_at_a_time:app", "--concurrency", "1", "--asynchronous-waits", "2,4"]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.local.worker", *arguments, "--function-timeout", str(FUNCTION_TIMEOUT)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_one(self, dice: random.Random) -> None:
        place = dice.randrange(WORKERS)
        self.end(self.workers[place])
        self.workers[place] = self.started()

    def end(self, worker: "subprocess.Popen[bytes]") -> None:
        worker.kill()
        worker.wait()


@contextmanager
def fleet(engine: Engine, bedrock: StandIn) -> Iterator[Fleet]:
    models = {"IMAGE_MODELS": MODEL, "VISION_MODELS": "amazon.nova-pro-v1:0"}
    reached = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url}
    fleet = Fleet(local_environment(os.environ, engine.names, engine.url, reached) | models)
    yield fleet
    for worker in fleet.workers:
        fleet.end(worker)


def prompt_file(number: int) -> bytes:
    request = {
        "prompt": f"a lake number {number} with mountains, a moon and a house",
        "max_retry_attempts": 2,
        "max_prompt_revisions": 2,
        "output_s3_key_prefix": PREFIX,
        "nova_canvas_width": 320,
        "nova_canvas_height": 320,
        "nova_canvas_seed": 1 + number * 100,
    }
    return json.dumps(request).encode()


def outbox(engine: Engine) -> list[str]:
    pages = engine.s3.get_paginator("list_objects_v2").paginate(Bucket=engine.names.outbox)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def read(engine: Engine, key: str) -> dict[str, Any]:
    return json.loads(engine.s3.get_object(Bucket=engine.names.outbox, Key=key)["Body"].read())


def left_in(engine: Engine, queue: str) -> int:
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    names.append("ApproximateNumberOfMessagesDelayed")
    answer = engine.sqs.get_queue_attributes(QueueUrl=engine.queue_url(queue), AttributeNames=names)
    return sum(int(count) for count in answer["Attributes"].values())


def at_rest(engine: Engine) -> bool:
    queues = (EVENTS_QUEUE, engine.names.queue, engine.names.dead_letter_queue)
    return not any(left_in(engine, queue) for queue in queues)


def results(written: list[Place]) -> Counter[str]:
    return Counter(place.key for place in written if place.key.endswith("/result.json"))


def emptied(queue: "SimpleQueue[Place]") -> list[Place]:
    return [queue.get() for _ in range(queue.qsize())]


@pytest.mark.long
def test_a_hundred_jobs_survive_workers_killed_at_random() -> None:
    dice = random.Random(20261122)
    puts: SimpleQueue[Place] = SimpleQueue()
    written: list[Place] = []
    kills = 0
    with (
        Engine(visibility_timeout=VISIBILITY, written=puts.put) as engine,
        StandIn(Behaviour(ended=(), image_latency=0.2, vision_latency=0.1)) as bedrock,
        fleet(engine, bedrock) as workers,
    ):
        for number in range(JOBS):
            engine.s3.put_object(Bucket=engine.names.inbox, Key=f"inbox/{number}.json", Body=prompt_file(number))
        deadline = time.monotonic() + PATIENCE
        while not at_rest(engine) and time.monotonic() < deadline:
            time.sleep(dice.uniform(0.5, 2.5))
            written += emptied(puts)
            if kills < KILLS and results(written):
                workers.kill_one(dice)
                kills += 1
        written += emptied(puts)
        keys = outbox(engine)
        records = [read(engine, key) for key in keys if key.endswith(".json") and key[-8:-5].isdigit()]
        paid = bedrock.calls.charged[MODEL]

    print(f"{paid} paid, {len(records)} attempts, {kills} kills")
    assert kills == KILLS
    assert len(results(written)) == JOBS, f"{JOBS - len(results(written))} jobs never ended"
    assert set(results(written).values()) == {1}, "a result was written twice"
    assert not [key for key in keys if "/rejected/" in key]
    assert {record["status"] for record in records} == {"outcome"}
    assert paid <= len(records) + kills, f"{paid} paid, {len(records)} attempts, {kills} kills"
    assert paid <= sum(record["generations"] for record in records)
    assert max(record["generations"] for record in records) <= 2
