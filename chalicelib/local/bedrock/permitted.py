"""Checks of a Converse request against what a model takes, in the words that are reported for each refusal.

Types and unknown keys of the request itself are checked by botocore before it is sent; what is checked here is what
only the service knows.
"""

import json
from collections.abc import Mapping
from typing import Any

from .catalogue import Able
from .refusal import by_model, invalid, malformed


def check_sampling(body: Mapping[str, Any], able: Able) -> None:
    """Temperature, topP, topK and maxTokens."""
    given = body.get("inferenceConfig", {})
    for key, plain in (("temperature", "temperature"), ("topP", "top_p")):
        if key in given and not 0 <= given[key] <= 1:
            raise invalid(f"Value {given[key]!r} at 'inferenceConfig.{key}' failed to satisfy constraint: 0 to 1")
        if key in given and able.sampling == "none":
            raise by_model(f"`{plain}` is deprecated for this model.")
    if able.sampling == "one" and "temperature" in given and "topP" in given:
        raise by_model("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    tokens = given.get("maxTokens", 1)
    if tokens < 1:
        raise invalid(f"Value {tokens!r} at 'inferenceConfig.maxTokens' failed to satisfy constraint: at least 1")
    if tokens > able.max_tokens:
        raise invalid(
            f"The maximum tokens you requested exceeds the model limit of {able.max_tokens}. Try again with a maximum "
            f"tokens value that is lower than {able.max_tokens}."
        )
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
        raise by_model("`top_k` is deprecated for this model.")
    inner = given
    for key in able.top_k_field or ("",):
        for other in inner if isinstance(inner, dict) else ():
            if other != key:
                raise malformed(f"#/additionalModelRequestFields: extraneous key [{other}] is not permitted")
        inner = inner.get(key, {}) if isinstance(inner, dict) else {}
    if not isinstance(inner, int) or isinstance(inner, bool) or not 0 <= inner <= able.top_k_max:
        raise malformed(f"#/{'/'.join(able.top_k_field)}: {inner!r} is not within 0 and {able.top_k_max}")


def check_tools(body: Mapping[str, Any], able: Able) -> str | None:
    """The name of the tool that will be called, if any; raises Refusal for a choice the model does not take."""
    configuration = body.get("toolConfig")
    if configuration is None:
        return None
    tools = {tool["toolSpec"]["name"]: tool["toolSpec"]["inputSchema"]["json"] for tool in configuration["tools"]}
    place = "toolConfig.tools.0.toolSpec.inputSchema.json"
    for name, schema in tools.items():
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise invalid(f"The value at {place}.type must be object (tool {name}).")
        extra = sorted(set(schema) - {"type", "properties", "required"})
        if able.plain_tool_schema and extra:
            raise malformed(f"#/{place.replace('.', '/')}: extraneous key [{extra[0]}] is not permitted")
    choice = configuration.get("toolChoice", {"auto": {}})
    if not able.forced_tools and "auto" not in choice:
        raise by_model('tool_choice: type "tool" and "any" are not supported for this model')
    name = str(choice.get("tool", {}).get("name", next(iter(tools))))
    if name not in tools:
        raise invalid(f"The toolChoice names a tool that is not in the toolConfig: {name}.")
    return name


def check_schema(body: Mapping[str, Any], able: Able) -> bool:
    """Whether the answer is bound to a JSON schema; raises Refusal where the model has no such thing."""
    wanted = body.get("outputConfig", {}).get("textFormat")
    if wanted is None:
        return False
    if not able.schema:
        raise invalid("This model doesn't support the outputConfig.textFormat field. Remove it and try again.")
    try:
        schema = json.loads(wanted["structure"]["jsonSchema"]["schema"])
    except (KeyError, TypeError, ValueError):
        raise invalid("The JSON schema at outputConfig.textFormat.structure.jsonSchema.schema is not valid.") from None
    _check_closed(schema, "schema")
    return True


def _check_closed(schema: Any, path: str) -> None:
    if isinstance(schema, dict) and schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        told = "For 'object' type, 'additionalProperties' must be explicitly set to false"
        raise by_model(f"output_config.format.{path}: {told}")
    inside = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for key, inner in inside:
        _check_closed(inner, f"{path}.{key}")
