"""What is there against what must be, a line each with the command that mends it. Pure; `doctor` gathers and prints.

A check has one of three marks: ok, FAIL (a job would go wrong), note (worth knowing, nothing is broken).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.found import Bucket, Found, FunctionFound, ModelFound, Quota
from chalicelib.deploy.plan import SETTLED, source_of
from chalicelib.deploy.stage import HANDLERS, Stage


class Mark(Enum):
    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Check:
    """One line of `doctor`; `mend` is the command or act that puts it right, empty where all is well."""

    mark: Mark
    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.mark.value:<5}{self.says}" + (f" -> {self.mend}" if self.mend else "")


def check_deployment(stage: Stage, found: Found, wanted: Wanted) -> list[Check]:
    """Stack, buckets, functions, policies, connections, in the order they depend on each other."""
    up = f"python -m chalicelib up --stage {stage.name}"
    return [
        _stack(stage, found, wanted, up),
        *_buckets(stage, found, up),
        *(_function(stage, found, wanted, handler, up) for handler in HANDLERS),
        *(_policy(stage, found, wanted, handler, up) for handler in HANDLERS),
        _notification(stage, found, up),
        *(_mapping(stage, found, handler, up) for handler in ("on_attempt", "on_dead_letter")),
        _recursion(stage, found, up),
        _destination(stage, found, up),
    ]


def passed(checks: list[Check]) -> bool:
    """Whether a job can be expected to run."""
    return all(check.mark is not Mark.FAIL for check in checks)


def _check(good: bool, says: str, otherwise: str, mend: str) -> Check:
    return Check(Mark.OK, says) if good else Check(Mark.FAIL, otherwise, mend)


def _stack(stage: Stage, found: Found, wanted: Wanted, up: str) -> Check:
    name, stack = f"stack {stage.stack}", found.stack
    if stack is None:
        return Check(Mark.FAIL, f"{name} is missing", up)
    if stack.status not in SETTLED:
        return Check(Mark.FAIL, f"{name} is {stack.status}", up)
    same = stack.template == wanted.template
    return _check(same, f"{name} is as .chalice/stack.yaml says", f"{name} differs from .chalice/stack.yaml", up)


def _buckets(stage: Stage, found: Found, up: str) -> Iterator[Check]:
    for name in stage.buckets:
        bucket = found.buckets.get(name, Bucket.ABSENT)
        there = bucket in (Bucket.EMPTY, Bucket.HOLDS)
        yield _check(there, f"bucket {name} is there", f"bucket {name} is {bucket.value}", up)


def _function(stage: Stage, found: Found, wanted: Wanted, handler: str, up: str) -> Check:
    name, function = f"function {stage.function(handler)}", found.functions.get(handler)
    if function is None:
        return Check(Mark.FAIL, f"{name} is missing", up)
    wrong = _differences(stage, function, wanted, handler)
    runs = f"{name} runs {function.runtime}, {function.architecture}"
    return _check(not wrong, runs, f"{name}: {'; '.join(wrong)}", up)


def _differences(stage: Stage, function: FunctionFound, wanted: Wanted, handler: str) -> list[str]:
    pairs = (
        ("state", function.state, "Active"),
        ("runtime", function.runtime, wanted.runtime),
        ("architecture", function.architecture, stage.value("lambda_architecture")),
        ("timeout", function.timeout, stage.value("lambda_timeout", handler)),
        ("memory", function.memory, stage.value("lambda_memory_size", handler)),
    )
    wrong = [f"{what} is {is_now}, must be {must_be}" for what, is_now, must_be in pairs if is_now != must_be]
    must, there = stage.environment_of(handler), function.environment
    names = sorted(name for name in {*must, *there} if must.get(name) != there.get(name))
    return wrong + ([f"other settings: {', '.join(names)}"] if names else [])


def _policy(stage: Stage, found: Found, wanted: Wanted, handler: str, up: str) -> Check:
    role = found.roles.get(handler)
    same = role is not None and role.policy == wanted.policies[handler]
    file = stage.value("iam_policy_file", handler)
    name = f"policy of {stage.function(handler)}"
    return _check(same, f"{name} is .chalice/{file}", f"{name} differs from .chalice/{file}", up)


def _notification(stage: Stage, found: Found, up: str) -> Check:
    inbox, arn = stage.settings.inbox_bucket, stage.function_arn("on_prompt")
    there = any(one.bucket == inbox and one.function_arn == arn for one in found.notifications)
    name = stage.function("on_prompt")
    return _check(there, f"{inbox} invokes {name}", f"{inbox} does not invoke {name}: dropped files go unseen", up)


def _mapping(stage: Stage, found: Found, handler: str, up: str) -> Check:
    function, source = found.functions.get(handler), source_of(stage, handler)
    mappings = [one for one in (function.mappings if function else ()) if one.source_arn == source]
    name, queue = stage.function(handler), str(source).rpartition(":")[2]
    if not mappings:
        return Check(Mark.FAIL, f"{name} is not fed from {queue}", up)
    mapping = mappings[0]
    if mapping.state != "Enabled":
        enable = f"aws lambda update-event-source-mapping --uuid {mapping.uuid} --enabled"
        return Check(Mark.FAIL, f"{name} is fed from {queue}, but the mapping is {mapping.state}", enable)
    return _check(
        mapping.batch_size == 1,
        f"{name} is fed from {queue}, one message at a time",
        f"{name} is fed {mapping.batch_size} messages at a time from {queue}, must be 1",
        up,
    )


def _recursion(stage: Stage, found: Found, up: str) -> Check:
    function, name = found.functions.get("on_attempt"), stage.function("on_attempt")
    recursion = function.recursion if function else "missing"
    otherwise = f"loop of {name} is {recursion}, must be Allow: Lambda stops a job after about 16 attempts"
    return _check(recursion == "Allow", f"loop of {name} is allowed", otherwise, up)


def _destination(stage: Stage, found: Found, up: str) -> Check:
    function, name = found.functions.get("on_prompt"), stage.function("on_prompt")
    queue = stage.settings.dead_letter_queue_name
    same = function is not None and function.failure_destination == stage.queue_arn(queue)
    otherwise = f"what {name} fails at goes nowhere, must go to {queue}"
    return _check(same, f"what {name} fails at goes to {queue}", otherwise, up)


def check_models(stage: Stage, models: Mapping[Any, ModelFound]) -> list[Check]:
    """The default chain and panel, each model in its region.

    Of the chain one usable model is enough, and the others are notes; of the panel every one must be usable.
    """
    settings = stage.settings
    chain = [models[settings.reference(entry)] for entry in settings.image_models]
    panel = [models[settings.reference(entry)] for entry in settings.vision_models]
    alive = any(_usable(model) for model in chain)
    return [
        *(_model("image model", model, "IMAGE_MODELS", stage, Mark.NOTE if alive else Mark.FAIL) for model in chain),
        *(_model("vision model", model, "VISION_MODELS", stage, Mark.FAIL) for model in panel),
    ]


def _usable(model: ModelFound) -> bool:
    return model.status is not None and model.access is None


def _model(role: str, model: ModelFound, variable: str, stage: Stage, if_unusable: Mark) -> Check:
    name = f"{role} {model.reference}"
    if model.status is None:
        change = f"take it out of {variable} in .chalice/config.json, then `up`"
        return Check(if_unusable, f"{name} has ended or is not offered in {model.reference.region}", change)
    if model.access is not None:
        return Check(if_unusable, f"{name} may not be invoked: {model.access}", f"enable it at {_console(model)}")
    if not model.subscribed:
        waits = f"{name} is sold by another company: its first invocation subscribes to it, which can take 15 minutes"
        return Check(Mark.NOTE, waits, f"or subscribe now: open it once at {_console(model)}")
    until = f", ends on {model.end_of_life}" if model.end_of_life else ""
    if model.status == "LEGACY":
        change = f"put its successor into {variable} in .chalice/config.json"
        return Check(Mark.NOTE, f"{name} is legacy{until}", change)
    return Check(Mark.OK, f"{name} is {model.status.lower()}{until}")


def _console(model: ModelFound) -> str:
    return f"https://{model.reference.region}.console.aws.amazon.com/bedrock/home#/model-catalog"


def check_quotas(quotas: list[Quota] | None) -> list[Check]:
    """Limits that stop a job when they are zero; None where they may not be read."""
    if quotas is None:
        return [Check(Mark.NOTE, "quotas cannot be read with these credentials (servicequotas:ListServiceQuotas)")]
    ask = "ask for more at https://console.aws.amazon.com/servicequotas/home"
    named = ((quota.value, f"quota {quota.name}") for quota in quotas)
    return [_check(value > 0, f"{name}: {value:g}", f"{name} is 0", ask) for value, name in named]
