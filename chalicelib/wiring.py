"""The one place of the pipeline that creates clients and reads the clock.

One session for all clients (it saves 85 ms of a cold start; measured 2026-11). A region's Bedrock client is made when
first used.
"""

import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from boto3 import Session
from botocore.config import Config

from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Services
from chalicelib.aws.bedrock import CONNECT_SECONDS, BedrockCaller, paid_call_config
from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

FREE_CALLS = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=20)
TIMEOUT_STEP = 5  # one client for each step of seconds, not for each timeout
SIDE_BY_SIDE = 5


@cache
def services(settings: Settings, bedrock_session: Session | None = None) -> Services:
    """The services as AWS has it; made at the first event and kept for the sandbox's life.

    `bedrock_session` asks Bedrock, where the models are another account's than everything else.
    """
    session, region = Session(), settings.aws_region
    s3: S3Client = session.client("s3", region, config=FREE_CALLS)
    sqs: SQSClient = session.client("sqs", region, config=FREE_CALLS)
    models = bedrock_session or session

    one_at_a_time = Lock()  # a session is not safe to share while clients are made (boto3 documentation, 2026-11)

    @lru_cache(maxsize=16)
    def made(region: str, read_timeout: int) -> "BedrockRuntimeClient":
        config = paid_call_config(read_timeout)
        return models.client("bedrock-runtime", region, config=config)

    def bedrock(region: str, timeout: float) -> "BedrockRuntimeClient":
        with one_at_a_time:
            return made(region, read_timeout(timeout))

    return Services(
        settings=settings,
        store=S3Store(s3),
        work=SqsQueue(sqs, settings.queue_name),
        dead_letters=SqsQueue(sqs, settings.dead_letter_queue_name),
        models=BedrockCaller(bedrock, region),
        clock=now,
        chance=random.SystemRandom(),
        journal=_print,
        resolve=resolve,
        side_by_side=_threads,
    )


def read_timeout(allowed: float) -> int:
    """The whole seconds a paid call may wait for its answer, of those it is allowed in all.

    Connecting has a timeout of its own, and comes first: both together must fit, or the call eats into the seconds that
    are kept for saving what it made. Less than a step is not rounded away, and 1 is the least that is a timeout.
    """
    left = int(allowed - CONNECT_SECONDS)
    return max(1, left if left < TIMEOUT_STEP else left // TIMEOUT_STEP * TIMEOUT_STEP)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def deadline(context: Any) -> datetime:
    """When Lambda will end this invocation."""
    return now() + timedelta(milliseconds=context.get_remaining_time_in_millis())


def _print(line: Any) -> None:
    text = json.dumps(line, ensure_ascii=False, default=str)
    print(text.encode(errors="replace").decode(), flush=True)  # half a character must not end an attempt


def _threads(call: Callable[[bytes], object], bodies: Sequence[bytes]) -> list[object]:
    if len(bodies) == 1:
        return [call(bodies[0])]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(call, bodies))
