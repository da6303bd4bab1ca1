"""A table's cells and `name=value` as typed values: words where a field takes words, else what JSON makes of them.

Pure. Whether a value is legal is the request's to say.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from chalicelib.errors import Refused, RetakeError
from chalicelib.job.request import Request, parse_request
from chalicelib.text.tables import cells_of

WORDS = ("prompt", "negative_prompt", "output_s3_bucket_name", "output_s3_key_prefix")
LISTS = ("requirements", "image_models", "vision_models")


class WrongSetting(RetakeError):
    """A `--set name=value` that no prompt can take; the message says what came and what is allowed."""


def read_table(text: str) -> Iterator[tuple[int, Any]]:
    """Each row's first line and its fields, empty cells left out; a row of another width is a Refused in its place.

    Raises Refused for a head that names no prompt, a field twice, or an unknown one.
    """
    reader = cells_of(text)
    try:
        head = [name.strip() for name in next(reader, [])]
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
    """The fields of `name=value` entries. Raises WrongSetting."""
    given: dict[str, Any] = {}
    for entry in settings:
        name, equals, words = entry.partition("=")
        if not equals:
            raise WrongSetting(f"--set {entry}: write name=value, as in --set max_retry_attempts=3")
        if name == "prompt":
            raise WrongSetting(
                f"--set {entry}: the prompts are what is named without it; --set is for all other fields"
            )
        if name not in Request.model_fields:
            raise WrongSetting(f"--set {entry}: {unknown(name)}")
        given[name] = typed(name, words)
    if given:
        try:
            parse_request(json.dumps({"prompt": "any", **given}).encode())
        except Refused as error:
            raise WrongSetting(f"--set {error.error}") from None
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


def unknown(name: str) -> str:
    """That this is no field, with the nearest name."""
    near = get_close_matches(name.lower(), Request.model_fields, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(Request.model_fields)}"
    return f"{name[:200]!r} is no field of a prompt; {hint}"


def _check_head(head: Sequence[str]) -> None:
    if "prompt" not in head:
        named = ", ".join(head)[:200]
        raise Refused(
            f"no column 'prompt'; the first line names the fields, prompt at least; it is {named!r}", "prompt"
        )
    for name in head:
        if name not in Request.model_fields:
            raise Refused(f"the column {unknown(name)}", name)
        if head.count(name) > 1:
            raise Refused(f"the column {name!r} comes twice; keep one of them", name)


def _fields(head: Sequence[str], cells: Sequence[str]) -> Mapping[str, Any] | Refused:
    if len(cells) > len(head):
        return Refused(
            f"{len(cells)} cells came for {len(head)} columns; put a cell with the separator in it in double quotes"
        )
    return {name: typed(name, cell) for name, cell in zip(head, cells, strict=False) if cell.strip()}
