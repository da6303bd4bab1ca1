"""Keys of .chalice/config.json that Chalice would silently ignore, found before they do harm. Pure.

Chalice looks keys up by name and never reports one it does not know (chalice 1.34, chalice/config.py): a misspelt
`lambda_timeout` deploys with 60 seconds. A test compares the sets below with what Chalice's source looks up.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Ignored:
    """A key that would have no effect, where it stands (`stages.dev.lambda_timout`), and the nearest that would."""

    path: str
    nearest: str | None

    def __str__(self) -> str:
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        return f"{self.path} in .chalice/config.json would be ignored{hint}"


def ignored_keys(config: Mapping[str, Any], functions: Iterable[str], settings: Iterable[str]) -> list[Ignored]:
    """Every key without effect; `functions` are the handlers' names, `settings` the environment variables' names.

    A variable that resembles a setting counts as a slip; one that resembles none is left alone (AWS_…, PYTHON…).
    """
    functions, settings = tuple(functions), tuple(settings)
    return [
        *_level(config, TOP | own_keys.KEYS, ""),
        *_functions(config, "", PER_FUNCTION, functions),
        *_variables(config, "", settings),
        *(
            ignored
            for name, stage in _mappings(config, "stages")
            for ignored in (
                *_level(stage, PER_STAGE | own_keys.KEYS, f"stages.{name}."),
                *_functions(stage, f"stages.{name}.", PER_STAGE_AND_FUNCTION, functions),
                *_variables(stage, f"stages.{name}.", settings),
            )
        ),
    ]


def _level(level: Mapping[str, Any], known: Iterable[str], path: str) -> Iterator[Ignored]:
    known = frozenset(known)
    for key in level:
        if key not in known:
            yield Ignored(path + key, _nearest(key, known))


def _functions(
    level: Mapping[str, Any], path: str, known: frozenset[str], functions: tuple[str, ...]
) -> Iterator[Ignored]:
    yield from _level(dict(_mappings(level, "lambda_functions")), functions, f"{path}lambda_functions.")
    for name, function in _mappings(level, "lambda_functions"):
        yield from _level(function, known, f"{path}lambda_functions.{name}.")


def _variables(level: Mapping[str, Any], path: str, settings: tuple[str, ...]) -> Iterator[Ignored]:
    for name in level.get("environment_variables", {}):
        nearest = _nearest(name.upper(), settings)
        if name not in settings and nearest:
            yield Ignored(f"{path}environment_variables.{name}", nearest)


def _mappings(level: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, value) for name, value in level.get(key, {}).items() if isinstance(value, Mapping)]


def _nearest(key: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.75)), None)
