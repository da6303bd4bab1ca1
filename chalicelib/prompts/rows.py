"""Bytes in, rows out: a prompt a line, JSON lines, a table, one object, or an array of them.

Pure, so that it serves this machine and the cloud alike; what a field may hold is the request's to say, and a bad row
is refused alone. Must not read files.
"""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from chalicelib.errors import Refused
from chalicelib.job.request import FILE_LIMIT, parse_request
from chalicelib.prompts.array import items
from chalicelib.prompts.cells import names_fields, read_table
from chalicelib.text.strict_json import begins_with, read_json, text_of

BATCH_LIMIT = 64 * 1024 * 1024  # bytes of one file with many prompts


class Form(StrEnum):
    """How prompts are written down; the value is the file's ending."""

    OBJECT = ".json"
    JSON_LINES = ".jsonl"
    TABLE = ".csv"
    LINES = ".txt"


@dataclass(frozen=True)
class Row:
    """One prompt: `line` counts from 1 (None: the whole file), `name` is what its job is named by, `body` its file."""

    source: str
    line: int | None
    name: str
    body: bytes


@dataclass(frozen=True)
class RefusedRow:
    """One that cannot be a prompt; `field` is None where the whole row is at fault.

    `received` is what came, written as JSON where it was a table's.
    """

    source: str
    line: int | None
    field: str | None
    error: str
    received: bytes = b""

    def __str__(self) -> str:
        return f"{self.source}{f', line {self.line}' if self.line else ''}: {self.error}"


def rows(
    source: str, stem: str, form: Form, data: bytes, given: Mapping[str, Any], most: int | None = None
) -> Iterator[Row | RefusedRow]:
    """Every row of one source, in order; `given` overrides fields of each. A file of one object is its own row.

    A source with more than `most` rows is refused as a whole.

    What such a file holds is left to the pipeline to judge, whose record of a refusal stays in the outbox.
    """
    if form is Form.OBJECT and not begins_with(data, b"["):
        yield Row(source, None, stem, _overridden(data, given))
        return
    try:
        found = list(islice(_values(form, data), most and most + 1))
    except Refused as error:
        yield RefusedRow(source, None, error.field, error.error)
        return
    if most and len(found) > most:
        yield RefusedRow(source, None, None, f"more than {most:,} prompts came; split the file")
        return
    if not found:
        yield RefusedRow(source, None, None, "no prompt is in it; give one a line, or a row")
    width = len(str(len(found)))
    for number, (line, value) in enumerate(found, 1):
        yield _row(source, line, f"{stem}-{number:0{width}}", value, given)


def form_of_a_pipe(data: bytes) -> Form:
    """What comes through a pipe has no ending: an array or an object, JSON lines, a table, or a prompt a line."""
    if begins_with(data, b"["):
        return Form.OBJECT
    if not begins_with(data, b"{"):
        first = data.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
        return Form.TABLE if names_fields(first.decode(errors="replace")) else Form.LINES
    try:
        json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Form.JSON_LINES
    return Form.OBJECT


def _values(form: Form, data: bytes) -> Iterator[tuple[int, Any]]:
    if len(data) > BATCH_LIMIT:
        raise Refused(f"more than {BATCH_LIMIT:,} bytes came; split the file")
    text = text_of(data)
    if form is Form.OBJECT:
        yield from items(text)
    elif form is Form.TABLE:
        yield from read_table(text)
    else:
        for line, words in enumerate(text.split("\n"), 1):
            if words.strip():
                yield line, words.strip().encode() if form is Form.JSON_LINES else words.strip()


def _row(source: str, line: int, name: str, value: Any, given: Mapping[str, Any]) -> Row | RefusedRow:
    body = value if isinstance(value, bytes) else b""
    try:
        if isinstance(value, Refused):
            raise value
        read = read_json(value, FILE_LIMIT) if isinstance(value, bytes) else value
        fields = {"prompt": read} if isinstance(read, str) else read
        together = {**fields, **given} if isinstance(fields, dict) else fields
        body = json.dumps(together, ensure_ascii=False).encode(errors="surrogatepass")
        parse_request(body)
    except Refused as error:
        return RefusedRow(source, line, error.field, error.error, body)
    return Row(source, line, name, body)


def _overridden(data: bytes, given: Mapping[str, Any]) -> bytes:
    """The object with these fields set; one that cannot be read stays as it is, and is refused where it arrives."""
    try:
        value = read_json(data, FILE_LIMIT) if given else None
    except Refused:
        return data
    return json.dumps({**value, **given}, ensure_ascii=False).encode() if isinstance(value, dict) else data
