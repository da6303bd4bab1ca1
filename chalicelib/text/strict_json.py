"""JSON as strict as money deserves: what Python's reader lets through is refused here, with the place named.

Python takes NaN and Infinity, lets the last duplicate key win, raises RecursionError on deep nesting and lets lone
surrogates pass (json module documentation, 2026-11). This module must not know what the JSON is for.
"""

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import Refused, WrongValue
from chalicelib.text.characters import cleaned

NESTING = 16
DIGITS = 32  # of a whole number
CHARACTERS = 1_100  # of any other: the longest double, written out exactly as some programs do, has 1,077
HALF = re.compile("[\ud800-\udfff]")
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)  # one that is never closed goes to the end
BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class _Wrong:
    """Stands in a value's place until the name it belongs to is known."""

    why: str


def read_json(data: bytes, limit: int) -> Any:
    """The value of a UTF-8 text (with or without BOM) of at most `limit` bytes. Raises Refused."""
    if len(data) > limit:
        raise Refused(f"more than {limit:,} bytes came; at most {limit:,} are allowed: shorten it")
    text = text_of(data)
    if not text.strip():
        raise Refused('nothing came; a JSON object is needed, at least {"prompt": "…"}')
    _bound_nesting(text)
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_int=_integer, parse_float=_number, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise Refused(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    _whole(value)
    return value


def text_of(data: bytes) -> str:
    """UTF-8, with or without BOM. Raises Refused."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8: byte {error.start} is {data[error.start]:#04x}; save the file as UTF-8") from None


def begins_with(data: bytes, sign: bytes) -> bool:
    """Whether a text of which nothing is known yet begins so, its BOM and blanks passed over."""
    return data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(sign)


def _bound_nesting(text: str) -> None:
    depth = 0
    for bracket in BRACKET.findall(STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > NESTING:
            raise Refused(f"nested more than {NESTING} deep; a prompt file is a flat object")


def _no_constant(name: str) -> _Wrong:
    return _Wrong(f"{name} came, which is no JSON number; give a finite number")


def _integer(digits: str) -> int | _Wrong:
    return int(digits) if len(digits) <= DIGITS else _too_long(digits, DIGITS)


def _number(digits: str) -> float | _Wrong:
    if len(digits) > CHARACTERS:
        return _too_long(digits, CHARACTERS)
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        return _Wrong(f"{digits[:40]} came, which is larger than any number a setting takes; give a smaller one")
    return number


def _too_long(digits: str, most: int) -> _Wrong:
    return _Wrong(f"{digits[:40]}… came, a number of {len(digits):,} characters; give at most {most:,}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise Refused(f"{name[:200]!r} is given twice; keep one of them", field=cleaned(name[:200]))
        result[name] = value
    return result


def _whole(value: Any) -> None:
    """Raise WrongValue for what may not be there, named by the object's own field however deep it lies."""
    if not isinstance(value, dict):
        if why := _wrong(value):
            raise WrongValue(why)
        return
    for name, member in value.items():
        if why := _wrong([name, member]):
            field = cleaned(name[:200])
            raise WrongValue(f"{field}: {why}", field)


def _wrong(value: Any) -> str | None:
    match value:
        case _Wrong():
            return value.why
        case str() if HALF.search(value):
            return "an escape such as \\ud800 came, which stands for half a character; write the character itself"
        case list():
            return next(filter(None, map(_wrong, value)), None)
        case dict():
            return _wrong([*value, *value.values()])
    return None
