"""Worker processes: they say when they are ready, stop when told, and lose nothing when killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.local.engine import Engine
from chalicelib.local.names import EVENTS_QUEUE, local_environment
from tests.local.pumping import eventually, left_in, send, upload
from tests.warm import start as warm
from tests.warm.start import Process

ROOT = Path(__file__).parent.parent.parent
Start = Callable[..., Process]


@pytest.fixture
def start(engine: Engine) -> Iterator[Start]:
    """Starts a worker over the application of worker_app.py; whatever still runs at the end is killed."""
    running: list[Process] = []

    def one(*arguments: str, **variables: str) -> Process:
        environment = local_environment(os.environ, engine.names, engine.url, {}) | variables
        command = ["-m", "tests.local.worker", "--app", "tests.local.worker_app:app", *arguments]
        worker = warm.start(command, cwd=ROOT, env=environment)
        running.append(worker)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        return worker

    yield one
    for worker in running:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()


def traces(engine: Engine, what: str) -> list[str]:
    listed: Any = engine.s3.list_objects_v2(Bucket=engine.names.outbox, Prefix=f"{what}/")
    return [one["Key"] for one in listed.get("Contents", [])]


def test_a_worker_takes_uploads_and_messages_and_ends_when_told(engine: Engine, start: Start) -> None:
    worker = start()
    upload(engine, "inbox/a.json")
    send(engine, "b")
    assert eventually(lambda: len(traces(engine, "ended")) == 2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(5) == 0


def test_what_a_killed_worker_had_received_is_done_by_another(engine: Engine, start: Start) -> None:
    first = start(SLOW_SECONDS="30")
    upload(engine, "inbox/a.json")
    send(engine, "b")
    assert eventually(lambda: len(traces(engine, "begun")) == 2)
    first.kill()
    start()
    assert eventually(lambda: len(traces(engine, "ended")) == 2)
    assert eventually(lambda: left_in(engine, engine.names.queue) + left_in(engine, EVENTS_QUEUE) == 0)
    assert len(traces(engine, "begun")) == 4


def test_an_upload_that_kills_its_workers_ends_at_the_failure_destination(engine: Engine, start: Start) -> None:
    upload(engine, "inbox/deadly.json")
    for deaths in range(1, 3):
        worker = start("--asynchronous-waits", "0", SLOW_SECONDS="30")
        assert eventually(lambda deaths=deaths: len(traces(engine, "begun")) == deaths)
        worker.kill()
    start("--asynchronous-waits", "0")
    assert eventually(lambda: len(traces(engine, "dead")) == 1)
    body = engine.s3.get_object(Bucket=engine.names.outbox, Key=traces(engine, "dead")[0])["Body"].read().decode()
    assert "Runtime.ExitError" in body
    assert len(traces(engine, "begun")) == 2


def test_what_is_no_chalice_application_is_refused(engine: Engine) -> None:
    environment = local_environment(os.environ, engine.names, engine.url, {})
    command = [sys.executable, "-m", "tests.local.worker", "--app", "json:dumps"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "json:dumps is a function, not a Chalice application" in ended.stderr
