"""A table's cells and `name=value` as typed values: words where a field takes words, else what JSON makes of them.

Pure. Whether a value is legal is the request's to say.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.errors import CannotGoOn, Refused
from chalicelib.job.request import Request, parse_request, unknown_field
from chalicelib.text.tables import cells_of

WORDS = ("prompt", "negative_prompt", "output_s3_bucket_name", "output_s3_key_prefix")
LISTS = ("requirements", "image_models", "vision_models")


def read_table(text: str) -> Iterator[tuple[int, Any]]:
    """Each row's first line and its fields, empty cells left out; a row of another width is a Refused in its place.

    Raises Refused for a head that names no prompt, a field twice, or an unknown one.
    """
    reader = cells_of(text)
    try:
        head = _without_blank_ends([name.strip() for name in next(reader, [])])
        _check_head(head)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, _fields(head, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(
            f"no table: {error} in line {reader.line_num}; write it as UTF-8 with commas or semicolons"
        ) from None


def names_fields(line: str) -> bool:
    """Whether this is a table's first line, and not a prompt: one of its cells is `prompt`, and nothing else."""
    try:
        return "prompt" in [cell.strip() for cell in next(cells_of(line), [])]
    except csv.Error:
        return False


def read_settings(settings: Sequence[str]) -> dict[str, Any]:
    """The fields of `name=value` entries. Raises CannotGoOn."""
    given: dict[str, Any] = {}
    for entry in settings:
        name, equals, words = entry.partition("=")
        if not equals:
            raise CannotGoOn(f"--set {entry}: write name=value, as in --set max_retry_attempts=3")
        if name == "prompt":
            raise CannotGoOn(f"--set {entry}: the prompts are what is named without it; --set is for all other fields")
        if name not in Request.model_fields:
            raise CannotGoOn(f"--set {entry}: {unknown_field(name)}")
        given[name] = typed(name, words)
    if given:
        try:
            parse_request(json.dumps({"prompt": "any", **given}).encode())
        except Refused as error:
            raise CannotGoOn(f"--set {error.error}") from None
    return given


def typed(name: str, words: str) -> Any:
    """What a field takes from these words; a list may be JSON, or have semicolons between its entries."""
    if name in WORDS:
        return words
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        if name in LISTS:
            return [entry.strip() for entry in words.split(";") if entry.strip()]
        return words


def _without_blank_ends(cells: list[str]) -> list[str]:
    """Without the empty columns that a spreadsheet writes at the right."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _check_head(head: Sequence[str]) -> None:
    if "prompt" not in head:
        named = ", ".join(head)[:200]
        raise Refused(
            f"no column 'prompt'; the first line names the fields, prompt at least; it is {named!r}", "prompt"
        )
    for name in head:
        if name not in Request.model_fields:
            raise Refused(f"the column {unknown_field(name)}", name)
        if head.count(name) > 1:
            raise Refused(f"the column {name!r} comes twice; keep one of them", name)


def _fields(head: Sequence[str], cells: list[str]) -> Mapping[str, Any] | Refused:
    cells = _without_blank_ends(cells)
    if len(cells) > len(head):
        return Refused(
            f"{len(cells)} cells came for {len(head)} columns; put a cell with the separator in it in double quotes"
        )
    return {name: typed(name, cell) for name, cell in zip(head, cells, strict=False) if cell.strip()}
