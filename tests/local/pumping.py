"""Ways to run the pump in a test and to wait for what other threads and processes do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.follow.job_events import Undelivered
from chalicelib.local.deliveries import Deliveries
from chalicelib.local.engine import Engine
from chalicelib.local.functions import Rules, declared_functions
from chalicelib.local.invocation import Invocation
from chalicelib.local.pump import Pump
from tests.local.throwaway import React, Throwaway

QUICK = Rules(function_timeout=5, asynchronous_waits=(0, 0), failure_wait=0)


@contextmanager
def pumping(
    engine: Engine,
    react: React = lambda name, event: None,
    rules: Rules = QUICK,
    ended: list[Invocation] | None = None,
    undelivered: list[Undelivered] | None = None,
) -> Iterator[Throwaway]:
    """The throw-away application, with the pump running over it."""
    throwaway = Throwaway(engine.names, react)
    kept = ended if ended is not None else []
    functions = declared_functions(throwaway.app)
    deliveries = Deliveries(functions, engine.names, engine.sqs, rules, kept.append)
    with Pump(deliveries, undelivered.append if undelivered is not None else print, engine.release_polls):
        yield throwaway


def upload(engine: Engine, key: str, body: bytes = b"{}") -> str:
    """Put into the inbox; the version's id."""
    return engine.s3.put_object(Bucket=engine.names.inbox, Key=key, Body=body)["VersionId"]


def send(engine: Engine, body: str, **attributes: tuple[str, str]) -> str:
    """Put on the work queue; the message's id."""
    shaped: Any = {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()}
    url = engine.queue_url(engine.names.queue)
    return engine.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=shaped)["MessageId"]


def left_in(engine: Engine, queue: str) -> int:
    """Messages in the queue, hidden ones too."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = engine.sqs.get_queue_attributes(QueueUrl=engine.queue_url(queue), AttributeNames=names)
    return sum(int(count) for count in answer["Attributes"].values())


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether the condition comes true within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


def fail(name: str, event: Any) -> None:
    """A handler that always fails."""
    raise RuntimeError(f"{name} does not want to")
