"""Filling {names} into the documents kept in .chalice/. Pure: values in, values out.

A document is read as JSON or YAML first and filled afterwards, so that no value can break out of its place.
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.deploy.errors import CannotDeploy

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def render(document: Any, names: Mapping[str, Any]) -> Any:
    """The document with every `{name}` replaced.

    A string that is nothing but a placeholder becomes the value itself (a number, a list); a list inside a list is
    spliced into it. Raises CannotDeploy for a name that has no value.
    """
    if isinstance(document, str):
        return _string(document, names)
    if isinstance(document, Mapping):
        return {key: render(value, names) for key, value in document.items()}
    if isinstance(document, list):
        return _list(document, names)
    return document


def _list(document: list[Any], names: Mapping[str, Any]) -> list[Any]:
    filled: list[Any] = []
    for element in document:
        value = render(element, names)
        spliced = isinstance(element, str) and isinstance(value, list)
        filled.extend(value if spliced else [value])
    return filled


def _string(text: str, names: Mapping[str, Any]) -> Any:
    whole = PLACEHOLDER.fullmatch(text)
    if whole:
        return _value(whole, names)
    return PLACEHOLDER.sub(lambda match: str(_value(match, names)), text)


def _value(match: re.Match[str], names: Mapping[str, Any]) -> Any:
    name = match[1]
    if name not in names:
        known = ", ".join(f"{{{known}}}" for known in sorted(names))
        raise CannotDeploy(f"{match[0]} has no value here; known are {known}.", "Correct it in .chalice/.")
    return names[name]
