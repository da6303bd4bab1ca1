"""`python -m chalicelib run` as a user meets it: a process, its exit code, what it prints, what it leaves."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.warm import start

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
    """For an interpreter, or to be started warm."""
    return ["-m", "chalicelib", *map(str, arguments)]


def ended(*arguments: "str | Path", **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ) | {"AWS_PROFILE": "somebodys-own"} | variables
    return start.run(command(*arguments), cwd=ROOT, env=environment)


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


def test_result_report_and_gallery_say_that_a_stand_in_made_them(mixed: tuple[Path, Any]) -> None:
    result = next(mixed[0].glob("mine/my-lake-2*/result.json"))
    assert json.loads(result.read_text())["notes"][0] == "drawn and judged by: stand-in"
    assert "drawn and judged by: stand-in" in (result.parent / "report.html").read_text()
    assert (mixed[0] / "gallery.html").read_text().count(" · stand-in") == 2


def test_a_refused_file_leaves_its_record_under_rejected(mixed: tuple[Path, Any]) -> None:
    record = json.loads(next(mixed[0].glob("generated-images/rejected/bad-*.json")).read_text())
    assert record["field"] == "max_retry_attempts"


def test_every_attempt_is_one_plain_line_with_model_verdict_and_cost(mixed: tuple[Path, Any]) -> None:
    starts = "stand-in  my-lake-2 "
    lines = [line for line in mixed[1].stdout.splitlines() if line.startswith(starts) and ": rejected, " in line]
    assert [line.split()[2] for line in lines] == ["000-000", "000-001"]
    assert all("us-west-2/stability.stable-image-core-v1:1 (seed" in line and " · $0.0" in line for line in lines)
    assert "\x1b" not in mixed[1].stdout


def test_each_end_says_why_and_where_to_look_and_the_summary_counts(mixed: tuple[Path, Any]) -> None:
    ends = {line.split()[1]: line for line in mixed[1].stdout.splitlines() if " → " in line}
    assert "SUCCESS after" in ends["my-lake"]
    assert f" → {mixed[0]}/mine/my-lake-2" in ends["my-lake"]
    assert "FAIL after 2 attempts, 2 images, $0.0" in ends["my-lake-2"]
    assert ": No image was accepted in 2 attempts (2 rejected). Last: " in ends["my-lake-2"]
    assert f" → {mixed[0]}/generated-images/rejected/bad-" in ends["bad"]
    title, head, row, gallery = mixed[1].stdout.splitlines()[-4:]
    assert title.strip() == "stand-in"
    assert head.split() == ["jobs", "accepted", "failed", "refused", "images", "cost", "time"]
    assert row.split()[:4] == ["3", "1", "1", "1"]
    assert gallery.endswith(f"{mixed[0]}/gallery.html")


def test_what_is_accepted_there_is_not_done_again_unless_asked(mixed: tuple[Path, Any]) -> None:
    files = [mixed[0].parent / "a" / "my lake.json", mixed[0].parent / "b" / "my lake.json"]
    again = ended("run", *files, "--out", mixed[0], "--json")
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    assert lines[0]["text"].startswith("1 prompt accepted in")
    assert [line["status"] for line in lines if line["event"] == "job"] == ["FAIL"]
    assert (again.returncode, lines[-1]["skipped"], lines[-1]["failed"]) == (1, 1, 1)
    once_more = ended("run", files[0], "--out", mixed[0], "-q", "--again")
    assert (once_more.returncode, len(once_more.stdout.splitlines())) == (0, 4)
    assert len(list(mixed[0].glob("mine/*/result.json"))) == 2


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
    assert re.search(rf"^not copied: s3://retake-outbox/{'a' * 300}/long-\S+: File name too long$", run.stdout, re.M)
    assert re.search(r"^\d+ objects could not be copied to \S+; run again with another --out", run.stdout, re.M)
    assert re.search(r"^stand-in  long +SUCCESS .*\.png \(not copied\)$", run.stdout, re.M)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_copies_what_there_is_and_goes_on_where_it_stopped(tmp_path: Path, number: int) -> None:
    files = [write(tmp_path, "lake.json", EASY), write(tmp_path, "never.json", NEVER | {"max_retry_attempts": 50})]
    running = start.start(command("run", *files, "--out", tmp_path / "out"), cwd=ROOT, env=os.environ)
    assert running.stdout is not None
    with running.stdout as output:
        seen = ""
        for line in output:
            seen += line
            if " SUCCESS " in seen and re.search(r"never +000-001.*rejected", seen):
                break
        assert len(list((tmp_path / "out").glob("generated-images/lake-*/result.json"))) == 1
        running.send_signal(number)
        printed = output.read()
    assert running.wait(30) == 130
    assert "interrupted: " in printed
    assert "not ended" in printed
    assert len(list((tmp_path / "out").glob("generated-images/never-*/*.png"))) >= 2
    again = ended("run", files[0], "--out", tmp_path / "out", "-q")
    assert (again.returncode, again.stdout.splitlines()[2].split()[:5]) == (0, ["1", "0", "0", "0", "1"])


def test_a_run_whose_output_nobody_reads_any_more_ends_as_an_interrupted_one_and_copies_what_there_is(
    tmp_path: Path,
) -> None:
    never = write(tmp_path, "never.json", NEVER | {"max_retry_attempts": 50})
    running = start.start(command("run", never, "--out", tmp_path / "out"), cwd=ROOT, env=os.environ)
    assert running.stdout is not None
    with running.stdout as output:
        assert any(re.search(r"never +000-001.*rejected", line) for line in output)
    assert running.wait(30) == 130
    assert len(list((tmp_path / "out").glob("generated-images/never-*/*.png"))) >= 2


def test_a_wrong_setting_is_one_clear_sentence_too(tmp_path: Path) -> None:
    run = ended("run", "--out", tmp_path, MAX_ATTEMPTS="many")
    assert run.returncode == 2
    assert run.stderr.startswith("MAX_ATTEMPTS")
    assert "Traceback" not in run.stderr


def test_a_closed_standard_input_keeps_nothing_from_being_run(tmp_path: Path) -> None:
    words = shlex.join([sys.executable, *command("run", tmp_path / "none.json")])
    run = subprocess.run(["sh", "-c", f"{words} <&-"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert (
        run.stderr
        == f"{tmp_path}/none.json: No such file or directory; " + "name a file or directory that can be read\n"
    )


def test_rows_of_any_form_are_run_and_a_bad_one_is_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "new\nline.json").write_text('{"prompt": "a lake", "max_retry_attempts": 1, "max_prompt_revisions": 1}')
    (tmp_path / "rows.jsonl").write_text('{"prompt": "a lake"}\n{"promt": "a hill"}\n')
    run = ended("run", tmp_path / "new\nline.json", tmp_path / "rows.jsonl", "--out", tmp_path / "out")
    assert "Traceback" not in run.stderr
    assert run.returncode in (1, 3), run.stdout + run.stderr
    assert f"refused: {tmp_path}/rows.jsonl, line 2: 'promt' is no field" in run.stdout
    assert len(list(tmp_path.glob("out/generated-images/*/result.json"))) == 2
