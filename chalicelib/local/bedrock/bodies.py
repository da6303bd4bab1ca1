"""Strict checks of a request body against a model's schema, in the words of the validator that Bedrock uses.

Only the rules that image models need. Two differences from a lenient reader are on purpose: `true` is no number, and
NaN, Infinity and duplicate keys are no JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .refusal import malformed, refused

_NAMES = {type(None): "Null", bool: "Boolean", int: "Integer", float: "BigDecimal", str: "String", dict: "JSONObject"}


@dataclass(frozen=True)
class Rule:
    """What a value must be: `kind` str, int or float, limits included (of a text its length), or one of `allowed`."""

    kind: type
    lowest: float = 0
    highest: float = float("inf")
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """An object with these keys and no others."""

    rules: Mapping[str, "Rule | Shape"]
    required: tuple[str, ...] = ()


def parse(raw: bytes) -> Any:
    """The JSON of a body; raises Refusal."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise refused("no_json") from None


def check(value: Any, rule: Rule | Shape, at: str = "#") -> None:
    """Raises Refusal for the first thing that breaks the rule, naming it by its pointer."""
    kinds = {str: str, int: int, float: int | float}
    wanted = {str: "String", int: "Integer", float: "Number"}
    if isinstance(rule, Shape):
        _check_shape(value, rule, at)
    elif not isinstance(value, kinds[rule.kind]) or isinstance(value, bool):
        raise malformed(f"{at}: expected type: {wanted[rule.kind]}, found: {_name(value)}")
    elif isinstance(value, str):
        for word, wrong, limit in (
            ("min", len(value) < rule.lowest, rule.lowest),
            ("max", len(value) > rule.highest, rule.highest),
        ):
            if wrong:
                raise malformed(f"{at}: expected {word}Length: {limit}, actual: {len(value)}")
        if rule.allowed and value not in rule.allowed:
            raise malformed(f"{at}: {value} is not a valid enum value")
    elif value < rule.lowest:
        raise malformed(f"{at}: {value} is not greater or equal to {rule.lowest}")
    elif value > rule.highest:
        raise malformed(f"{at}: {value} is not less or equal to {rule.highest}")


def _check_shape(value: Any, rule: Shape, at: str) -> None:
    if not isinstance(value, dict):
        raise malformed(f"{at}: expected type: JSONObject, found: {_name(value)}")
    for key in rule.required:
        if key not in value:
            raise malformed(f"{at}: required key [{key}] not found")
    for key, inner in value.items():
        if key not in rule.rules:
            raise malformed(f"{at}: extraneous key [{key}] is not permitted")
        check(inner, rule.rules[key], f"{at}/{key}")


def _name(value: Any) -> str:
    return _NAMES.get(type(value), "JSONArray")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)
