"""Prompts in every form: each row a prompt file of its own, and a bad one refused alone, with its place."""

import json
from typing import Any

import pytest

from chalicelib.errors import CannotGoOn
from chalicelib.prompts.cells import read_settings
from chalicelib.prompts.rows import Form, RefusedRow, Row, form_of_a_pipe, rows


def read(form: Form, text: str, **given: Any) -> list[Row | RefusedRow]:
    return list(rows("file", "file", form, text.encode(), given))


def told(found: list[Row | RefusedRow]) -> list[Any]:
    """Each row as its line and its fields, or its line and the field at fault."""
    return [(row.line, json.loads(row.body) if isinstance(row, Row) else row.field) for row in found]


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (Form.LINES, "a fox\r\n\n 夜景 \n", [(1, {"prompt": "a fox"}), (3, {"prompt": "夜景"})]),
        (Form.JSON_LINES, '{"prompt": "a"}\n\n"b"\n', [(1, {"prompt": "a"}), (3, {"prompt": "b"})]),
        (Form.JSON_LINES, '{"prompt": "a"}\n{"promt": "b"}\n', [(1, {"prompt": "a"}), (2, "promt")]),
        (
            Form.JSON_LINES,
            '{\n{"prompt": "a", "prompt": "b"}\n7\n"c"',
            [(1, None), (2, "prompt"), (3, None), (4, {"prompt": "c"})],
        ),
        (Form.OBJECT, '\ufeff[{"prompt": "a"},\n "b"\n]', [(1, {"prompt": "a"}), (2, {"prompt": "b"})]),
        (Form.OBJECT, '[{"prompt": NaN},\n {"prompt": "b"}]', [(1, "prompt"), (2, {"prompt": "b"})]),
        (Form.OBJECT, '[{"prompt": "a"}\n {"prompt": "b"}]', [(None, None)]),
        (Form.OBJECT, '["a", ]', [(None, None)]),
        (Form.OBJECT, '["a"', [(None, None)]),
        (Form.OBJECT, "[" * 100_000, [(None, None)]),
        (
            Form.TABLE,
            'prompt,nova_canvas_seed\n"a, b",7\n"two\nlines",\nc,x\n',
            [(2, {"prompt": "a, b", "nova_canvas_seed": 7}), (3, {"prompt": "two\nlines"}), (5, "nova_canvas_seed")],
        ),
        (
            Form.TABLE,
            'prompt,requirements\na,one; two\nb,"[""x""]"\nc,d,e\n',
            [
                (2, {"prompt": "a", "requirements": ["one", "two"]}),
                (3, {"prompt": "b", "requirements": ["x"]}),
                (4, None),
            ],
        ),
        (
            Form.TABLE,
            'nova_canvas_seed;prompt;requirements\r\n7;a, b;"one; two"\r\n;c;\r\n',
            [(2, {"nova_canvas_seed": 7, "prompt": "a, b", "requirements": ["one", "two"]}), (3, {"prompt": "c"})],
        ),
        (Form.TABLE, '"prompt"\t"nova_canvas_seed"\na\t7\n', [(2, {"prompt": "a", "nova_canvas_seed": 7})]),
        (Form.TABLE, "prompt\na; b\n", [(2, {"prompt": "a; b"})]),
        (
            Form.TABLE,
            "prompt,negative_prompt,,\na,b,,\nc,,,d\n",
            [(2, {"prompt": "a", "negative_prompt": "b"}), (3, None)],
        ),
        (Form.TABLE, "prompt,,negative_prompt\na,,b\n", [(None, "")]),
        (Form.TABLE, "prompt,promt\na,b\n", [(None, "promt")]),
        (
            Form.TABLE,
            '\ufeffprompt;requirements\r\n"a; b, c\r\nd";"one;two"\r\n;\r\ne;\r\n',
            [(2, {"prompt": "a; b, c\r\nd", "requirements": ["one", "two"]}), (5, {"prompt": "e"})],
        ),
        (Form.TABLE, "prompt\tnova_canvas_seed\na, b; c\t7\n", [(2, {"prompt": "a, b; c", "nova_canvas_seed": 7})]),
        (Form.TABLE, "text\na\n", [(None, "prompt")]),
        (Form.LINES, "\n\n", [(None, None)]),
    ],
)
def test_each_row_is_a_prompt_or_a_refusal_with_its_line_and_field(form: Form, text: str, expected: Any) -> None:
    assert told(read(form, text)) == expected


def test_rows_are_named_by_file_and_number_so_that_they_sort() -> None:
    found = read(Form.LINES, "\n".join(f"prompt {number}" for number in range(10)))
    names = [row.name for row in found if isinstance(row, Row)]
    assert (names[0], names[9], names == sorted(names)) == ("file-01", "file-10", True)


def test_a_file_of_one_object_is_passed_on_as_it_is_whatever_it_holds() -> None:
    for text in ('{"prompt": "a",}', "{", '{"promt": 1}', ""):
        assert read(Form.OBJECT, text) == [Row("file", None, "file", text.encode())]


def test_what_is_set_for_all_stands_in_every_row() -> None:
    for form, text in ((Form.OBJECT, '{"prompt": "a"}'), (Form.LINES, "a"), (Form.OBJECT, '["a"]')):
        (row,) = read(form, text, nova_canvas_seed=3)
        assert isinstance(row, Row)
        assert json.loads(row.body) == {"prompt": "a", "nova_canvas_seed": 3}


def test_a_first_line_without_a_prompt_is_told_as_it_stands() -> None:
    [row] = read(Form.TABLE, "Prompt;Seed\na;1\n")
    assert str(row).endswith(
        "no column 'prompt'; the first line names the fields, prompt at least; it is 'Prompt, Seed'"
    )


def test_bytes_that_are_no_utf_8_are_refused_with_their_place() -> None:
    (row,) = rows("file", "file", Form.LINES, b"ab\xff", {})
    assert str(row) == "file: not UTF-8: byte 2 is 0xff; save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a fox\na cat", Form.LINES),
        ('{"prompt": "a"}\n{"prompt": "b"}', Form.JSON_LINES),
        ('{"prompt":\n "a"}', Form.OBJECT),
        ('["a"]', Form.OBJECT),
        ("prompt,max_retry_attempts\na fox,3\n", Form.TABLE),
        ('\ufeffmax_retry_attempts;"prompt"\r\n3;a fox\r\n', Form.TABLE),
        ("prompt\na fox", Form.TABLE),
        ("a prompt, and a fox\na cat", Form.LINES),
        ('"a fox\nprompt', Form.LINES),
    ],
)
def test_what_comes_through_a_pipe_is_known_by_its_beginning(text: str, form: Form) -> None:
    assert form_of_a_pipe(text.encode()) is form


def test_settings_are_typed_by_their_field() -> None:
    given = read_settings(["max_retry_attempts=3", "negative_prompt=7", "requirements=a; b"])
    assert given == {"max_retry_attempts": 3, "negative_prompt": "7", "requirements": ["a", "b"]}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("max_retry_attempts", "write name=value"),
        ("max_retry_attempt=3", "did you mean 'max_retry_attempts'"),
        ("seed=7", "did you mean 'nova_canvas_seed'"),
        ("max_retry_attempts=many", 'max_retry_attempts: "many" came'),
        ("prompt=a cat", "the prompts are what is named without it"),
    ],
)
def test_a_setting_that_no_prompt_takes_is_refused_before_anything_starts(entry: str, said: str) -> None:
    with pytest.raises(CannotGoOn, match=said):
        read_settings([entry])
