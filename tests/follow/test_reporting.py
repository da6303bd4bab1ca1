"""What is told of the objects that the product writes, in which words, and how it looks at 80 columns."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from chalicelib.follow.job_events import AttemptEnded, JobEnded, JobEvent, JobRefused, Outbox, Undelivered
from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.reporting import Lines, Quiet
from chalicelib.follow.tally import Tally, exit_code
from chalicelib.follow.terminal import Terminal
from chalicelib.follow.words import clock_time, notes_to_tell, shortened
from chalicelib.job.record import ImageRecord, Record, Rewrite, Status
from chalicelib.job.result import AttemptLine, BestImage, Result
from chalicelib.local.engine import Engine
from chalicelib.ports import Place
from chalicelib.prompts.files import label_of

MOMENT = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
JOB = "aurora-20261122T081500Z-1f2e3d4c"
FOLDER = f"generated-images/{JOB}"
PLACE = Place("outbox", f"{FOLDER}/result.json")


def a_record(**given: Any) -> Record:
    always = {"job": JOB, "revision": 1, "attempt": 2, "owner": "o", "initial_prompt": "p", "prompt": "p"}
    times = {"lease_end": MOMENT, "began_at": MOMENT, "updated_at": MOMENT}
    return Record(**(always | times | {"status": Status.OUTCOME} | given))


def record(**given: Any) -> bytes:
    return a_record(**given).as_json()


IMAGE = ImageRecord(key="k", sha256="", seed=77, generation=1, image_model="us-west-2/core")
REJECTED: dict[str, Any] = {
    "outcome": "rejected",
    "reason": "No [bold]moon\nto be seen",
    "image_model": "us-west-2/core",
    "images": (IMAGE,),
    "spent_before_usd": 0.1,
    "cost_usd": 0.05,
}


def job_ended(job: str = JOB, *, accepted: bool) -> JobEnded:
    line = AttemptLine(revision=0, attempt=0, outcome="rejected", images=("one.png", "two.png"), reason="")
    best = BestImage(image=f"{FOLDER}/000-000.png", revision=0, attempt=0, score=0.5, reason="No moon")
    result = Result(
        status="SUCCESS" if accepted else "FAIL",
        error=None
        if accepted
        else "No image was accepted in 1 attempts (1 rejected). Last: No moon " + "to be seen " * 9,
        job=job,
        output_s3_bucket_url="",
        output_s3_object_url=None,
        image=f"{FOLDER}/000-000.png" if accepted else None,
        accepted=accepted,
        best=None if accepted else best,
        revision=0,
        attempt=0,
        prompt="",
        seed=None,
        image_model=None,
        vision_models=(),
        attempts=(line,),
        generations=1,
        cost_usd=0.0412,
        started_at="",
        finished_at="",
    )
    return JobEnded(PLACE, result)


def told(engine: Engine, *objects: tuple[str, bytes]) -> list[str]:
    """The lines printed when these objects are written, one after the other."""
    printed = io.StringIO()
    lines = Lines(Console(file=printed, width=80), label_of, "stand-in")
    outbox = Outbox(engine.s3, engine.names.inbox)
    for key, body in objects:
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=body)
        for event in outbox.events(Place(engine.names.outbox, key)):
            lines.event(event)
    return printed.getvalue().splitlines()


def test_an_attempt_is_one_line_whatever_its_reason_holds(engine: Engine) -> None:
    lines = told(engine, (f"{FOLDER}/001-002.json", record(**REJECTED)))
    assert lines == [
        "stand-in  aurora       001-002  us-west-2/core (seed 77): rejected, No [bold]moon to be seen · $0.150"
    ]


def test_a_rewritten_prompt_is_shown_after_its_attempt(engine: Engine) -> None:
    rewrite = Rewrite(model="m", prompt="a bright moon", negative_prompt=None)
    lines = told(engine, (f"{FOLDER}/001-002.json", record(**REJECTED, rewrite=rewrite)))
    assert lines[1] == "stand-in  aurora       001-002  prompt rewritten: a bright moon"


def test_claims_images_and_reports_print_nothing(engine: Engine) -> None:
    leased = record(status=Status.LEASED)
    objects = [(f"{FOLDER}/{name}", b"x") for name in ("001-002.png", "001-002-1.png", "report.html")]
    assert told(engine, (f"{FOLDER}/001-002.json", leased), *objects, ("inbox/a.json", b"{}")) == []


def test_an_outcome_is_told_once_and_a_note_once_for_all_jobs(engine: Engine) -> None:
    noted = record(**REJECTED, notes=("an image was held back",))
    lines = told(engine, *[(f"{FOLDER}/{name}", noted) for name in ("001-002.json", "001-002.json", "001-003.json")])
    assert [line.split("  ")[-1].split(":")[0] for line in lines] == [
        "an image was held back",
        "us-west-2/core (seed 77)",
        "us-west-2/core (seed 77)",
    ]


@pytest.mark.parametrize(
    ("note", "given", "line"),
    [
        ("max_tokens 5120 clamped to 5000: the most m writes", {}, None),
        ("max_tokens 9000 clamped to 5000: the most m writes", {"nova_pro_revise_max_tokens": 9000}, "same"),
        ("cfg_scale 8 left out: core has no such setting", {"prompt": "p"}, None),
        ("temperature, top_p and top_k left out: m refuses them", {"nova_pro_validate_temperature": 1.0}, "same"),
        ("1024 × 1024 sent as aspect ratio 1:1: core draws about one megapixel", {}, None),
        ("640 × 320 sent as aspect ratio 16:9: core draws about one megapixel", {"nova_canvas_width": 640}, "same"),
        ("prompt of 9,000 characters cut to 1,000", {}, "same"),
        (
            "us-east-1/canvas answered: ResourceNotFoundException: it has ended; used us-west-2/core",
            {},
            "us-east-1/canvas cannot be used; us-west-2/core draws instead",
        ),
    ],
)
def test_a_note_on_what_nobody_set_is_not_told(note: str, given: dict[str, object], line: str | None) -> None:
    expected = () if line is None else (note if line == "same" else line,)
    assert notes_to_tell(a_record(notes=(note,), request=given)) == expected


def test_each_time_an_attempt_is_put_off_is_told(engine: Engine) -> None:
    waiting = {"status": Status.DEFERRED, "not_before": MOMENT, "reason": "throttled"}
    put_off = [record(**waiting, deferrals=count) for count in (1, 2)]
    lines = told(engine, *[(f"{FOLDER}/000-000.json", body) for body in put_off])
    assert lines == ["stand-in  aurora       001-002  put off until 08:15:00 UTC: throttled"] * 2


@pytest.mark.parametrize(
    ("key", "body", "line"),
    [
        (f"p/rejected/{JOB}.json", {"error": "promt: did you mean prompt?"}, "refused: promt: did you mean prompt?"),
        (f"p/dead-letters/{JOB}-000-001.json", {"error": "e"}, "could not be processed: e; kept as p/dead-letters/aur"),
        (f"p/{JOB}/result.json", {}, "is none of ours, or is gone"),
        (f"p/{JOB}/000-000.json", [], "is none of ours, or is gone"),
        (f"p/rejected/{JOB}.json", [], "is none of ours, or is gone"),
    ],
)
def test_every_way_to_end_has_its_words(engine: Engine, key: str, body: Any, line: str) -> None:
    (printed,) = told(engine, (key, json.dumps(body).encode()))
    assert line in printed


EVENTS: tuple[tuple[JobEvent, str], ...] = (
    (AttemptEnded(a_record(**REJECTED)), ""),
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
    reporter.summary(tallied().summary(refused=1, skipped=2, seconds=62.4, gallery="look: out/gallery.html"))
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


def test_a_cancelled_job_is_neither_accepted_nor_failed_and_the_exit_code_is_that_of_a_fail() -> None:
    tally = Tally(2)
    end = job_ended(accepted=False)
    tally.take(job_ended("lake-20261122T081500Z-1f2e3d4d", accepted=True))
    tally.take(JobEnded(PLACE, end.result.with_changes(status="CANCELLED", error="the job was cancelled")))
    summary = tally.summary(refused=0, skipped=0, seconds=1, gallery="")
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
    tally.take(AttemptEnded(a_record(**REJECTED | {"reason": "no moon " * 30})))
    with terminal.live(tally):
        terminal.event(job_ended(accepted=False), "out/two.png")
    lines = printed.getvalue().splitlines()
    assert any("1/3  $0.191" in line and "left" in line for line in lines)
    assert any("aurora" in line and "001-002  rejected: no moon" in line and line.endswith("…") for line in lines)
    (fail,) = [number for number, line in enumerate(lines) if "FAIL" in line]
    assert "accepted" not in lines[fail]
    assert any("  No image was accepted in 1 attempts" in line for line in lines[fail + 1 :])
    assert max(len(line) for line in lines if "\x1b" not in line) <= 80


def test_a_job_that_has_ended_is_under_way_no_more_whatever_comes_late():
    tally = Tally(2)
    tally.take(AttemptEnded(a_record(**REJECTED)))
    assert list(tally.under_way) == [JOB]
    tally.take(job_ended(accepted=True))
    tally.take(AttemptEnded(a_record(**REJECTED)))
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
