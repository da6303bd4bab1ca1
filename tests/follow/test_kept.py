"""Which prompts another run into the same directory leaves out."""

import json
from pathlib import Path

from chalicelib.follow.kept import NAME, Kept
from chalicelib.prompts.files import PromptFile

LAKE, SEA = (
    PromptFile(name, f"inbox/{name}.json", name, f'{{"prompt": "{name}"}}'.encode()) for name in ("lake", "sea")
)


def ended(directory: Path, file: PromptFile, job: str, status: str = "SUCCESS", models: str = "stand-in") -> None:
    (directory / "p" / job).mkdir(parents=True)
    (directory / "p" / job / "result.json").write_text("{}")
    Kept(directory, models).note(file, job, status, f"p/{job}")


def left(directory: Path, *files: PromptFile, models: str = "stand-in") -> list[str]:
    return [file.label for file in Kept(directory, models).without_accepted(files)]


def test_what_was_accepted_there_is_left_out_whatever_the_file_is_called(tmp_path: Path):
    ended(tmp_path, LAKE, "lake-1")
    assert left(tmp_path, PromptFile("other", "inbox/other.json", "other", LAKE.body), SEA) == ["sea"]


def test_a_fail_a_stand_ins_acceptance_and_one_whose_folder_is_gone_are_done_again(tmp_path: Path):
    ended(tmp_path, LAKE, "lake-1", "FAIL")
    ended(tmp_path, SEA, "sea-1")
    assert left(tmp_path, LAKE, SEA) == ["lake"]
    assert left(tmp_path, LAKE, SEA, models="real models") == ["lake", "sea"]
    (tmp_path / "p" / "sea-1" / "result.json").unlink()
    assert left(tmp_path, LAKE, SEA) == ["lake", "sea"]


def test_of_the_same_prompt_twice_as_many_are_done_as_are_missing(tmp_path: Path):
    ended(tmp_path, LAKE, "lake-1")
    assert left(tmp_path, LAKE, LAKE) == ["lake"]
    ended(tmp_path, LAKE, "lake-2")
    assert left(tmp_path, LAKE, LAKE) == []


def test_lines_that_are_cut_off_or_none_of_ours_harm_nothing(tmp_path: Path):
    assert left(tmp_path / "nowhere", LAKE) == ["lake"]
    ended(tmp_path, LAKE, "lake-1")
    with (tmp_path / NAME).open("ab") as kept:
        kept.write(b'[]\n{"sha256": 7}\n\xff\n' + json.dumps({"folder": "\0"}).encode() + b'\n{"sha256": "ab')
    assert left(tmp_path, LAKE, SEA) == ["sea"]


def test_what_is_noted_after_a_line_that_was_cut_off_counts(tmp_path: Path):
    (tmp_path / NAME).write_bytes(b'{"sha256": "ab')
    ended(tmp_path, LAKE, "lake-1")
    ended(tmp_path, SEA, "sea-1")
    assert left(tmp_path, LAKE, SEA) == []
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 3
