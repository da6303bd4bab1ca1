"""config.json: every name comes from the stage, and what would have no effect is found."""

import ast
import inspect
import shutil
from pathlib import Path
from typing import Any

import chalice.config
import pytest

from chalicelib.deploy import config_keys, own_keys
from chalicelib.deploy.config_keys import ignored_keys
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.rendering import render
from chalicelib.deploy.stage import HANDLERS, Caller
from chalicelib.settings import Settings
from tests.deploy.stages import CONFIG, ROOT, config, stage

SETTINGS = [name.upper() for name in Settings.model_fields]


def ignored(given: dict[str, Any]) -> list[str]:
    return [str(one) for one in ignored_keys(given, HANDLERS, SETTINGS)]


def test_names_come_from_stage_account_and_region():
    settings = stage("prod", Caller("aws", "210987654321", "eu-west-1")).settings
    assert settings.inbox_bucket == "retake-prod-inbox-210987654321-eu-west-1"
    assert settings.outbox_bucket == "retake-prod-outbox-210987654321-eu-west-1"
    assert (settings.queue_name, settings.dead_letter_queue_name) == ("retake-prod", "retake-prod-dead-letters")
    assert settings.stage == "prod"


def test_the_longest_names_are_still_names_of_buckets():
    longest = Caller("aws", "210987654321", "ap-southeast-2")
    assert max(len(bucket) for name in CONFIG["stages"] for bucket in stage(name, longest).buckets) <= 63


def test_two_stages_of_one_account_share_no_name():
    dev, prod = stage("dev"), stage("prod")
    for one in (dev, prod):
        assert one.name in one.stack
    named = [
        {*one.buckets, one.settings.queue_name, one.settings.dead_letter_queue_name, one.stack} for one in (dev, prod)
    ]
    functions = [{one.function(handler) for handler in HANDLERS} for one in (dev, prod)]
    assert not named[0] & named[1]
    assert not functions[0] & functions[1]


def test_an_address_that_up_keeps_adds_one_line_to_the_file(tmp_path: Path):
    shutil.copytree(ROOT / ".chalice", tmp_path / ".chalice", ignore=shutil.ignore_patterns("build"))
    kept = tmp_path / ".chalice" / "config.json"
    before = kept.read_text(encoding="utf-8")
    own_keys.keep_if_changed(tmp_path, CONFIG)
    assert kept.read_text(encoding="utf-8") == before
    own_keys.keep_if_changed(tmp_path, own_keys.notifying(CONFIG, "dev", "operations@example.com"))
    after = kept.read_text(encoding="utf-8")
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert after.replace(',\n      "notify": "operations@example.com"', "") == before


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@example.com", "a@example.com,b@example.com", "@x.org"])
def test_an_address_that_is_none_is_refused_before_anything_is_done(address: str):
    with pytest.raises(CannotDeploy, match="which is no e-mail address"):
        own_keys.notifying(CONFIG, "dev", address)


def test_stages_differ_only_in_config_json():
    assert set(CONFIG["stages"]) == {"dev", "prod"}
    for own in CONFIG["stages"].values():
        assert set(own) == {"environment_variables"}


@pytest.mark.parametrize(
    ("changes", "stage_name", "sentence"),
    [
        ({}, "test", "There is no stage 'test' in .chalice/config.json; it has: dev, prod."),
        ({"IMAGE_MODELS": "amazon.nova-canvass-v1:0"}, "dev", "'amazon.nova-canvass-v1:0' is no known image model"),
        ({"QUEUE_NAME": ""}, "dev", "QUEUE_NAME: is missing. Set it under stages.<stage>.environment_variables"),
        ({"MAX_WAIT_SECONDS": "-1"}, "dev", "MAX_WAIT_SECONDS: is '-1'"),
        ({"INBOX_BUCKET": "Retake_{stage}"}, "dev", "INBOX_BUCKET: is 'Retake_dev'"),
        ({"lambda_timeout": 29}, "dev", "lambda_timeout of on_prompt is 29; 30 to 840 seconds are allowed"),
        ({"lambda_timeout": 841}, "prod", "lambda_timeout of on_prompt is 841; 30 to 840 seconds are allowed"),
        ({"lambda_timeout": "300"}, "dev", "lambda_timeout of on_prompt is '300'"),
        ({"notify": "nobody"}, "dev", "notify of stage dev is 'nobody', which is no e-mail address."),
        (
            {"output_kms_keys": ["alias/results"]},
            "dev",
            "output_kms_keys of stage dev has 'alias/results', which is no KMS key's ARN.",
        ),
        (
            {"INBOX_BUCKET": "retake-{acount}"},
            "dev",
            "{acount} has no value here; known are {account}, {region}, {stage}.",
        ),
    ],
)
def test_a_stage_that_cannot_be_says_which_key_to_change(changes: dict[str, Any], stage_name: str, sentence: str):
    with pytest.raises(CannotDeploy) as refused:
        stage(stage_name, **changes)
    assert sentence in refused.value.says
    assert refused.value.then


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (config(), []),
        (
            config(notify="operations@example.com", output_kms_keys=[]),
            [],
        ),
        (
            config(notifi="operations@example.com"),
            ["notifi in .chalice/config.json would be ignored; did you mean notify?"],
        ),
        (
            config(lambda_timout=300),
            ["lambda_timout in .chalice/config.json would be ignored; did you mean lambda_timeout?"],
        ),
        (config(memory=1), ["memory in .chalice/config.json would be ignored"]),
        (
            config(stages={"dev": {"app_name": "x"}}),
            ["stages.dev.app_name in .chalice/config.json would be ignored"],
        ),
        (
            config(stages={"dev": {"lambda_functions": {"on_promt": {}}}}),
            ["stages.dev.lambda_functions.on_promt in .chalice/config.json would be ignored; did you mean on_prompt?"],
        ),
        (
            config(lambda_functions={"on_prompt": {"environment_variables": {"STAGE": "dev"}}}),
            ["lambda_functions.on_prompt.environment_variables in .chalice/config.json would be ignored"],
        ),
        (config(stages={"dev": {"lambda_functions": {"on_prompt": {"environment_variables": {}}}}}), []),
        (
            config(stages={"dev": {"environment_variables": {"MAX_COST": "5"}}}),
            [
                "stages.dev.environment_variables.MAX_COST in .chalice/config.json would be ignored; "
                "did you mean MAX_COST_USD?"
            ],
        ),
        (config(stages={"dev": {"environment_variables": {"PYTHONWARNINGS": "error"}}}), []),
    ],
)
def test_keys_without_effect_are_found_with_the_nearest_that_has_one(given: dict[str, Any], found: list[str]):
    assert ignored(given) == found


def looked_up(function: str) -> dict[str, set[str]]:
    """The keys that chalice.config looks up by a function, and the keyword arguments each is looked up with."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(chalice.config))) if isinstance(node, ast.Call))
    return {
        call.args[0].value: {word.arg for word in call.keywords if word.arg and ast.literal_eval(word.value)}
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == function
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_known_keys_are_those_that_chalice_looks_up():
    given_in_code = {"project_dir", "chalice_app"}
    read_elsewhere = {"version", "stages", "lambda_functions"}
    found, merged = looked_up("_chain_lookup"), set(looked_up("_chain_merge"))
    assert (set(found) | merged | read_elsewhere) - given_in_code == config_keys.TOP
    per_stage = {key for key, how in found.items() if "varies_per_chalice_stage" in how}
    assert per_stage | merged | {"lambda_functions"} == config_keys.PER_STAGE
    per_function = {key for key, how in found.items() if "varies_per_function" in how}
    assert per_function == config_keys.PER_FUNCTION
    assert per_function | merged == config_keys.PER_STAGE_AND_FUNCTION


@pytest.mark.parametrize(
    ("document", "filled"),
    [
        ("{name}", "dev"),
        ("a {name} b {name}", "a dev b dev"),
        ("{count}", 3),
        ("{list}", ["x", "y"]),
        (["a", "{list}", "b"], ["a", "x", "y", "b"]),
        ([["{name}"], "{count}"], [["dev"], 3]),
        ({"{name}": {"k": "{name}"}}, {"{name}": {"k": "dev"}}),
        ('{"widgets": []}', '{"widgets": []}'),
        (5, 5),
    ],
)
def test_placeholders_are_replaced_where_they_stand(document: Any, filled: Any):
    assert render(document, {"name": "dev", "count": 3, "list": ["x", "y"]}) == filled
