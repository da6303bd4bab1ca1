"""A million jobs a day, on paper: which quota of AWS binds first, at what number, and which setting moves it.

Assumed: three attempts a job, one image each, an image in 8 s, two looks of 2 s, 2,500 tokens a look. Whoever has other
numbers changes the constants. A quota is a default; an account may have less, above all a new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

JOBS_A_DAY = 1_000_000
ATTEMPTS_A_JOB, LOOKS_AN_ATTEMPT, TOKENS_A_LOOK = 3, 2, 2_500
ATTEMPT_SECONDS = 8 + LOOKS_AN_ATTEMPT * 2
DAY, MINUTE = 86_400, 60
PUTS_AN_ATTEMPT, GETS_AN_ATTEMPT = 3, 2
LOOKS_A_JOB = ATTEMPTS_A_JOB * LOOKS_AN_ATTEMPT


@dataclass(frozen=True)
class Quota:
    """`jobs_a_day` is where it binds; `source` says where it was read, and when."""

    name: str
    limit: str
    jobs_a_day: float
    moved_by: str
    source: str


def _at_once(limit: int) -> float:
    """Jobs a day with so many attempts running at a time."""
    return limit * DAY / ATTEMPT_SECONDS / ATTEMPTS_A_JOB


def quotas() -> list[Quota]:
    """What binds first comes first."""
    tokens = 1_000_000
    found = [
        Quota(
            "attempts at a time that this project asks for",
            "10",
            _at_once(10),
            "`maximum_concurrency` of on_attempt in app.py, 2 to 1,000",
            "ours; no quota of AWS. The range: AWS::Lambda::EventSourceMapping ScalingConfig, read 2026-11",
        ),
        Quota(
            "Lambda executions at a time, a new account",
            "10",
            _at_once(10),
            "Service Quotas, Lambda, Concurrent executions; AWS raises it with use",
            "Lambda developer guide, gettingstarted-limits: new accounts have reduced quotas, raised automatically"
            " (read 2026-11); it names no number, 10 is what users report",
        ),
        Quota(
            "Bedrock tokens a minute, Nova Pro on demand",
            f"{tokens:,}",
            tokens / (LOOKS_A_JOB * TOKENS_A_LOOK) * 24 * MINUTE,
            "Service Quotas, Bedrock, InvokeModel tokens per minute; or more judges: `VISION_MODELS`, another region",
            "by tokens a minute, input and output together: Bedrock user guide, quotas-runtime, read 2026-11;"
            " 1,000,000: two accounts' own listings of 2026, in public repositories",
        ),
        Quota(
            "Lambda executions at a time",
            "1,000",
            _at_once(1_000),
            "Service Quotas, Lambda, Concurrent executions",
            "Lambda developer guide, gettingstarted-limits, read 2026-09",
        ),
        Quota(
            "invocations at a time of one queue's mapping",
            "1,000",
            _at_once(1_000),
            "a second queue, or the mapping's provisioned mode",
            "Lambda developer guide, services-sqs-scaling, read 2026-11 (another edition of it says 1,250)",
        ),
        Quota(
            "S3 writes a second in one partition of keys",
            "3,500",
            3_500 * DAY / (ATTEMPTS_A_JOB * PUTS_AN_ATTEMPT + 2),
            "S3 splits by itself, within 30 to 60 minutes; or another `output_s3_key_prefix`",
            "S3 user guide, optimizing-performance, and AWS re:Post on partitioned prefixes, read 2026-11",
        ),
        Quota(
            "SQS messages in flight",
            "120,000",
            _at_once(120_000),
            "Service Quotas, SQS",
            "SQS developer guide, quotas-queues, read 2026-11",
        ),
    ]
    return sorted(found, key=lambda quota: quota.jobs_a_day)


def paper() -> str:
    """The table in words; AWS's own first binding quota named below it."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    attempts = JOBS_A_DAY * ATTEMPTS_A_JOB / DAY
    yield (
        f"On paper, {JOBS_A_DAY:,} jobs a day of {ATTEMPTS_A_JOB} attempts: {attempts:.1f} attempts begun a second,"
        f" {attempts * ATTEMPT_SECONDS:.0f} at a time, {attempts * LOOKS_AN_ATTEMPT * TOKENS_A_LOOK * MINUTE / 1e6:.1f}"
        f" million tokens a minute, {attempts * PUTS_AN_ATTEMPT:.0f} S3 writes a second.\n"
    )
    yield "| quota | default | binds at jobs a day | moved by | read in |"
    yield "|---|---|---|---|---|"
    for quota in quotas():
        yield f"| {quota.name} | {quota.limit} | {quota.jobs_a_day:,.0f} | {quota.moved_by} | {quota.source} |"
    yield (
        "\nOf AWS's own quotas in an account that is not new, Bedrock's tokens a minute bind first. Image models have a"
        " quota of their own, which no source that could be read names."
    )
