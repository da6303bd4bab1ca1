"""Checks of a Converse request against what a model takes, in the words that are reported for each refusal.

Types and unknown keys of the request itself are checked by botocore before it is sent; what is checked here is what
only the service knows.
"""

import json
from collections.abc import Mapping
from typing import Any

from .catalogue import Able
from .refusal import refused


def check_sampling(body: Mapping[str, Any], able: Able) -> None:
    """Temperature, topP, topK and maxTokens."""
    given = body.get("inferenceConfig", {})
    for key, plain in (("temperature", "temperature"), ("topP", "top_p")):
        if key in given and not 0 <= given[key] <= 1:
            raise refused("fraction", value=given[key], key=key)
        if key in given and able.sampling == "none":
            raise refused("deprecated", key=plain)
    if able.sampling == "one" and "temperature" in given and "topP" in given:
        raise refused("one_of_two")
    tokens = given.get("maxTokens", 1)
    if tokens < 1:
        raise refused("few_tokens", value=tokens)
    if tokens > able.max_tokens:
        raise refused("many_tokens", most=able.max_tokens)
    _check_additional(body.get("additionalModelRequestFields"), able)


def top_k(body: Mapping[str, Any], able: Able) -> int | None:
    """The top-k of a request already found legal."""
    found: Any = body.get("additionalModelRequestFields") or {}
    for key in able.top_k_field:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, int) and able.top_k_field else None


def _check_additional(given: Any, able: Able) -> None:
    if not given:
        return
    if able.sampling == "none" and "top_k" in given:
        raise refused("deprecated", key="top_k")
    inner = given
    for key in able.top_k_field or ("",):
        for other in inner if isinstance(inner, dict) else ():
            if other != key:
                raise refused("extraneous", at="additionalModelRequestFields", key=other)
        inner = inner.get(key, {}) if isinstance(inner, dict) else {}
    if not isinstance(inner, int) or isinstance(inner, bool) or not 0 <= inner <= able.top_k_max:
        raise refused("top_k", at="/".join(able.top_k_field), value=inner, most=able.top_k_max)


def check_tools(body: Mapping[str, Any], able: Able) -> str | None:
    """The name of the tool that will be called, if any; raises Refusal for a choice the model does not take."""
    configuration = body.get("toolConfig")
    if configuration is None:
        return None
    tools = {tool["toolSpec"]["name"]: tool["toolSpec"]["inputSchema"]["json"] for tool in configuration["tools"]}
    for name, schema in tools.items():
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise refused("tool_object", name=name)
        extra = sorted(set(schema) - {"type", "properties", "required"})
        if able.plain_tool_schema and extra:
            raise refused("extraneous", at="toolConfig/tools/0/toolSpec/inputSchema/json", key=extra[0])
    choice = configuration.get("toolChoice", {"auto": {}})
    if not able.forced_tools and "auto" not in choice:
        raise refused("no_forced_tool")
    name = str(choice.get("tool", {}).get("name", next(iter(tools))))
    if name not in tools:
        raise refused("unknown_tool", name=name)
    return name


def check_schema(body: Mapping[str, Any], able: Able) -> bool:
    """Whether the answer is bound to a JSON schema; raises Refusal where the model has no such thing."""
    wanted = body.get("outputConfig", {}).get("textFormat")
    if wanted is None:
        return False
    if not able.schema:
        raise refused("no_schema")
    try:
        schema = json.loads(wanted["structure"]["jsonSchema"]["schema"])
    except (KeyError, TypeError, ValueError):
        raise refused("bad_schema") from None
    _check_closed(schema, "schema")
    return True


def _check_closed(schema: Any, path: str) -> None:
    if isinstance(schema, dict) and schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise refused("open_schema", at=path)
    inside = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for key, inner in inside:
        _check_closed(inner, f"{path}.{key}")
