"""What `run` uploads, how it tells the jobs apart, and what it makes of their ends."""

import json
from pathlib import Path

import pytest

from chalicelib.job.result import Result
from chalicelib.local.collect import collect
from chalicelib.local.engine import Engine
from chalicelib.local.happenings import JobEnded, JobRefused
from chalicelib.local.prompt_files import files_of, label_of, samples
from chalicelib.local.run import exit_code
from chalicelib.ports import Place
from chalicelib.prompts.rows import Row
from chalicelib.prompts.sources import UnusablePath, read_prompts

SOMEWHERE = Place("outbox", "generated-images/job/result.json")
REFUSED = JobRefused(SOMEWHERE, "job", "why")


def job_ended(*, accepted: bool) -> JobEnded:
    result = Result(
        status="SUCCESS" if accepted else "FAIL",
        job="job",
        output_s3_bucket_url="",
        output_s3_object_url=None,
        image=None,
        accepted=accepted,
        revision=0,
        attempt=0,
        prompt="",
        seed=None,
        image_model=None,
        vision_models=(),
        attempts=(),
        generations=0,
        cost_usd=0,
        started_at="",
        finished_at="",
    )
    return JobEnded(SOMEWHERE, result)


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ([job_ended(accepted=True)], 0),
        ([job_ended(accepted=True), job_ended(accepted=True)], 0),
        ([job_ended(accepted=True), job_ended(accepted=False)], 1),
        ([job_ended(accepted=True), REFUSED], 3),
        ([REFUSED], 3),
        ([job_ended(accepted=False), REFUSED], 1),
        ([job_ended(accepted=True), None], 1),
    ],
)
def test_the_exit_code_tells_how_jobs_ended(ends: list[JobEnded | JobRefused | None], code: int) -> None:
    assert exit_code(ends) == code


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["lake.json"], ["inbox/lake.json"]),
        (["a/lake.json", "b/lake.json"], ["inbox/lake.json", "inbox/lake-2.json"]),
        (["a b.json", "a+b.json"], ["inbox/a b.json", "inbox/a+b-2.json"]),
        (["x-2.json", "x.json", "y/x.json"], ["inbox/x-2.json", "inbox/x.json", "inbox/x-3.json"]),
        (["夜.json", "景.json"], ["inbox/夜.json", "inbox/景-2.json"]),
        ([f"{'n' * 70}.json", f"{'n' * 71}.json"], [f"inbox/{'n' * 70}.json", f"inbox/{'n' * 48}-2.json"]),
    ],
)
def test_no_two_files_share_a_key_or_a_label(tmp_path: Path, names: list[str], keys: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    rows = read_prompts([str(tmp_path / name) for name in names], bytes, {})
    files = files_of([row for row in rows if isinstance(row, Row)])
    assert [file.key for file in files] == keys
    assert len({file.label for file in files}) == len(files)


def test_fields_that_are_set_are_set_in_the_samples_too() -> None:
    assert [json.loads(sample.body)["max_retry_attempts"] for sample in samples({"max_retry_attempts": 2})] == [2, 2]


def test_a_jobs_label_is_what_its_name_begins_with() -> None:
    assert label_of("my-lake-2-20261122T081500Z-1f2e3d4c") == "my-lake-2"


def test_the_samples_are_the_articles_events() -> None:
    landscape, aurora = (json.loads(sample.body) for sample in samples())
    assert landscape["prompt"] == "A serene landscape with mountains and a lake"
    assert (landscape["output_s3_bucket_name"], len(landscape)) == ("your-output-bucket-name", 18)
    assert aurora["prompt"].endswith("地平線から太陽が出ている無人の写真。")
    assert (aurora["max_retry_attempts"], aurora["max_prompt_revisions"]) == (5, 5)


def test_a_directory_named_like_a_prompt_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UnusablePath, match="Is a directory"):
        read_prompts([str(tmp_path / "folder.json")], bytes, {})


def test_everything_but_the_inbox_is_copied_from_every_bucket(engine: Engine, tmp_path: Path) -> None:
    engine.s3.create_bucket(Bucket="third")
    inbox = engine.names.inbox
    for bucket, key in ((inbox, "inbox/a.json"), (inbox, "in/b.txt"), ("third", "inbox/c.txt")):
        engine.s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    copies = collect(engine.s3, engine.names, tmp_path)
    assert (len(copies.written), copies.left) == (2, ())
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == {"in/b.txt", "inbox/c.txt"}
    assert (tmp_path / "in/b.txt").read_text() == "in/b.txt"


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["a/../../escaped.txt"], "it would leave "),
        (["n" * 256], "File name too long"),
        (["n" * 256 + "/result.json"], "File name too long"),
        (["a", "a/result.json"], "a file is where its directory would be"),
        (["a/b", "a/b/c/d/result.json"], "a file is where its directory would be"),
    ],
)
def test_a_key_that_cannot_be_a_file_here_is_told_and_keeps_no_other_back(
    engine: Engine, tmp_path: Path, keys: list[str], why: str
) -> None:
    out = tmp_path / "out"
    for key in (*keys, "z.txt"):
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=b"")
    copies = collect(engine.s3, engine.names, out)
    (left,) = copies.left
    assert left.place in [Place(engine.names.outbox, key) for key in keys]
    assert why in left.why
    assert copies.told(left.place.key) == f"{out / left.place.key} (not copied)"
    assert copies.told("z.txt") == str(out / "z.txt")
    assert (out / "z.txt").exists()
    assert not (tmp_path / "escaped.txt").exists()


def test_a_folder_that_the_s3_console_made_is_a_directory(engine: Engine, tmp_path: Path) -> None:
    for key in ("mine/", "mine/result.json"):
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=b"" if key.endswith("/") else b"{}")
    assert collect(engine.s3, engine.names, tmp_path).left == ()
    assert (tmp_path / "mine" / "result.json").read_bytes() == b"{}"
