"""What people said of pictures: a CSV with a head. Pure.

`key` names a picture as the outbox does, at least by its job and file name; `picture` by its file name, `prompt` then
says of which prompt. `good` is yes or no. Where several people labelled one picture, more than half of them decide.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.errors import CannotGoOn
from chalicelib.text.tables import cells_of

YES, NO = ("yes", "y", "1", "true", "good"), ("no", "n", "0", "false", "bad")


@dataclass(frozen=True)
class Label:
    """One row: the picture as it was named, the prompt if it was given, and what was said."""

    line: int
    picture: str
    prompt: str | None
    good: bool


def read_labels(text: str, name: str) -> list[Label]:
    """Every row. Raises CannotGoOn."""
    reader = cells_of(text.removeprefix("\ufeff"))
    try:
        head = [cell.strip().casefold() for cell in next(reader, [])]
        if "good" not in head or not {"key", "picture"} & set(head):
            raise CannotGoOn(f"{name}: the head must name the columns key (or picture and prompt) and good")
        labels = list(_rows(reader, head, name))
    except csv.Error as error:
        raise CannotGoOn(
            f"{name}, line {reader.line_num}: no table: {error}; write it as UTF-8 with commas or semicolons"
        ) from None
    if not labels:
        raise CannotGoOn(f"{name}: no picture is labelled in it")
    return labels


def _rows(reader: Iterator[list[str]], head: list[str], name: str) -> Iterator[Label]:
    for line, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        picture, good = row.get("key") or row.get("picture"), row.get("good", "").casefold()
        if not picture:
            raise CannotGoOn(f"{name}, row {line}: no picture is named in it")
        if good not in (*YES, *NO):
            raise CannotGoOn(f"{name}, row {line}: good is {row.get('good', '')[:50]!r}; write yes or no, 1 or 0")
        yield Label(line, picture, row.get("prompt") or None, good in YES)
