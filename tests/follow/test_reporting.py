"""What is told of the objects that the product writes, in which words, and how it looks at 80 columns."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from chalicelib.errors import Declined
from chalicelib.follow.job_events import AttemptSeen, JobEnded, Outbox
from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.reporting import Lines
from chalicelib.follow.tally import Tally
from chalicelib.follow.words import notes_to_tell
from chalicelib.job.record import ImageRecord, Record, Rewrite, Status
from chalicelib.job.result import AttemptLine, BestImage, Result
from chalicelib.local.engine import Engine
from chalicelib.ports import Place
from chalicelib.prompts.files import label_of
from tests.pipeline.bench import Bench, Models

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
        else "No image was accepted in 1 attempt (1 rejected). Last: No moon " + "to be seen " * 9,
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
            "us-east-1/canvas answered: ResourceNotFoundException: it is not here; used us-west-2/core",
            {},
            "us-east-1/canvas cannot be used; us-west-2/core draws instead",
        ),
        (
            "us-east-1/canvas answered: This model version has reached the end of its life; used us-west-2/core",
            {},
            "us-east-1/canvas has ended; us-west-2/core draws instead",
        ),
    ],
)
def test_a_note_on_what_nobody_set_is_not_told(note: str, given: dict[str, object], line: str | None) -> None:
    expected = () if line is None else (note if line == "same" else line,)
    assert notes_to_tell(a_record(notes=(note,), request=given)) == expected


def test_each_time_an_attempt_is_put_off_is_told(engine: Engine) -> None:
    waiting = {"status": Status.DEFERRED, "not_before": MOMENT, "why": "throttled"}
    put_off = [record(**waiting, deferrals=count) for count in (1, 2)]
    lines = told(engine, *[(f"{FOLDER}/000-000.json", body) for body in put_off])
    assert lines == ["stand-in  aurora       001-002  put off until 08:15:00 UTC: throttled"] * 2


def test_why_an_attempt_is_put_off_is_told_as_the_pipeline_writes_it(engine: Engine) -> None:
    slow = Declined("us-west-2/core", "ThrottlingException: slow down")
    bench = Bench(Models(on_invoke=lambda model, body: slow))
    bench.upload({"prompt": "a cat"})
    bench.run(bench.aws.lambdas.begin(next(bench.aws.lambdas.dues())))
    written = Record.model_validate(bench.document("/000-000.json"))
    assert written.status is Status.DEFERRED
    (line,) = told(engine, (f"{FOLDER}/000-000.json", written.as_json()))
    why = "us-west-2/core answered: ThrottlingException: slow down"
    assert line.endswith(f" UTC: {why}")
    tally, printed = Tally(1), io.StringIO()
    tally.take(AttemptSeen(written))
    assert tally.under_way[written.job].endswith(f" UTC: {why}")
    JsonLines(Console(file=printed), "stand-in").event(AttemptSeen(written))
    assert json.loads(printed.getvalue())["why"] == why


@pytest.mark.parametrize(
    ("key", "body", "line"),
    [
        (f"p/rejected/{JOB}.json", {"error": "promt: did you mean prompt?"}, "refused: promt: did you mean prompt?"),
        (f"p/dead-letters/{JOB}-000-001.json", {"error": "e"}, "could not be processed: e; kept as p/dead-letters/aur"),
        (f"p/rejected/{JOB}.json", {"error": 5}, "refused: 5"),
        (f"p/{JOB}/result.json", {}, "is none of ours, or is gone"),
        (f"p/{JOB}/000-000.json", [], "is none of ours, or is gone"),
        (f"p/rejected/{JOB}.json", [], "is none of ours, or is gone"),
    ],
)
def test_every_way_to_end_has_its_words(engine: Engine, key: str, body: Any, line: str) -> None:
    (printed,) = told(engine, (key, json.dumps(body).encode()))
    assert line in printed


def test_what_is_nested_too_deep_to_be_read_is_none_of_ours(engine: Engine) -> None:
    (printed,) = told(engine, (f"p/rejected/{JOB}.json", b"[" * 100_000))
    assert "is none of ours, or is gone" in printed
