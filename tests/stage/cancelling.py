"""Who cancels at a stage, and jobs at which somebody is, put off, or between two attempts."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console

from chalicelib.follow.json_lines import JsonLines
from chalicelib.follow.reporting import Lines, Reporter
from chalicelib.job.message import Message
from chalicelib.job.record import Follow, NextMessage, Status
from chalicelib.job.request import Request
from chalicelib.job.result import Result
from chalicelib.local.engine import Engine
from chalicelib.stage.cancel import Cancelling
from tests.stage.outboxes import PREFIX, Jobs, where_at

NOW = datetime.now(UTC).replace(microsecond=0)
LAKE = Request(prompt="A lake", max_retry_attempts=2, max_prompt_revisions=2)


def message(job: str, attempt: int = 0, request: Request = LAKE) -> Message:
    return Message(request, job, "A lake", attempt=attempt)


class Cancels:
    """Who cancels: `wait` looks at the outbox in between, and says whether there is enough."""

    def __init__(self, engine: Engine, bucket: str = "") -> None:
        self.where = where_at(engine, bucket)
        self.fast = timedelta()
        self.waits: list[float] = []
        self.meanwhile: Callable[[], bool] = lambda: True

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.meanwhile()

    def run(
        self, *given: str, prefix: str | None = None, as_json: bool = False, ahead: bool = False
    ) -> tuple[int, str]:
        out = io.StringIO()
        console = Console(file=out, width=80, highlight=False)
        reporter: Reporter = JsonLines(console, "stand-in") if as_json else Lines(console, str, "stand-in")
        cancelling = Cancelling(self.where, reporter, lambda: datetime.now(UTC) + self.fast, self.wait, ahead)
        try:
            return cancelling.to_its_end(prefix, given), out.getvalue()
        finally:
            self.said = out.getvalue()

    def read(self, key: str) -> bytes:
        return self.where.s3.get_object(Bucket=self.where.bucket, Key=key)["Body"].read()

    def result(self, job: str, prefix: str = PREFIX) -> Result:
        return Result.model_validate_json(self.read(f"{prefix}/{job}/result.json"))

    def outbox(self) -> dict[str, bytes]:
        """What lies there, by key."""
        listed = self.where.s3.list_objects_v2(Bucket=self.where.bucket).get("Contents", [])
        return {one["Key"]: self.read(one["Key"]) for one in listed}


def begin(jobs: Jobs, job: str = "lake-1", prefix: str = PREFIX, request: Request = LAKE, **given: object) -> None:
    always: dict[str, object] = {"request": request.fields(), "lease_end": NOW + timedelta(minutes=5), "images": ()}
    jobs.begin(job, prefix, **(always | given))


def go_on(jobs: Jobs, job: str = "lake-1") -> None:
    """The first attempt is over and announces the second."""
    following = Follow(message=NextMessage.of(message(job, 1)))
    begin(jobs, job, status=Status.OUTCOME, outcome="rejected", reason="no lake", next=following)
