"""A stage worked out from .chalice/config.json, or a sentence that says which key of it to change. Pure."""

from collections.abc import Mapping
from typing import Any

from chalicelib.deploy import own_keys
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.rendering import render
from chalicelib.deploy.stage import HANDLERS, Caller, Stage, caller_names
from chalicelib.errors import SettingsError
from chalicelib.settings import Settings

SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 30, 840  # seconds; an attempt asks for 25 before it pays, Lambda ends at 900


def resolve(config: Mapping[str, Any], name: str, caller: Caller) -> Stage:
    """The stage `name` of a config.json for this account and region. Raises CannotDeploy."""
    stages = config.get("stages", {})
    if name not in stages:
        known = ", ".join(sorted(stages)) or "none"
        raise CannotDeploy(
            f"There is no stage {name!r} in .chalice/config.json; it has: {known}.",
            f"Name one of them with --stage, or add {name!r} under stages.",
        )
    own = {**config, "stages": {name: stages[name]}}
    filled = render(own, caller_names(name, caller))
    environment = {
        **filled.get("environment_variables", {}),
        **filled["stages"][name].get("environment_variables", {}),
    }
    stage = Stage(name, caller, filled, environment, _settings(environment, caller, name))
    _check_timeouts(stage)
    own_keys.check_keys(stage.output_keys, name)
    if stage.notify is not None:
        own_keys.check_address(stage.notify, f"{own_keys.NOTIFY} of stage {name}")
    return stage


def _check_timeouts(stage: Stage) -> None:
    for handler in HANDLERS:
        seconds = stage.value("lambda_timeout", handler)
        if type(seconds) is not int or not SHORTEST_TIMEOUT <= seconds <= LONGEST_TIMEOUT:
            allowed = f"{SHORTEST_TIMEOUT} to {LONGEST_TIMEOUT} seconds are allowed"
            raise CannotDeploy(
                f"Stage {stage.name}: lambda_timeout of {handler} is {seconds!r}; {allowed}: with less, an attempt has "
                "no time to wait for its image and is put off for ever.",
                "Set 300 in .chalice/config.json, then run this again.",
            )


def _settings(environment: Mapping[str, str], caller: Caller, stage: str) -> Settings:
    try:
        return Settings.from_environment({**environment, "AWS_REGION": caller.region})
    except SettingsError as error:
        raise CannotDeploy(f"Stage {stage}: {error}.", "Correct it, then run this again.") from None
