"""What an operator sees: one line for each attempt and each ended job, with their numbers as metrics.

The metrics are CloudWatch's embedded metric format (AWS documentation, 2026-11): a log line, no call, no permission. A
prompt stands in no line, only its hash and length.
"""

import hashlib
from collections.abc import Mapping

from chalicelib.attempt.services import Attempt, Services
from chalicelib.job.result import Result
from chalicelib.ports import Json


def announce(attempt: Attempt, spent_usd: float) -> None:
    """Print the attempt's line; `spent_usd` is what this invocation cost."""
    record = attempt.record
    outcome = record.outcome or str(record.status)
    numbers = {
        "CostUSD": round(spent_usd, 6),
        "Images": len(record.images),
        "Accepted": int(outcome == "accepted"),
        "Rejected": int(outcome == "rejected"),
        "Blocked": int(outcome == "blocked"),
        "Deferred": int(outcome == "deferred"),
        "ModelSeconds": round(sum(record.timings.get(what, 0.0) for what in ("generate", "verify", "rewrite")), 3),
    }
    fields = {
        "event": "attempt",
        "job": record.job,
        "revision": record.revision,
        "attempt": record.attempt,
        "status": outcome,
        "why": record.why,
        "reason": record.reason,
        "generations": record.generations,
        "deferrals": record.deferrals,
        "timings": record.timings,
        "prompt": hashlib.sha256(record.prompt.encode(errors="replace")).hexdigest()[:16],
        "prompt_characters": len(record.prompt),
    }
    attempt.services.journal({**_metrics(attempt.services, numbers), **fields})


def announce_end(services: Services, result: Result) -> None:
    """Print an ended job's line, once: whoever wrote its result does."""
    numbers = {"Jobs": 1, "FailedJobs": int(result.status == "FAIL")}
    fields = {"event": "result", "job": result.job, "status": result.status, "cost_usd": result.cost_usd}
    services.journal({**_metrics(services, numbers), **fields})


def _metrics(services: Services, numbers: Mapping[str, float]) -> Json:
    described = [{"Name": name} for name in numbers]
    return {
        "_aws": {
            "Timestamp": int(services.clock().timestamp() * 1000),
            "CloudWatchMetrics": [{"Namespace": "Retake", "Dimensions": [["Stage"]], "Metrics": described}],
        },
        "Stage": services.settings.stage,
        **numbers,
    }
