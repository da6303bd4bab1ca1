"""What a command line names, opened: prompt texts, files, directories, and `-` for what comes through a pipe.

The only module here that reads files; what is in them is rows.py's.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib.errors import CannotGoOn
from chalicelib.prompts.rows import Form, RefusedRow, Row, form_of_a_pipe, rows

SUFFIXES = tuple(Form)
FILE_LIKE = re.compile(r"\S*(/|\.[A-Za-z][A-Za-z0-9]{1,4}$)\S*")  # one word with a slash or an ending
NAME_CHARACTERS = 40


def read_prompts(
    named: Sequence[str], pipe: Callable[[], bytes], given: Mapping[str, Any]
) -> tuple[Row | RefusedRow, ...]:
    """Every row of everything named, in order. Raises CannotGoOn."""
    return tuple(row for one in named for row in _read_one(one, pipe, given))


def shown(name: str) -> str:
    """A name as one line: what cannot be printed is escaped, as Python writes it."""
    text = os.fsencode(name).decode(errors="replace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _read_one(named: str, pipe: Callable[[], bytes], given: Mapping[str, Any]) -> Iterator[Row | RefusedRow]:
    if named == "-":
        data = pipe()
        yield from rows("standard input", "prompt", form_of_a_pipe(data), data, given)
        return
    path = Path(named)
    if _is_text(named, path):
        for row in rows(f"“{shown(named)[:NAME_CHARACTERS]}”", _name_of(named), Form.LINES, _one_line(named), given):
            yield Row(row.source, None, _name_of(named), row.body) if isinstance(row, Row) else row
        return
    for file in _files(path):
        yield from rows(shown(os.fspath(file)), file.stem, _form(file), _read(file), given)


def _is_text(named: str, path: Path) -> bool:
    if not named.strip():  # a variable that is not set; as a path it would be this directory
        return True
    try:
        there = path.exists()
    except PermissionError:  # something of that name may well be there
        return False
    except (OSError, ValueError):  # longer than a path may be, or with a null character
        return True
    return not there and not FILE_LIKE.fullmatch(named)


def _one_line(text: str) -> bytes:
    return " ".join(text.split("\n")).encode(errors="replace")


def _name_of(prompt: str) -> str:
    """A prompt's first words, as a job may be named by."""
    words = re.sub(r"[\W_]+", "-", prompt[:200]).strip("-").lower()
    return words if len(words) <= NAME_CHARACTERS else words[:NAME_CHARACTERS].rsplit("-", 1)[0]


def _files(path: Path) -> list[Path]:
    with _reading(path):
        if not stat.S_ISDIR(path.stat().st_mode) or path.suffix.lower() in SUFFIXES:
            return [path]
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file())
    if not found:
        raise CannotGoOn(f"{shown(str(path))}: no file in it ends in {', '.join(SUFFIXES)}; name another directory")
    return found


def _form(path: Path) -> Form:
    if path.name.lower() in SUFFIXES:
        suffix = path.name
        raise CannotGoOn(f"{path}: nothing stands before {suffix}; rename it, as in lake{suffix}: jobs are named so")
    if path.suffix.lower() not in SUFFIXES:
        raise CannotGoOn(
            f"{shown(str(path))}: a prompt file's name ends in {', '.join(SUFFIXES)}; rename it, or name another file"
        )
    return Form(path.suffix.lower())


def _read(path: Path) -> bytes:
    with _reading(path):
        return path.read_bytes()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotGoOn(f"{shown(str(path))}: {error.strerror}; name a file or directory that can be read") from None
