"""Keys of .chalice/config.json that Chalice would silently ignore, found before they do harm. Pure.

Chalice looks keys up by name and never reports one it does not know (chalice 1.34, chalice/config.py): a misspelt
`lambda_timeout` deploys with 60 seconds. A test compares the sets below with what Chalice's source looks up.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.deploy import own_keys

PER_FUNCTION = frozenset(
    {
        "autogen_policy",
        "iam_policy_file",
        "iam_role_arn",
        "lambda_memory_size",
        "lambda_timeout",
        "layers",
        "log_retention_in_days",
        "manage_iam_role",
        "reserved_concurrency",
        "security_group_ids",
        "subnet_ids",
        "xray",
    }
)
PER_STAGE = PER_FUNCTION | {
    "api_gateway_custom_domain",
    "api_gateway_endpoint_type",
    "api_gateway_endpoint_vpce",
    "api_gateway_policy_file",
    "api_gateway_stage",
    "automatic_layer",
    "environment_variables",
    "lambda_architecture",
    "lambda_functions",
    "minimum_compression_size",
    "tags",
    "websocket_api_custom_domain",
}
TOP = PER_STAGE | {"app_name", "profile", "stages", "version"}
PER_STAGE_AND_FUNCTION = PER_FUNCTION | {"environment_variables", "tags"}


def ignored_keys(config: Mapping[str, Any], functions: Iterable[str], settings: Iterable[str]) -> list[str]:
    """A sentence for every key without effect; `functions` are the handlers' names, `settings` the variables' names.

    A variable that resembles a setting counts as a slip; one that resembles none is left alone (AWS_…, PYTHON…).
    """
    functions, settings = frozenset(functions), frozenset(settings)
    stages = _mappings(config, "stages").items()
    levels = [("", config, TOP, PER_FUNCTION)]
    levels += [(f"stages.{name}.", stage, PER_STAGE, PER_STAGE_AND_FUNCTION) for name, stage in stages]
    found: list[str] = []
    for path, level, known, of_function in levels:
        own = _mappings(level, "lambda_functions")
        slips = [name for name in level.get("environment_variables", {}) if _nearest(name, settings)]
        found += _ignored(level, known | own_keys.KEYS, path)
        found += _ignored(own, functions, f"{path}lambda_functions.")
        for name, function in own.items():
            found += _ignored(function, of_function, f"{path}lambda_functions.{name}.")
        found += _ignored(slips, settings, f"{path}environment_variables.")
    return found


def _ignored(keys: Iterable[str], known: frozenset[str], path: str) -> Iterator[str]:
    """With where it stands (`stages.dev.lambda_timout`), and the nearest that would have an effect."""
    for key in keys:
        if key not in known:
            nearest = _nearest(key, known)
            hint = f"; did you mean {nearest}?" if nearest else ""
            yield f"{path}{key} in .chalice/config.json would be ignored{hint}"


def _mappings(level: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Any]]:
    return {name: value for name, value in level.get(key, {}).items() if isinstance(value, Mapping)}


def _nearest(key: str, known: Iterable[str]) -> str | None:
    folded = {name.casefold(): name for name in sorted(known)}
    return next((folded[near] for near in difflib.get_close_matches(key.casefold(), folded, n=1, cutoff=0.75)), None)
