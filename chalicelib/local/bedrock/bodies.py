"""Strict checks of a request body against a model's schema, in the words of the validator that Bedrock uses.

Only the rules that image models need. Two differences from a lenient reader are on purpose: `true` is no number, and
NaN, Infinity and duplicate keys are no JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .refusal import invalid, malformed


@dataclass(frozen=True)
class Text:
    """A string; lengths in characters."""

    shortest: int = 0
    longest: int | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole:
    """An integer, limits included."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class Real:
    """A number, limits included."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class Shape:
    """An object with these keys and no others."""

    rules: Mapping[str, "Rule"]
    required: tuple[str, ...] = ()


Rule = Text | Whole | Real | Shape


def parse(raw: bytes) -> Any:
    """The JSON of a body; raises Refusal."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise invalid("The provided request body is not valid JSON.") from None


def check(value: Any, rule: Rule, pointer: str = "#") -> None:
    """Raises Refusal for the first thing that breaks the rule, naming it by its pointer."""
    match rule:
        case Text():
            _check_text(value, rule, pointer)
        case Whole():
            if not isinstance(value, int) or isinstance(value, bool):
                raise malformed(f"{pointer}: expected type: Integer, found: {_type(value)}")
            _check_limits(value, rule.lowest, rule.highest, pointer)
        case Real():
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise malformed(f"{pointer}: expected type: Number, found: {_type(value)}")
            _check_limits(value, rule.lowest, rule.highest, pointer)
        case Shape():
            _check_shape(value, rule, pointer)


def _check_shape(value: Any, rule: Shape, pointer: str) -> None:
    if not isinstance(value, dict):
        raise malformed(f"{pointer}: expected type: JSONObject, found: {_type(value)}")
    for key in rule.required:
        if key not in value:
            raise malformed(f"{pointer}: required key [{key}] not found")
    for key, inner in value.items():
        if key not in rule.rules:
            raise malformed(f"{pointer}: extraneous key [{key}] is not permitted")
        check(inner, rule.rules[key], f"{pointer}/{key}")


def _check_text(value: Any, rule: Text, pointer: str) -> None:
    if not isinstance(value, str):
        raise malformed(f"{pointer}: expected type: String, found: {_type(value)}")
    if len(value) < rule.shortest:
        raise malformed(f"{pointer}: expected minLength: {rule.shortest}, actual: {len(value)}")
    if rule.longest is not None and len(value) > rule.longest:
        raise malformed(f"{pointer}: expected maxLength: {rule.longest}, actual: {len(value)}")
    if rule.allowed and value not in rule.allowed:
        raise malformed(f"{pointer}: {value} is not a valid enum value")


def _check_limits(value: float, lowest: float, highest: float, pointer: str) -> None:
    if value < lowest:
        raise malformed(f"{pointer}: {value} is not greater or equal to {lowest}")
    if value > highest:
        raise malformed(f"{pointer}: {value} is not less or equal to {highest}")


def _type(value: Any) -> str:
    names = {
        type(None): "Null",
        bool: "Boolean",
        int: "Integer",
        float: "BigDecimal",
        str: "String",
        dict: "JSONObject",
    }
    return names.get(type(value), "JSONArray")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found
