"""How jobs are shown: quietly, as JSON, at a terminal; the exit code, and texts of others."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from chalicelib.follow.job_events import AttemptSeen, JobEnded, JobEvent, JobRefused, Undelivered
from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.reporting import Quiet
from chalicelib.follow.tally import Tally, exit_code
from chalicelib.follow.terminal import Terminal
from chalicelib.follow.words import clock_time, shortened
from chalicelib.job.record import Status
from chalicelib.prompts.files import label_of
from tests.follow.test_reporting import JOB, MOMENT, PLACE, REJECTED, a_record, job_ended

EVENTS: tuple[tuple[JobEvent, str], ...] = (
    (AttemptSeen(a_record(**REJECTED)), ""),
    (job_ended(accepted=True), "out/one.png"),
    (job_ended("sea-20261122T081500Z-1f2e3d4d", accepted=False), "out/two.png"),
    (JobRefused(PLACE, "bad-20261122T081500Z-1f2e3d4e", "promt: did you mean prompt?"), "out/bad.json"),
)


def tallied() -> Tally:
    tally = Tally(4)
    for event, _ in EVENTS:
        tally.take(event)
    return tally


def printed_by(make: Any) -> str:
    printed = io.StringIO()
    reporter = make(printed)
    with reporter.live(tallied()):
        for event, where in EVENTS:
            reporter.event(event, where)
    reporter.event(Undelivered("events", "ValueError: none"), "")
    reporter.summary(tallied().summary(refused=1, skipped=2, seconds=62.4, hint="look: out/gallery.html"))
    return printed.getvalue()


def test_quiet_is_what_was_not_accepted_and_the_summary() -> None:
    *lines, title, head, row, gallery = printed_by(
        lambda out: Quiet(Console(file=out, width=80), label_of, "stand-in")
    ).splitlines()
    assert [line.split()[1:3] for line in lines[:2]] == [["sea", "FAIL"], ["bad", "refused:"]]
    assert lines[2] == "an event of events could not be delivered: ValueError: none"
    assert title.strip() == "stand-in"
    assert dict(zip(head.replace("not ended", "not_ended").split(), row.split(), strict=True)) == {
        **{"jobs": "7", "accepted": "1", "failed": "1", "refused": "2", "skipped": "2", "not_ended": "1"},
        **{"images": "4", "cost": "$0.082", "time": "1:02"},
    }
    assert gallery == "look: out/gallery.html"


def test_json_is_one_object_a_line_that_says_who_drew() -> None:
    lines = [
        json.loads(line) for line in printed_by(lambda out: JsonLines(Console(file=out), "real models")).splitlines()
    ]
    assert [line["event"] for line in lines] == ["attempt", "job", "job", "refused", "undelivered", "summary"]
    assert {line["models"] for line in lines} == {"real models"}
    assert lines[2]["error"].startswith("No image was accepted")
    assert (lines[1]["path"], lines[-1]["cost_usd"]) == ("out/one.png", 0.0824)


def test_who_watches_is_told_why_an_attempt_waits() -> None:
    why = {"not_before": MOMENT, "why": "us-east-1/pro answered: Too many requests"}
    event, printed, tally = AttemptSeen(a_record(status=Status.DEFERRED, **why)), io.StringIO(), Tally(1)
    tally.take(event)
    JsonLines(Console(file=printed), "real models").event(event)
    assert tally.under_way[JOB] == "001-002  waits until 08:15:00 UTC: us-east-1/pro answered: Too many requests"
    assert json.loads(printed.getvalue())["why"] == "us-east-1/pro answered: Too many requests"


def test_a_cancelled_job_is_neither_accepted_nor_failed_and_the_exit_code_is_that_of_a_fail() -> None:
    tally = Tally(2)
    end = job_ended(accepted=False)
    tally.take(job_ended("lake-20261122T081500Z-1f2e3d4d", accepted=True))
    tally.take(JobEnded(PLACE, end.result.with_changes(status="CANCELLED", error="the job was cancelled")))
    summary = tally.summary(refused=0, skipped=0, seconds=1, hint="")
    assert (summary.accepted, summary.failed, summary.cancelled, summary.not_ended) == (1, 0, 1, 0)
    assert exit_code(tally, 0) == 1
    out = io.StringIO()
    lines = Quiet(Console(file=out, width=80), label_of, "stand-in")
    lines.event(tally.ends[JOB], "out/two.png")
    lines.summary(summary)
    told, _, head, row, _ = out.getvalue().split("\n", 4)
    assert "CANCELLED after 1 attempt" in told
    assert dict(zip(head.split(), row.split()[:9], strict=False))["cancelled"] == "1"


def on_a_terminal(out: io.StringIO) -> Terminal:
    console = Console(file=out, force_terminal=True, width=80, color_system=None)
    return Terminal(console, label_of, "stand-in", iter(range(1000)).__next__, each_attempt=False)


def test_a_terminal_of_80_columns_shows_ends_above_and_a_bar_and_the_jobs_under_way_below() -> None:
    printed = io.StringIO()
    terminal, tally = on_a_terminal(printed), Tally(3)
    tally.take(job_ended("lake-20261122T081500Z-1f2e3d4d", accepted=True))
    tally.take(AttemptSeen(a_record(**REJECTED | {"reason": "no moon " * 30})))
    with terminal.live(tally):
        terminal.event(job_ended(accepted=False), "out/two.png")
    lines = printed.getvalue().splitlines()
    assert any("1/3  $0.191" in line and "left" in line for line in lines)
    assert any("aurora" in line and "001-002  rejected: no moon" in line and line.endswith("…") for line in lines)
    (fail,) = [number for number, line in enumerate(lines) if "FAIL" in line]
    assert "accepted" not in lines[fail]
    assert any("  No image was accepted in 1 attempt" in line for line in lines[fail + 1 :])
    assert max(len(line) for line in lines if "\x1b" not in line) <= 80


def test_on_a_terminal_what_is_said_is_broken_between_words_and_a_path_is_not():
    printed = io.StringIO()
    terminal = on_a_terminal(printed)
    terminal.say("Stand-in: a script draws and judges the pictures here. No model is asked, nothing is paid.")
    terminal.warn("refused: " + "a/b " * 20)
    path = "out/" + "directory/" * 8 + "gallery.html"
    terminal.say(f"all jobs to look at: {path}")
    terminal.event(job_ended(accepted=True), f"{path} of mine")
    lines = printed.getvalue().splitlines()
    assert lines[:2] == [
        "Stand-in: a script draws and judges the pictures here. No model is asked,",
        "nothing is paid.",
    ]
    assert lines[2].endswith("a/b")
    assert lines[4:6] == ["all jobs to look at:", path]
    assert lines[-1] == f"  {path} of mine"


def test_a_job_that_has_ended_is_under_way_no_more_whatever_comes_late():
    tally = Tally(2)
    tally.take(AttemptSeen(a_record(**REJECTED)))
    assert list(tally.under_way) == [JOB]
    tally.take(job_ended(accepted=True))
    tally.take(AttemptSeen(a_record(**REJECTED)))
    assert tally.under_way == {}


@pytest.mark.parametrize(
    ("ends", "total", "refused", "code"),
    [
        ([True], 1, 0, 0),
        ([True, True], 2, 0, 0),
        ([True, False], 2, 0, 1),
        ([True, None], 2, 0, 3),
        ([None], 1, 0, 3),
        ([True], 1, 1, 3),
        ([False, None], 2, 0, 1),
        ([True], 2, 0, 1),
        ([], 0, 0, 0),
        ([], 0, 1, 3),
    ],
)
def test_the_exit_code_tells_how_jobs_ended(ends: list[bool | None], total: int, refused: int, code: int) -> None:
    tally = Tally(total)
    for number, accepted in enumerate(ends):
        job = f"job{number}"
        tally.take(JobRefused(PLACE, job, "why") if accepted is None else job_ended(job, accepted=accepted))
    assert exit_code(tally, refused) == code


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [
        ("short", 10, "short"),
        ("two\n\nlines\x1b[31m", 40, "two lines [31m"),
        ("a\x7f\u202eb", 40, "a b"),
        ("one two three", 9, "one two …"),
    ],
)
def test_texts_of_others_are_one_line_without_control_characters(text: str, most: int, line: str) -> None:
    assert shortened(text, most) == line


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (62, "1:02"), (7384, "2:03:04")])
def test_times_are_read_at_a_glance(seconds: float, words: str) -> None:
    assert clock_time(seconds) == words
