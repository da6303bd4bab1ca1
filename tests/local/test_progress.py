"""What is told of the objects that the product writes, and in which words."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from chalicelib.job.record import ImageRecord, Record, Rewrite, Status
from chalicelib.local.engine import Engine
from chalicelib.local.happenings import Outbox
from chalicelib.local.progress import Progress, shortened
from chalicelib.local.prompt_files import label_of
from chalicelib.ports import Place

MOMENT = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
JOB = "aurora-20261122T081500Z-1f2e3d4c"
FOLDER = f"generated-images/{JOB}"


def record(**given: Any) -> bytes:
    always = {"job": JOB, "revision": 1, "attempt": 2, "owner": "o", "initial_prompt": "p", "prompt": "p"}
    times = {"lease_end": MOMENT, "began_at": MOMENT, "updated_at": MOMENT}
    return Record(**(always | times | {"status": Status.OUTCOME} | given)).as_json()


IMAGE = ImageRecord(key="k", sha256="", seed=77, generation=1, image_model="us-west-2/core")
REJECTED = {
    "outcome": "rejected",
    "reason": "No [bold]moon\nto be seen",
    "image_model": "us-west-2/core",
    "images": (IMAGE,),
    "spent_before_usd": 0.1,
    "cost_usd": 0.05,
}


def told(engine: Engine, *objects: tuple[str, bytes]) -> list[str]:
    """The lines printed when these objects are written, one after the other."""
    printed = io.StringIO()
    progress = Progress(Console(file=printed, width=80), told_job=label_of)
    outbox = Outbox(engine.s3, engine.names.inbox)
    for key, body in objects:
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=body)
        for happening in outbox.happenings(Place(engine.names.outbox, key)):
            progress.show(happening)
    return printed.getvalue().splitlines()


def test_an_attempt_is_one_line_whatever_its_reason_holds(engine: Engine) -> None:
    lines = told(engine, (f"{FOLDER}/001-002.json", record(**REJECTED)))
    assert lines == ["aurora       001-002  us-west-2/core (seed 77): rejected, No [bold]moon to be seen · $0.150"]


def test_a_rewritten_prompt_is_shown_after_its_attempt(engine: Engine) -> None:
    rewrite = Rewrite(model="m", prompt="a bright moon", negative_prompt=None)
    lines = told(engine, (f"{FOLDER}/001-002.json", record(**REJECTED, rewrite=rewrite)))
    assert lines[1] == "aurora       001-002  prompt rewritten: a bright moon"


def test_claims_images_and_reports_tell_nothing(engine: Engine) -> None:
    leased = record(status=Status.LEASED)
    objects = [(f"{FOLDER}/{name}", b"x") for name in ("001-002.png", "001-002-1.png", "report.html")]
    assert told(engine, (f"{FOLDER}/001-002.json", leased), *objects, ("inbox/a.json", b"{}")) == []


def test_an_outcome_is_told_once_and_a_note_once_for_all_jobs(engine: Engine) -> None:
    noted = record(**REJECTED, notes=("cfg_scale left out",))
    lines = told(engine, *[(f"{FOLDER}/{name}", noted) for name in ("001-002.json", "001-002.json", "001-003.json")])
    assert [line.split("  ")[-1].split(":")[0] for line in lines] == [
        "cfg_scale left out",
        "us-west-2/core (seed 77)",
        "us-west-2/core (seed 77)",
    ]


def test_each_time_an_attempt_is_put_off_is_told(engine: Engine) -> None:
    waiting = {"status": Status.DEFERRED, "not_before": MOMENT, "reason": "throttled"}
    put_off = [record(**waiting, deferrals=count) for count in (1, 2)]
    lines = told(engine, *[(f"{FOLDER}/000-000.json", body) for body in put_off])
    assert lines == ["aurora       001-002  put off until 08:15:00 UTC: throttled"] * 2


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


def test_on_a_terminal_the_running_cost_stands_below(engine: Engine) -> None:
    printed = io.StringIO()
    progress = Progress(Console(file=printed, force_terminal=True, width=80), told_job=label_of)
    with progress.live(lambda: "2 of 3 jobs running"):
        pass
    assert "2 of 3 jobs running · $0.000" in printed.getvalue()


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [
        ("short", 10, "short"),
        ("two\n\nlines\x1b[31m", 40, "two lines [31m"),
        ("one two three", 9, "one two …"),
    ],
)
def test_texts_of_others_are_one_line_without_control_characters(text: str, most: int, line: str) -> None:
    assert shortened(text, most) == line
