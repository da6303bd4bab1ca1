"""What an operator sees: one line for each attempt, and its cost as a metric.

The metric is CloudWatch's embedded metric format (AWS documentation, 2026-11): a log line, no call, no permission.
"""

from chalicelib.attempt.services import Attempt


def announce(attempt: Attempt, spent_usd: float) -> None:
    """Print the attempt's line; `spent_usd` is what this invocation cost."""
    record, services = attempt.record, attempt.services
    services.journal(
        {
            "_aws": {
                "Timestamp": int(services.clock().timestamp() * 1000),
                "CloudWatchMetrics": [
                    {"Namespace": "Retake", "Dimensions": [["Stage"]], "Metrics": [{"Name": "CostUSD"}]}
                ],
            },
            "Stage": services.settings.stage,
            "CostUSD": round(spent_usd, 6),
            "event": "attempt",
            "job": record.job,
            "revision": record.revision,
            "attempt": record.attempt,
            "status": record.outcome or str(record.status),
            "why": record.why,
            "reason": record.reason,
            "generations": record.generations,
            "deferrals": record.deferrals,
        }
    )
