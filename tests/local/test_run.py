"""`python -m chalicelib run` as a user meets it: a process, its exit code, what it prints, what it leaves."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
EASY = {"prompt": "A lake"}
NEVER = {"prompt": "An unattainable lake", "max_retry_attempts": 2, "max_prompt_revisions": 1}  # the stand-in's word
REFUSED = {"prompt": "A lake", "max_retry_attempts": True}


def write(directory: Path, name: str, prompt: Any) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(prompt if isinstance(prompt, str) else json.dumps(prompt))
    return path


def command(*arguments: "str | Path") -> list[str]:
    return [sys.executable, "-m", "chalicelib", *map(str, arguments)]


def ended(*arguments: "str | Path", **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ) | {"AWS_PROFILE": "somebodys-own"} | variables
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """One run of an easy prompt, another file of the same name that never passes, and one that is refused."""
    here = tmp_path_factory.mktemp("mixed")
    files = [write(here / "a", "my lake.json", EASY | {"output_s3_key_prefix": "mine", "output_s3_bucket_name": "own"})]
    files += [write(here / "b", "my lake.json", NEVER), write(here, "bad.json", REFUSED)]
    return here / "out", ended("run", *files, "--out", here / "out")


def test_a_job_that_fails_makes_the_exit_code_one(mixed: tuple[Path, Any]) -> None:
    assert (mixed[1].returncode, mixed[1].stderr) == (1, "")


def test_each_job_has_its_folder_with_result_records_and_images(mixed: tuple[Path, Any]) -> None:
    accepted, failed = (
        json.loads(next(mixed[0].glob(where)).read_text())
        for where in ("mine/my-lake-2*/result.json", "generated-images/my-lake-2-2*/result.json")
    )
    assert (accepted["status"], failed["status"]) == ("SUCCESS", "FAIL")
    assert (mixed[0] / accepted["image"]).read_bytes().startswith(b"\x89PNG")
    assert [attempt["outcome"] for attempt in failed["attempts"]] == ["rejected", "rejected"]
    assert (mixed[0] / failed["best"]["image"]).with_suffix(".json").exists()


def test_a_refused_file_leaves_its_record_under_rejected(mixed: tuple[Path, Any]) -> None:
    record = json.loads(next(mixed[0].glob("generated-images/rejected/bad-*.json")).read_text())
    assert record["field"] == "max_retry_attempts"


def test_every_attempt_is_one_plain_line_with_model_verdict_and_cost(mixed: tuple[Path, Any]) -> None:
    lines = [line for line in mixed[1].stdout.splitlines() if line.startswith("my-lake-2 ") and ": rejected, " in line]
    assert [line.split()[1] for line in lines] == ["000-000", "000-001"]
    assert all("us-west-2/stability.stable-image-core-v1:1 (seed" in line and " · $0.0" in line for line in lines)
    assert "\x1b" not in mixed[1].stdout


def test_the_summary_says_where_to_look_and_that_it_was_a_stand_in(mixed: tuple[Path, Any]) -> None:
    *_, accepted, report, failed, failed_report, refused, gallery, stand_in = mixed[1].stdout.splitlines()
    assert all(line.endswith("/report.html") for line in (report, failed_report))
    assert gallery.endswith(f"{mixed[0]}/gallery.html")
    assert "SUCCESS" in accepted
    assert f"{mixed[0]}/mine/my-lake-2" in accepted
    assert "FAIL" in failed
    assert f"{mixed[0]}/generated-images/rejected/bad-" in refused
    assert "stand-in" in stand_in


def test_all_accepted_is_exit_code_zero_and_handlers_speak_only_when_asked(tmp_path: Path) -> None:
    run = ended("run", write(tmp_path, "lake.json", EASY), "--out", tmp_path / "new" / "out", "--verbose")
    assert run.returncode == 0
    assert '"event": "result"' in run.stderr
    assert '"event"' not in run.stdout


def test_only_refused_files_are_exit_code_three(tmp_path: Path) -> None:
    run = ended("run", write(tmp_path, "not json.json", "{"), write(tmp_path, "b.json", REFUSED), "--out", tmp_path)
    assert run.returncode == 3
    assert "not-json" in run.stdout


def test_what_no_file_can_be_named_like_is_told_in_the_end_and_the_rest_is_copied(tmp_path: Path) -> None:
    long = write(tmp_path, "long.json", EASY | {"output_s3_key_prefix": "a" * 300})
    run = ended("run", long, write(tmp_path, "good.json", EASY), "--out", tmp_path / "out")
    assert (run.returncode, run.stderr) == (0, "")
    assert len(list((tmp_path / "out").glob("generated-images/good-*/result.json"))) == 1
    *_, summary, told, _ = run.stdout.split("\n\n")[-1].splitlines()
    assert re.fullmatch(rf"not copied: s3://retake-outbox/{'a' * 300}/long-\S+: File name too long", summary)
    assert re.search(r"^\d+ objects could not be copied to \S+; run again with another --out", told)
    assert re.search(r"^\S+long\.json +SUCCESS .*\.png \(not copied\) \(\d+ images?, ", run.stdout, re.MULTILINE)


def test_an_interrupted_run_copies_what_there_is(tmp_path: Path) -> None:
    file = write(tmp_path, "never.json", NEVER | {"max_retry_attempts": 50})
    arguments = command("run", file, "--out", tmp_path / "out")
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert any("000-001" in line and "rejected" in line for line in running.stdout)
        running.send_signal(signal.SIGINT)
        printed = running.stdout.read()
    assert running.returncode == 130
    assert "no result" in printed
    assert len(list((tmp_path / "out").glob("generated-images/never-*/*.png"))) >= 2


def test_a_wrong_setting_is_one_clear_sentence_too(tmp_path: Path) -> None:
    run = ended("run", "--out", tmp_path, MAX_ATTEMPTS="many")
    assert run.returncode == 2
    assert run.stderr.startswith("MAX_ATTEMPTS")
    assert "Traceback" not in run.stderr


def test_rows_of_any_form_are_run_and_a_bad_one_is_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "new\nline.json").write_text('{"prompt": "a lake", "max_retry_attempts": 1, "max_prompt_revisions": 1}')
    (tmp_path / "rows.jsonl").write_text('{"prompt": "a lake"}\n{"promt": "a hill"}\n')
    run = ended("run", tmp_path / "new\nline.json", tmp_path / "rows.jsonl", "--out", tmp_path / "out")
    assert "Traceback" not in run.stderr
    assert run.returncode in (1, 3), run.stdout + run.stderr
    assert f"refused: {tmp_path}/rows.jsonl, line 2: 'promt' is no field" in run.stdout
    assert len(list(tmp_path.glob("out/generated-images/*/result.json"))) == 2
