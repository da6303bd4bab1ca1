"""What a command line may name: texts, files, directories, a pipe; and how each is told from the others."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.errors import CannotGoOn
from chalicelib.prompts.rows import RefusedRow, Row
from chalicelib.prompts.sources import read_prompts, shown


def prompts(*named: str, pipe: bytes = b"") -> list[tuple[str, bytes]]:
    rows = read_prompts(named, lambda: pipe, {})
    assert all(isinstance(row, Row) for row in rows), rows
    return [(row.name, row.body) for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize(
    "text", ["a red fox in fresh snow", "fox", "雪の中の狐", "a fox, 16:9", "f/3.5 portrait of a fox"]
)
def test_what_is_no_file_and_no_files_name_is_a_prompt(text: str) -> None:
    [(_, body)] = prompts(text)
    assert text.encode() in body


@pytest.mark.parametrize("empty", ["", "  "])
def test_a_variable_that_is_not_set_is_no_prompt_and_not_every_file_that_lies_here(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("a lake\n")
    monkeypatch.chdir(tmp_path)
    [row] = read_prompts([empty], bytes, {})
    assert isinstance(row, RefusedRow)


@pytest.mark.parametrize("name", ["missing.json", "there/is/none.txt", "lake.csv", "lake.png", "there/none"])
def test_what_is_named_like_a_file_and_is_none_is_told(name: str) -> None:
    with pytest.raises(CannotGoOn, match="No such file"):
        read_prompts([name], bytes, {})


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A directory with a prompt file, which whoever runs this may not look into."""
    directory = tmp_path / "locked"
    directory.mkdir()
    (directory / "notes.txt").write_text("a lake\n")
    directory.chmod(0)
    if root := os.geteuid() == 0:
        os.seteuid(65_534)
    yield directory
    if root:
        os.seteuid(0)
    directory.chmod(0o700)


def test_what_may_not_be_read_is_told_and_is_no_prompt(locked: Path) -> None:
    for named in (locked, locked / "notes.txt"):
        with pytest.raises(CannotGoOn, match="Permission denied; name a file or directory that can be read"):
            read_prompts([str(named)], bytes, {})


def test_every_form_becomes_rows_named_by_file_and_row(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a lake\n\na hill\n")
    (tmp_path / "b.jsonl").write_text('{"prompt": "a lake"}\n{"prompt": "a hill"}\n')
    (tmp_path / "c.csv").write_text('prompt,max_retry_attempts\n"a lake, a hill",2\n')
    (tmp_path / "d.JSON").write_text('[{"prompt": "a lake"}, {"prompt": "a hill"}]')
    (tmp_path / "e.md").write_text("no prompt")
    names = [name for name, _ in prompts(str(tmp_path))]
    assert names == ["a-1", "a-2", "b-1", "b-2", "c-1", "d-1", "d-2"]


def test_a_bad_row_is_refused_alone_with_file_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"prompt": "a lake"}\n{"promt": "a hill"}\n')
    good, bad = read_prompts([str(tmp_path / "b.jsonl")], bytes, {})
    assert isinstance(good, Row)
    assert isinstance(bad, RefusedRow)
    assert (bad.line, bad.field) == (2, "promt")
    assert "did you mean 'prompt'" in str(bad)


@pytest.mark.parametrize(
    ("pipe", "count"),
    [
        (b"a lake\na hill\n", 2),
        (b'{"prompt": "a"}\n{"prompt": "b"}', 2),
        (b'[{"prompt": "a"}]', 1),
        (b'{"prompt": "a"}', 1),
        (b"prompt,negative_prompt\na lake,boats\na hill,\n", 2),
    ],
)
def test_a_pipe_is_lines_json_lines_an_array_one_object_or_a_table(pipe: bytes, count: int) -> None:
    assert len(prompts("-", pipe=pipe)) == count


def test_a_file_whose_name_is_an_ending_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / ".json").write_text("{}")
    with pytest.raises(CannotGoOn, match=r"/\.json: nothing stands before \.json; rename it, as in lake\.json"):
        read_prompts([str(tmp_path / ".json")], bytes, {})


def test_a_name_with_a_line_break_is_shown_as_one_line(tmp_path: Path) -> None:
    file = tmp_path / "new\nline.json"
    file.write_text('{"prompt": "a lake"}')
    [row] = read_prompts([str(file)], bytes, {})
    assert row.source.endswith(r"new\nline.json")
    assert shown("a\x1b[31mb") == r"a\x1b[31mb"
