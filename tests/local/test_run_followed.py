"""What ends a run's wait before its jobs have ended."""

import contextlib
import io
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self, cast

import pytest
from rich.console import Console

from chalicelib.follow.interrupts import interrupts
from chalicelib.follow.job_events import JobEvent, Undelivered, Unreadable
from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.kept import NAME, Kept
from chalicelib.job.request import Request
from chalicelib.local.engine import Engine
from chalicelib.local.models import StandInModels
from chalicelib.local.run import Order, Run
from chalicelib.ports import Place
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.estimate import Prices
from chalicelib.prompts.files import PromptFile, samples
from tests.follow.test_copies import Full
from tests.follow.test_reporting import job_ended


class Silent:
    """A local AWS in which nothing ever happens but what the test puts in."""

    then: Any = staticmethod(lambda aws: None)

    def __init__(self, *_: object, verbose: bool) -> None:
        self.engine = Engine()
        self.told: SimpleQueue[Any] = SimpleQueue()
        self._running = contextlib.ExitStack()

    def interrupt(self) -> None:
        self.told.put(None)

    def events(self, patience: float) -> Iterator[JobEvent]:
        return iter(lambda: self.told.get(timeout=patience), None)

    def settle(self) -> list[JobEvent]:
        return [self.told.get() for _ in range(self.told.qsize())]

    def end(self, label: str) -> JobEvent:
        end = job_ended(f"{label}-20261122T081500Z-1f2e3d4c", accepted=True)
        place = Place(self.engine.names.outbox, f"p/{end.result.job}/result.json")
        for key, body in ((place.key, end.result.as_json()), (f"p/{end.result.job}/000-000.png", b"picture")):
            self.engine.s3.put_object(Bucket=place.bucket, Key=key, Body=body)
        return replace(end, place=place)

    def __enter__(self) -> Self:
        self._running.enter_context(self.engine)
        self.then(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()


class Deaf(Silent):
    then = staticmethod(lambda aws: aws.told.put(Undelivered("events", "ValueError: a key that nobody can read")))


class Stopped(Silent):
    then = staticmethod(lambda aws: threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start())


class EndsMeanwhile(Stopped):
    """A job that was under way when the run was stopped comes to its end."""

    def settle(self) -> list[JobEvent]:
        return [self.end("landscape")]


class ClosedMeanwhile(EndsMeanwhile):
    """Its terminal is closed, too, before the job comes to its end."""

    def settle(self) -> list[JobEvent]:
        os.kill(os.getpid(), signal.SIGHUP)
        return super().settle()


class OneAfterTheOther(Silent):
    then = staticmethod(lambda aws: [aws.told.put(aws.end(label)) for label in ("landscape", "aurora")])


class HalfWay(Silent):
    then = staticmethod(lambda aws: aws.told.put(aws.end("landscape")))


class Gone(JsonLines):
    """Its output is closed before the first job ends."""

    def event(self, event: JobEvent, where: str = "") -> None:
        raise BrokenPipeError


FREE = Budget(None, 5.0, lambda _: pytest.fail("nobody asks for prices"), lambda _: None)


def ended(aws: Any, directory: Path, budget: Budget = FREE) -> tuple[int, list[dict[str, Any]]]:
    printed = io.StringIO()
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


def test_what_was_paid_for_is_copied_and_remembered_though_nobody_reads_the_output_any_more(tmp_path: Path):
    order = Order(samples(), (), 0, tmp_path, StandInModels(), FREE, False, cast(Any, OneAfterTheOther))
    with pytest.raises(BrokenPipeError):
        Run(order, Gone(Console(file=io.StringIO()), "stand-in"), iter(range(99)).__next__).to_its_end({})
    assert len(list(tmp_path.glob("p/*/result.json"))) == 2
    assert Kept(tmp_path, "stand-in").without_accepted(samples()) == []


def test_a_full_disk_ends_the_wait_and_what_has_no_picture_there_is_done_again(tmp_path: Path):
    code, lines = ended(HalfWay, Full(tmp_path))
    assert (code, lines[-1]["accepted"]) == (1, 1)
    assert f"{tmp_path} is full: what is under way ends" in lines[-4]["text"]
    assert lines[-3]["text"].endswith("/000-000.png: No space left on device")
    assert len(Kept(tmp_path, "stand-in").without_accepted(samples())) == 2


def test_a_run_that_cannot_be_remembered_is_told_and_goes_on(tmp_path: Path):
    (tmp_path / NAME).mkdir()
    code, lines = ended(OneAfterTheOther, tmp_path)
    assert (code, lines[-1]["accepted"]) == (0, 2)
    assert lines[-2]["text"] == "runs.jsonl cannot be written (Is a directory): another run does all of this again"


def test_what_waits_for_money_is_looked_at_again_only_once_a_job_has_ended(tmp_path: Path):
    looked: list[str] = []

    class Busy(OneAfterTheOther):
        @staticmethod
        def then(aws: Any) -> None:
            for _ in range(50):
                aws.told.put(Unreadable(Place("retake-outbox", "p/a.png")))
            OneAfterTheOther.then(aws)

    def read(file: PromptFile) -> Request:
        looked.append(file.label)
        return Request(prompt="a lake", max_retry_attempts=1, max_prompt_revisions=1)

    budget = Budget(1.5, 5.0, lambda _: Prices(1.0, 1.0, 0.0, 0.0), read)
    code, lines = ended(Busy, tmp_path, budget)
    assert (code, lines[-1]["accepted"]) == (0, 2)
    assert Counter(looked[2:]) == {"landscape": 1, "aurora": 2}


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


def test_a_terminal_that_closes_while_a_stopped_run_settles_loses_nothing(tmp_path: Path):
    code, lines = ended(ClosedMeanwhile, tmp_path)
    assert (code, lines[-1]["accepted"], lines[-1]["not_ended"]) == (130, 1, 1)
    assert len(list(tmp_path.glob("p/landscape-*/result.json"))) == 1


def test_a_second_interrupt_ends_everything_at_once():
    told: list[str] = []
    with interrupts(lambda: told.append("once")):
        os.kill(os.getpid(), signal.SIGINT)
        assert told == ["once"]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert told == ["once"]
