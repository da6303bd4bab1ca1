"""JSON as strict as money deserves: what Python's reader lets through is refused here, with the place named.

Python takes NaN and Infinity, lets the last duplicate key win, raises RecursionError on deep nesting and lets lone
surrogates pass (json module documentation, 2026-11). This module must not know what the JSON is for.
"""

import json
from typing import Any, NoReturn

from chalicelib.characters import cleaned
from chalicelib.errors import Refused

NESTING = 16
DIGITS = 32


def read_json(data: bytes, limit: int) -> Any:
    """The value of a UTF-8 text (with or without BOM) of at most `limit` bytes. Raises Refused."""
    if len(data) > limit:
        raise Refused(f"more than {limit:,} bytes came; at most {limit:,} are allowed: shorten it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8: byte {error.start} is {data[error.start]:#04x}; save the file as UTF-8") from None
    if not text.strip():
        raise Refused('nothing came; a JSON object is needed, at least {"prompt": "…"}')
    _bound_nesting(text)
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_int=_integer, parse_float=_number, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise Refused(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    _no_lone_surrogates(text, value)
    return value


def _bound_nesting(text: str) -> None:
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > NESTING:
                raise Refused(f"nested more than {NESTING} deep; a prompt file is a flat object")
        elif character in "]}":
            depth -= 1


def _no_constant(name: str) -> NoReturn:
    raise Refused(f"{name} is no JSON number; give a finite number")


def _integer(digits: str) -> int:
    _bound_digits(digits)
    return int(digits)


def _number(digits: str) -> float:
    _bound_digits(digits)
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise Refused(f"{digits} is larger than any number a setting takes")
    return number


def _bound_digits(digits: str) -> None:
    if len(digits) > DIGITS:
        raise Refused(f"a number of {len(digits):,} characters came; at most {DIGITS} are allowed")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise Refused(f"{name[:200]!r} is given twice; keep one of them", field=cleaned(name[:200]))
        result[name] = value
    return result


def _no_lone_surrogates(text: str, value: Any) -> None:
    if "\\u" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused("an escape such as \\ud800 stands for half a character; write the character itself") from None
