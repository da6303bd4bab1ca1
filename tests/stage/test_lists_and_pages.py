"""What lies in an outbox, as lines, as a directory, and on one page."""

import io
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chalicelib.errors import CannotGoOn
from chalicelib.job.record import Status
from chalicelib.local.engine import Engine
from chalicelib.stage.fetch import fetch
from chalicelib.stage.gallery import gallery, since_of
from chalicelib.stage.lines import newest, show
from chalicelib.stage.where import Where
from tests.follow.test_reporting import MOMENT
from tests.stage.outboxes import PREFIX, Jobs, record, result, where_at


def listed(engine: Engine, prefix: str | None = None, limit: int = 100) -> list[tuple[str, str]]:
    return [(line.job, line.status) for line in newest(where_at(engine), prefix, limit)]


def test_every_state_of_a_job_is_listed(engine: Engine, jobs: Jobs):
    jobs.end("a-1")
    jobs.begin("b-1", status=Status.OUTCOME, outcome="rejected", cost_usd=0.25)
    jobs.refuse("c-1", "prompt is\nmissing")
    jobs.keep_letter("d-1")
    jobs.put(f"{PREFIX}/e-1/result.json", b"[]")
    jobs.put("notes.txt", b"mine")
    jobs.begin("f-1")
    mark = record("f-1", f"{PREFIX}/f-1", attempt=1, status=Status.CANCELLING, images=(), spent_before_usd=0.04)
    jobs.put(f"{PREFIX}/f-1/000-001.json", mark)
    lines = {line.job: line for line in newest(where_at(engine), None, 100)}
    told = {name: (line.status, line.prompt, line.cost_usd, line.image) for name, line in lines.items()}
    assert told == {
        "a-1": ("SUCCESS", "A lake", 0.043, f"{PREFIX}/a-1/000-000.png"),
        "b-1": ("under way", "A lake", 0.25, f"{PREFIX}/b-1/000-000.png"),
        "c-1": ("refused", "", 0.0, None),
        "d-1": ("dead letter", "", 0.0, None),
        "e-1": ("unreadable", "", 0.0, None),
        "f-1": ("cancelling", "A lake", 0.04, None),
    }
    page = io.StringIO()
    show([lines["c-1"], lines["a-1"]], Console(file=page, highlight=False), as_json=False)
    refused, ended = page.getvalue().splitlines()
    assert refused == "refused      $0.000   c-1  prompt is missing"
    assert ended == f"SUCCESS      $0.043   a-1  A lake → {PREFIX}/a-1/000-000.png"
    page = io.StringIO()
    terminal = Console(file=page, force_terminal=True, width=80, color_system=None, highlight=False)
    show([lines["c-1"], lines["a-1"]], terminal, as_json=False)
    assert page.getvalue().splitlines() == [
        "refused      $0.000   c-1",
        "  prompt is missing",
        "SUCCESS      $0.043   a-1",
        "  A lake → 000-000.png",
    ]


def test_json_has_a_line_for_each(engine: Engine, jobs: Jobs):
    jobs.end("a-1")
    page = io.StringIO()
    show(newest(where_at(engine), None, 1), Console(file=page, width=20), as_json=True)
    (line,) = map(json.loads, page.getvalue().splitlines())
    assert (line["job"], line["status"], line["image"]) == ("a-1", "SUCCESS", f"{PREFIX}/a-1/000-000.png")


def test_the_newest_come_first_and_no_more_than_asked_for_from_every_page(
    engine: Engine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    jobs.end("z-1")
    jobs.begin("m-1", "mine")
    time.sleep(1)  # S3 has seconds
    jobs.end("a-1")
    assert listed(engine, limit=2)[0] == ("a-1", "SUCCESS")
    assert len(listed(engine, limit=2)) == 2
    assert listed(engine, "mine") == [("m-1", "under way")]


def got(where: Where, given: str, out: Path) -> list[str]:
    said: list[str] = []
    fetch(where, None, given, out, said.append)
    return said


def test_a_jobs_folder_is_copied_with_its_letters(engine: Engine, jobs: Jobs, tmp_path: Path):
    jobs.end("a-1")
    jobs.keep_letter("a-1")
    jobs.end("a-12")
    letter = f"{PREFIX}/dead-letters/a-1-000-000.json"
    assert got(where_at(engine), "a-1", tmp_path) == [f"{tmp_path}/{PREFIX}/a-1", f"{tmp_path}/{letter}"]
    assert sorted(path.name for path in (tmp_path / PREFIX / "a-1").iterdir()) == [
        "000-000.json",
        "000-000.png",
        "report.html",
        "result.json",
    ]
    assert (tmp_path / letter).exists()
    assert not (tmp_path / PREFIX / "a-12").exists()


def test_a_job_that_goes_on_is_copied_as_it_is_and_said(engine: Engine, jobs: Jobs, tmp_path: Path):
    jobs.begin("a-1")
    assert got(where_at(engine), "a", tmp_path) == [
        f"{tmp_path}/{PREFIX}/a-1 (under way: get it again when it has ended)"
    ]


def test_what_cannot_be_copied_is_said(engine: Engine, jobs: Jobs, tmp_path: Path):
    jobs.end("a-1")
    (tmp_path / PREFIX).write_text("in the way")
    with pytest.raises(CannotGoOn, match=r"not copied: s3://retake-outbox/.*: a file is where .* \(4 objects in all\)"):
        got(where_at(engine), "a", tmp_path)


def shown(engine: Engine, out: Path, since: datetime | None = None) -> tuple[str, list[str]]:
    said: list[str] = []
    gallery(where_at(engine), None, since, out, said.append)
    return (out / "gallery.html").read_text(encoding="utf-8"), said


def test_the_page_has_every_ended_job_with_thumbnail_and_a_link_that_opens(engine: Engine, jobs: Jobs, tmp_path: Path):
    jobs.end("a-1")
    jobs.begin("b-1")
    jobs.refuse("c-1", "prompt is missing")
    jobs.keep_letter("d-1")
    jobs.put(f"{PREFIX}/e-1/result.json", b"[]")
    page, said = shown(engine, tmp_path)
    assert said == ["2 jobs of s3://retake-outbox/", f"all jobs to look at: {tmp_path}/gallery.html"]
    assert "data:thumb" in page
    assert f'href="./{PREFIX}/a-1/report.html"' in page
    assert (tmp_path / PREFIX / "a-1" / "report.html").read_bytes() == b"<p>report"
    assert f'href="./{PREFIX}/rejected/c-1.json"' in page
    assert (tmp_path / PREFIX / "rejected" / "c-1.json").exists()
    assert not list(tmp_path.rglob("*.png"))
    assert "b-1" not in page


def test_only_what_ended_since_then_is_shown(engine: Engine, jobs: Jobs, tmp_path: Path):
    jobs.end("a-1")
    assert "a-1" not in shown(engine, tmp_path, datetime.now(UTC) + timedelta(hours=1))[0]
    assert "a-1" in shown(engine, tmp_path, datetime.now(UTC) - timedelta(hours=1))[0]


@pytest.mark.parametrize(("words", "hours"), [("12h", 12), ("7d", 168), ("2w", 336)])
def test_an_age_is_a_number_and_a_letter(words: str, hours: int):
    assert since_of(words) == timedelta(hours=hours)


@pytest.mark.parametrize("words", ["", "7", "d", "-1d", "7 d", "99999d", "yesterday"])
def test_another_age_is_refused_with_an_example(words: str):
    with pytest.raises(CannotGoOn, match="as in 12h, 7d or 4w"):
        since_of(words)


class SlowS3:
    """A thousand jobs, of which each read takes its time; no server, so that only the waiting counts."""

    SECONDS = 0.01
    JOBS = 1_000

    def __init__(self) -> None:
        folders = [f"{PREFIX}/job-{number:04}" for number in range(self.JOBS)]
        self.bodies = {}
        for folder in folders:
            job = folder.rpartition("/")[2]
            self.bodies[f"{folder}/result.json"] = result(job, folder)
            self.bodies[f"{folder}/000-000.json"] = record(job, folder)
            self.bodies[f"{folder}/report.html"] = b"<p>"
        self.most = self.now = 0
        self.lock = threading.Lock()

    def get_paginator(self, _: str) -> "SlowS3":
        return self

    def paginate(self, **_: object) -> list[Any]:
        return [{"Contents": [{"Key": key, "ETag": "e", "LastModified": MOMENT} for key in self.bodies]}]

    def get_object(self, Key: str, **_: object) -> Any:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.SECONDS)
        with self.lock:
            self.now -= 1
        return {"Body": io.BytesIO(self.bodies[Key])}


def test_a_thousand_jobs_are_read_many_at_once(engine: Engine, tmp_path: Path):
    s3, own = SlowS3(), where_at(engine)
    said: list[str] = []
    gallery(Where("dev", s3, own.settings, "real models", "out"), None, None, tmp_path, said.append)  # type: ignore[arg-type]
    assert said[0] == "1,000 jobs of s3://out/"
    assert 8 <= s3.most <= 16
