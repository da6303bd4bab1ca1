"""Jobs followed from the outbox alone, whatever of it is there yet."""

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from rich.console import Console

from chalicelib.errors import CannotGoOn
from chalicelib.follow.json_lines import JsonLines
from chalicelib.job.record import Status
from chalicelib.local.engine import Engine
from chalicelib.stage.watch import PAUSE, Watch
from chalicelib.stage.where import Where
from tests.stage.outboxes import Jobs, where_at


def nothing() -> None:
    """Happens."""


def watched(
    where: Where, given: Sequence[str], *events: Callable[[], None], prefix: str | None = None
) -> tuple[int, list[Any]]:
    """The exit code, and what is told when one of these happens in each pause; after the last the user has enough."""
    page, left, pauses = io.StringIO(), list(events), []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        if left:
            left.pop(0)()
            return False
        return True

    reporter = JsonLines(Console(file=page, width=200), "stand-in")
    code = Watch(where, given, prefix, reporter, lambda: 0.0, wait).to_its_end()
    assert all(seconds >= PAUSE for seconds in pauses)
    return code, [json.loads(line) for line in page.getvalue().splitlines()]


def events(lines: list[Any]) -> list[str]:
    return [line["event"] for line in lines]


def test_a_job_that_has_ended_is_told_from_its_first_attempt(engine: Engine, jobs: Jobs):
    jobs.end("cats-1")
    code, lines = watched(where_at(engine), ["cats"])
    assert (code, events(lines)) == (0, ["attempt", "job", "summary"])
    assert lines[1]["path"] == "s3://retake-outbox/generated-images/cats-1/000-000.png"
    assert (lines[2]["jobs"], lines[2]["accepted"]) == (1, 1)


def test_a_job_that_is_named_twice_is_one(engine: Engine, jobs: Jobs):
    jobs.end("cats-1")
    code, lines = watched(where_at(engine), ["cats-1", "cats", "cats"])
    assert (code, lines[-1]["jobs"], lines[-1]["not_ended"]) == (0, 1, 0)
    assert events(lines) == ["attempt", "job", "summary"]


def test_what_does_not_exist_yet_is_waited_for_bucket_prefix_and_job(engine: Engine):
    engine_jobs = Jobs(engine, "my-own")

    def made() -> None:
        engine.s3.create_bucket(Bucket="my-own")

    def begun() -> None:
        engine_jobs.begin("cats-1", "new/prefix")

    def ended() -> None:
        engine_jobs.end("cats-1", "new/prefix")

    code, lines = watched(where_at(engine, "my-own"), ["cats"], made, nothing, begun, nothing, ended)
    assert (code, events(lines)) == (0, ["attempt began", "attempt", "job", "summary"])


def test_many_names_are_looked_up_together(engine: Engine, jobs: Jobs):
    """A look costs listings, and the pause is as long as they are many: not one for each name."""
    names, pauses = [f"cats-r{row:04}-20261122T081500Z-1f2e3d4c" for row in range(1, 31)], []
    for name in names[:-1]:
        jobs.begin(name)

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        for name in names:
            jobs.end(name)
        return len(pauses) > 2

    reporter = JsonLines(Console(file=io.StringIO(), width=200), "stand-in")
    assert Watch(where_at(engine), names, None, reporter, lambda: 0.0, wait).to_its_end() == 0
    assert pauses == [4 * PAUSE]  # three places, and the whole outbox for the one that has not begun


def test_a_job_that_is_waited_for_is_said(engine: Engine, jobs: Jobs):
    code, lines = watched(where_at(engine), ["cats"], nothing)
    assert (code, events(lines)) == (130, ["note", "summary"])
    assert lines[0]["text"] == "no job cats yet: waiting for it to begin; Ctrl-C ends"
    assert lines[1]["not_ended"] == 1


def test_each_thing_is_told_once_however_often_the_outbox_is_listed(engine: Engine, jobs: Jobs):
    jobs.begin("cats-1")
    code, lines = watched(where_at(engine), ["cats-1"], nothing, lambda: jobs.begin("cats-1", owner="other"), nothing)
    assert (code, events(lines)) == (130, ["attempt began", "summary"])


def test_a_failed_and_a_refused_job_make_the_codes_that_run_has(engine: Engine, jobs: Jobs):
    jobs.refuse("bad-1")
    assert watched(where_at(engine), ["bad"])[0] == 3
    jobs.end("cats-1", status="FAIL", accepted=False, image=None, error="none was accepted")
    assert watched(where_at(engine), ["cats", "bad"])[0] == 1


def test_without_a_name_what_goes_on_is_followed_and_what_was_over_is_not(engine: Engine, jobs: Jobs):
    jobs.end("over-1")
    jobs.refuse("over-2")
    jobs.begin("going-1")
    code, lines = watched(
        where_at(engine), [], lambda: jobs.end("going-1"), lambda: jobs.begin("new-1"), lambda: jobs.refuse("bad-1")
    )
    told = [(line["event"], line.get("job")) for line in lines]
    assert told == [
        ("note", None),
        ("attempt began", "going-1"),
        ("attempt", "going-1"),
        ("job", "going-1"),
        ("attempt began", "new-1"),
        ("refused", "bad-1"),
        ("summary", None),
    ]
    assert (code, lines[-1]["jobs"], lines[-1]["not_ended"]) == (0, 3, 1)


def test_a_name_that_several_have_is_asked_for_more(engine: Engine, jobs: Jobs):
    jobs.end("cats-1")
    jobs.end("cats-2")
    with pytest.raises(CannotGoOn):
        watched(where_at(engine), ["cats"])


def test_the_stages_own_bucket_must_be_there(engine: Engine):
    engine.s3.delete_bucket(Bucket=engine.names.outbox)
    with pytest.raises(CannotGoOn, match=r"There is no bucket retake-outbox; `python -m chalicelib local` prints"):
        watched(where_at(engine), ["cats"])


def test_an_answer_that_fails_meanwhile_is_told_and_asked_for_again(engine: Engine, jobs: Jobs):
    failing: list[bool] = []

    def refuse_connection(**_: object) -> None:
        if failing:
            failing.clear()
            raise EndpointConnectionError(endpoint_url="https://s3")

    engine.s3.meta.events.register("before-call.s3.ListObjectsV2", refuse_connection)
    jobs.begin("cats-1", status=Status.LEASED)
    code, lines = watched(where_at(engine), ["cats"], lambda: failing.append(True), lambda: jobs.end("cats-1"))
    assert (code, events(lines)) == (0, ["attempt began", "warning", "attempt", "job", "summary"])
    failing.append(True)
    with pytest.raises(CannotGoOn, match="AWS cannot be reached"):
        watched(where_at(engine), ["cats"])


def test_much_that_is_listed_makes_the_pauses_longer(engine: Engine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    for number in range(3):
        jobs.end(f"cats-{number}")
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return True

    quiet = JsonLines(Console(file=io.StringIO()), "stand-in")
    assert Watch(where_at(engine), [], None, quiet, lambda: 0.0, wait).to_its_end() == 0
    assert pauses == [PAUSE * 6]
