"""`doctor`: a line for everything, with the command that mends it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.deploy.checks.line import Mark, passed
from chalicelib.deploy.checks.stage import check_deployment
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import (
    Bucket,
    Found,
    MappingFound,
    ModelFound,
    RoleFound,
    StackFound,
)
from chalicelib.models.types import ModelReference
from tests.deploy.stages import changed, complete, stage, wanted

STAGE = stage()
UP = "python -m chalicelib up --stage dev"
CANVAS = ModelReference("us-east-1", "amazon.nova-canvas-v1:0")
CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
NOVA = ModelReference("us-east-1", "amazon.nova-pro-v1:0")
ALIVE = {model: ModelFound(model, "ACTIVE") for model in (CANVAS, CORE, NOVA)}


def broken(found: Found) -> list[tuple[str, str]]:
    """What is said and what mends it, of the checks that fail."""
    lines = check_deployment(STAGE, found, wanted(STAGE))
    return [(line.says, line.mend) for line in lines if line.mark is Mark.FAIL]


def test_all_is_well():
    lines = check_deployment(STAGE, complete(STAGE), wanted(STAGE))
    assert passed(lines)
    assert {line.mark for line in lines} == {Mark.OK}
    assert all(str(line).startswith("ok ") and " -> " not in str(line) for line in lines)


def test_of_nothing_every_line_fails_and_says_what_mends_it():
    lines = check_deployment(STAGE, Found(), wanted(STAGE))
    assert {(line.mark, line.mend) for line in lines} == {(Mark.FAIL, UP)}
    assert not passed(lines)


def function(handler: str, **changes: Any) -> Callable[[Found], Found]:
    return lambda found: replace(found, functions=changed(found.functions, handler, **changes))


def mapping(**changes: Any) -> Callable[[Found], Found]:
    of = MappingFound("u-1", "arn:aws:sqs:us-east-1:123456789012:retake-dev", "Enabled", 1, 10)
    return function("on_attempt", mappings=(replace(of, **changes),))


@pytest.mark.parametrize(
    ("change", "says", "mend"),
    [
        (lambda found: replace(found, stack=None), "stack retake-dev is missing", UP),
        (
            lambda found: replace(found, stack=StackFound("ROLLBACK_COMPLETE", {})),
            "stack retake-dev is ROLLBACK_COMPLETE",
            UP,
        ),
        (
            lambda found: replace(found, stack=StackFound("CREATE_COMPLETE", {})),
            "stack retake-dev differs from .chalice/stack.yaml",
            UP,
        ),
        (
            lambda found: replace(found, buckets={**found.buckets, STAGE.settings.inbox_bucket: Bucket.TAKEN}),
            f"bucket {STAGE.settings.inbox_bucket} is somebody else's",
            UP,
        ),
        (function("on_prompt", state="Failed"), "function retake-dev-on_prompt: state is Failed, must be Active", UP),
        (
            function("on_prompt", timeout=60, memory=128),
            "function retake-dev-on_prompt: timeout is 60, must be 300; memory is 128, must be 512",
            UP,
        ),
        (
            function("on_attempt", environment={**STAGE.environment, "MAX_ATTEMPTS": "1", "OTHER": "x"}),
            "function retake-dev-on_attempt: other settings: MAX_ATTEMPTS, OTHER",
            UP,
        ),
        (
            function("on_attempt", runtime="python3.12"),
            "function retake-dev-on_attempt: runtime is python3.12, must be python3.13",
            UP,
        ),
        (
            lambda found: replace(found, roles={**found.roles, "on_attempt": RoleFound("arn", {"Statement": []})}),
            "policy of retake-dev-on_attempt differs from .chalice/policy-on_attempt.json",
            UP,
        ),
        (
            lambda found: replace(found, notifications=()),
            f"{STAGE.settings.inbox_bucket} does not invoke retake-dev-on_prompt: dropped files go unseen",
            UP,
        ),
        (function("on_attempt", mappings=()), "retake-dev-on_attempt is not fed from retake-dev", UP),
        (
            mapping(state="Disabled"),
            "retake-dev-on_attempt is fed from retake-dev, but the mapping is Disabled",
            "aws lambda update-event-source-mapping --uuid u-1 --enabled",
        ),
        (mapping(batch_size=10), "retake-dev-on_attempt is fed 10 messages at a time from retake-dev, must be 1", UP),
        (
            function("on_attempt", recursion="Terminate"),
            "loop of retake-dev-on_attempt is Terminate, must be Allow: Lambda stops a job after about 16 attempts",
            UP,
        ),
        (
            function("on_prompt", failure_destination=None),
            "what retake-dev-on_prompt fails at goes nowhere, must go to retake-dev-dead-letters",
            UP,
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_what_mends_it(change: Callable[[Found], Found], says: str, mend: str):
    assert broken(change(complete(STAGE))) == [(says, mend)]


HIDDEN = CannotDeploy("These credentials may not do it.", "Have that action allowed.")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("stack retake-dev", 1),
        (f"bucket {STAGE.settings.inbox_bucket}", 1),
        ("function retake-dev-on_attempt", 3),
        ("role retake-dev-on_prompt", 1),
        ("inference profiles of us-east-1", 3),
        ("notifications", 1),
    ],
)
def test_what_cannot_be_looked_at_is_a_line_of_its_own_and_hides_nothing_else(name: str, lines: int):
    well = check_deployment(STAGE, complete(STAGE), wanted(STAGE))
    told = check_deployment(STAGE, replace(complete(STAGE), unseen={name: HIDDEN}), wanted(STAGE))
    (line,) = [line for line in told if line.mark is not Mark.OK]
    assert str(line) == (
        f"?    {name} cannot be looked at: These credentials may not do it. -> have that action allowed"
    )
    assert not passed(told)
    assert len(told) == len(well) - lines + 1
    assert {one for one in told if one is not line} < set(well)
