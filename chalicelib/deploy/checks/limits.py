"""Limits of the account that stop or slow a stage's jobs, by the names they have today. Pure.

Bedrock's names: "Cross-Region InvokeModel tokens per minute for ${model}", "On-demand InvokeModel tokens per minute for
${model}", "Model invocation max tokens per day for ${model}" (Bedrock user guide, "Quotas for the bedrock-runtime
endpoint", 2026-11); before that "… model inference tokens per minute for …", which some models still have.
"""

import re
from collections.abc import Iterable, Mapping

from chalicelib.deploy.checks.line import Check, Mark, good
from chalicelib.deploy.found import Found, ModelFound
from chalicelib.deploy.grants import is_profile
from chalicelib.deploy.stage import Stage

CONCURRENCY = "Lambda: concurrent executions"
ASK = "ask for more at https://console.aws.amazon.com/servicequotas/home"
OTHERS_NEED = 2  # invocations at once that on_prompt and on_dead_letter must be left with
A_MINUTE = re.compile(r"(tokens|requests) per minute", re.IGNORECASE)
A_DAY = re.compile(r"tokens per day", re.IGNORECASE)


def check_quotas(region: str, quotas: Mapping[str, float], models: Iterable[ModelFound]) -> list[Check]:
    """Of a region's quotas those of its models, by the kind in which each is asked; a limit of zero stops all jobs."""
    here = [model for model in models if model.reference.region == region and model.name]
    return [
        good(value > 0, f"quota {region}: {name}: {value:g}", f"quota {region}: {name} is 0", ASK)
        for name, value in quotas.items()
        if any(_concerns(name, model) for model in here)
    ]


def _concerns(name: str, model: ModelFound) -> bool:
    if not re.search(rf"\b{re.escape(model.name)}(?![\w.]| Latency)", name):
        return False
    if A_DAY.search(name):
        return True
    start = name.casefold()
    if model.reference.id.startswith("global."):
        return bool(A_MINUTE.search(name)) and start.startswith("global")
    kind = "cross-region" if is_profile(model.reference) else "on-demand"
    return bool(A_MINUTE.search(name)) and start.startswith(kind)


def check_concurrency(stage: Stage, limit: int, found: Found) -> Check:
    """Whether the work queue could take all that the account may run at once (new accounts may have 10, 2026-11)."""
    name, function = f"{CONCURRENCY}: {limit:,}", found.functions.get("on_attempt")
    caps = [mapping.maximum_concurrency for mapping in (function.mappings if function else ())]
    cap = max((cap for cap in caps if cap), default=None)
    if limit <= 0:
        return Check(Mark.FAIL, f"{name}, so nothing runs", ASK)
    if cap is not None and limit - cap < OTHERS_NEED:
        takes = (
            f"{name}, and the queue of {stage.function('on_attempt')} may take {cap} of them: prompt files then wait"
        )
        return Check(Mark.NOTE, takes, f"{ASK}, or lower maximum_concurrency in app.py, then `up`")
    return Check(Mark.OK, name)


def check_form(sent: bool) -> Check:
    """Anthropic wants to be told once what an account uses its models for, before the first call."""
    step = "choose one of its models at https://console.aws.amazon.com/bedrock/home#/model-catalog and fill it in"
    return good(sent, "Anthropic's use-case form was sent", "Anthropic's use-case form was never sent", step)
