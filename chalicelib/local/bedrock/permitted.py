"""Checks of a Converse request against a model's capabilities, in the words that are reported for each refusal."""

import json
from collections.abc import Mapping
from typing import Any

from .catalogue import Able
from .refusal import Refusal, by_model, invalid, malformed

_ONE_OF_TWO = "`temperature` and `top_p` cannot both be specified for this model. Please use only one."


def check_sampling(body: Mapping[str, Any], able: Able) -> None:
    """Temperature, topP, topK, maxTokens and stop sequences."""
    given = body.get("inferenceConfig", {})
    _check_keys(given, ("maxTokens", "temperature", "topP", "stopSequences"), "inferenceConfig")
    for key in ("temperature", "topP"):
        if key in given:
            _check_fraction(given[key], key)
            if able.sampling == "none":
                raise by_model(f"`{_snake(key)}` is deprecated for this model.")
    if able.sampling == "one" and "temperature" in given and "topP" in given:
        raise by_model(_ONE_OF_TWO)
    tokens = given.get("maxTokens", 1)
    if not isinstance(tokens, int) or isinstance(tokens, bool) or tokens < 1:
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


def check_tools(body: Mapping[str, Any], able: Able) -> str | None:
    """The name of the tool that will be called, if any; raises Refusal for a choice the model does not take."""
    configuration = body.get("toolConfig")
    if configuration is None:
        return None
    _check_keys(configuration, ("tools", "toolChoice"), "toolConfig")
    tools = [tool["toolSpec"] for tool in configuration.get("tools", []) if "toolSpec" in tool]
    if not tools:
        raise invalid("The toolConfig field must define at least one tool.")
    for tool in tools:
        _check_tool(tool, able)
    choice = configuration.get("toolChoice", {"auto": {}})
    forced = "tool" in choice or "any" in choice
    if forced and not able.forced_tools:
        raise by_model('tool_choice: type "tool" and "any" are not supported for this model')
    name = choice.get("tool", {}).get("name", tools[0]["name"])
    if name not in {tool["name"] for tool in tools}:
        raise invalid(f"The toolChoice names a tool that is not in the toolConfig: {name}.")
    return str(name)


def check_schema(body: Mapping[str, Any], able: Able) -> bool:
    """Whether the answer is bound to a JSON schema; raises Refusal where the model has no such thing."""
    configuration = body.get("outputConfig")
    if configuration is None:
        return False
    _check_keys(configuration, ("textFormat", "effort"), "outputConfig")
    if "textFormat" not in configuration:
        return False
    if not able.schema:
        raise invalid("This model doesn't support the outputConfig.textFormat field. Remove it and try again.")
    try:
        schema = json.loads(configuration["textFormat"]["structure"]["jsonSchema"]["schema"])
    except (KeyError, TypeError, ValueError):
        raise invalid("The JSON schema at outputConfig.textFormat.structure.jsonSchema.schema is not valid.") from None
    _check_closed(schema, "schema")
    return True


def _check_closed(schema: Any, path: str) -> None:
    if isinstance(schema, list):
        for number, inner in enumerate(schema):
            _check_closed(inner, f"{path}.{number}")
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise by_model(
            f"output_config.format.{path}: For 'object' type, 'additionalProperties' must be explicitly set to false"
        )
    for key, inner in schema.items():
        _check_closed(inner, f"{path}.{key}")


def _check_tool(tool: Mapping[str, Any], able: Able) -> None:
    schema = tool.get("inputSchema", {}).get("json")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise invalid(
            f"The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be object (tool {tool.get('name')})."
        )
    extra = sorted(set(schema) - {"type", "properties", "required"})
    if able.plain_tool_schema and extra:
        raise malformed(f"#/toolConfig/tools/0/toolSpec/inputSchema/json: extraneous key [{extra[0]}] is not permitted")


def _check_additional(given: Any, able: Able) -> None:
    if given is None or given == {}:
        return
    if able.sampling == "none" and isinstance(given, dict) and "top_k" in given:
        raise by_model("`top_k` is deprecated for this model.")
    inner = given
    for key in able.top_k_field:
        _check_keys(inner, (key,), "additionalModelRequestFields")
        inner = inner.get(key, {}) if isinstance(inner, dict) else {}
    if not able.top_k_field:
        _check_keys(given, (), "additionalModelRequestFields")
    if not isinstance(inner, int) or isinstance(inner, bool) or not 0 <= inner <= able.top_k_max:
        raise malformed(f"#/{'/'.join(able.top_k_field)}: {inner!r} is not within 0 and {able.top_k_max}")


def _check_keys(given: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(given, dict):
        raise Refusal("ValidationException", f"Expected an object at {where}.")
    for key in given:
        if key not in known:
            raise malformed(f"#/{where}: extraneous key [{key}] is not permitted")


def _check_fraction(value: Any, key: str) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise invalid(f"Value {value!r} at 'inferenceConfig.{key}' failed to satisfy constraint: between 0 and 1")


def _snake(key: str) -> str:
    return {"topP": "top_p"}.get(key, key)
