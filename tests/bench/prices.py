"""What orchestration costs at list prices in us-east-1, models and compute left out.

S3, SQS and Lambda requests: AWS price lists, 2026-11. Durable functions: $8.00 a million operations (the start of an
execution, each step, each retry of one) and $0.25 a GB written, AWS Lambda pricing as transcribed on 2026-09-20
(api-evangelist/aws-lambda, plans/aws-lambda-plans-pricing.yml); what is kept costs $0.15 a GB-month and is left out, as
is what S3 keeps. Polling of an idle queue is not counted either: it is the queue's, not a job's.
"""

from collections.abc import Mapping

from tests.bench.model import Outcome

S3_PUT = 0.005 / 1000
S3_GET = 0.0004 / 1000
SQS_REQUEST = 0.40 / 1_000_000
LAMBDA_REQUEST = 0.20 / 1_000_000
DURABLE_OPERATION = 8.00 / 1_000_000
DURABLE_BYTE = 0.25 / 1_000_000_000
RECEIVED_AND_DELETED = 2  # requests for each message, made by Lambda and charged to the queue's owner


def orchestration_usd(outcome: Outcome, calls: Mapping[str, int]) -> float:
    """One job's requests."""
    queue = calls.get("send", 0) + RECEIVED_AND_DELETED * outcome.from_queue
    return (
        calls.get("put", 0) * S3_PUT
        + calls.get("get", 0) * S3_GET
        + queue * SQS_REQUEST
        + outcome.invocations * LAMBDA_REQUEST
        + outcome.operations * DURABLE_OPERATION
        + outcome.written * DURABLE_BYTE
    )


def aws_calls(outcome: Outcome, calls: Mapping[str, int]) -> int:
    """Requests to AWS that a job waits for: S3, SQS, and a durable step's checkpoint."""
    return sum(calls.get(kind, 0) for kind in ("put", "get", "send")) + max(0, outcome.operations - 1)
