"""What ends a run's wait before its jobs have ended."""

import io
import json
import os
import signal
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

import pytest
from rich.console import Console

from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.job_events import Undelivered
from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.kept import Kept
from chalicelib.local.engine import Engine
from chalicelib.local.models import StandInModels
from chalicelib.local.run import Order, Run
from chalicelib.ports import Place
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.files import samples
from tests.follow.test_reporting import job_ended


class Silent:
    """A local AWS in which nothing ever happens but what the test puts in."""

    then: Any = staticmethod(lambda aws: None)

    def __init__(self, *_: object) -> None:
        self.engine = Engine()
        self.written: SimpleQueue[Any] = SimpleQueue()

    def interrupt(self) -> None:
        self.written.put(None)

    def settle(self) -> None:
        """Nothing is under way."""

    def __enter__(self) -> Self:
        self.engine.start()
        self.then(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop()


class Deaf(Silent):
    then = staticmethod(lambda aws: aws.written.put(Undelivered("events", "ValueError: a key that nobody can read")))


class Stopped(Silent):
    then = staticmethod(lambda aws: threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start())


class EndsMeanwhile(Stopped):
    """A job that was under way when the run was stopped comes to its end."""

    def settle(self) -> None:
        end = job_ended("landscape-20261122T081500Z-1f2e3d4c", accepted=True)
        place = Place(self.engine.names.outbox, f"p/{end.result.job}/result.json")
        self.engine.s3.put_object(Bucket=place.bucket, Key=place.key, Body=end.result.as_json())
        self.written.put(place)


def ended(aws: Any, directory: Path) -> tuple[int, list[dict[str, Any]]]:
    printed = io.StringIO()
    budget = Budget(None, 5.0, lambda _: pytest.fail("nobody asks for prices"), lambda _: None)
    order = Order(samples(), (), 0, directory, StandInModels(), budget, False, aws)
    code = Run(order, JsonLines(Console(file=printed), "stand-in"), iter(range(99)).__next__).to_its_end({})
    return code, [json.loads(line) for line in printed.getvalue().splitlines()]


def test_an_event_that_cannot_be_delivered_ends_the_wait_and_is_told(tmp_path: Path):
    code, lines = ended(Deaf, tmp_path)
    assert (code, lines[-1]["not_ended"]) == (1, 2)
    assert {"queue": "events", "error": "ValueError: a key that nobody can read"}.items() <= lines[-2].items()


def test_sigterm_ends_the_wait_and_is_told(tmp_path: Path):
    before = signal.getsignal(signal.SIGTERM)
    code, lines = ended(Stopped, tmp_path)
    assert (code, lines[-1]["not_ended"]) == (130, 2)
    assert lines[-2]["text"].startswith("interrupted: ")
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_ends_while_a_stopped_run_settles_is_counted_copied_and_remembered(tmp_path: Path):
    code, lines = ended(EndsMeanwhile, tmp_path)
    assert (code, lines[-1]["accepted"], lines[-1]["not_ended"]) == (130, 1, 1)
    assert len(list(tmp_path.glob("p/landscape-*/result.json"))) == 1
    assert [file.label for file in Kept(tmp_path, "stand-in").without_accepted(samples())] == ["aurora"]


def test_a_terminal_that_is_closed_is_told_once_and_under_nohup_not_at_all():
    told: list[str] = []
    before = signal.getsignal(signal.SIGHUP)
    with interrupts(lambda: told.append("closed")):
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGHUP)
    assert told == ["closed"]
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup starts it
        with interrupts(lambda: told.append("ignored")):
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert told == ["closed"]


def test_a_second_interrupt_ends_everything_at_once():
    told: list[str] = []
    with interrupts(lambda: told.append("once")):
        os.kill(os.getpid(), signal.SIGINT)
        assert told == ["once"]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert told == ["once"]
