"""An outbox with jobs in it, as the pipeline would have left them, and who looks at it."""

import json
from typing import Any

from chalicelib.job.record import Record, Status
from chalicelib.job.result import AttemptLine, Result
from chalicelib.job.verdict import ImageRecord
from chalicelib.local.engine import Engine
from chalicelib.settings import Settings
from chalicelib.stage.where import Where
from tests.follow.test_reporting import MOMENT

PREFIX = "generated-images"


def where_at(engine: Engine, bucket: str = "") -> Where:
    settings = Settings.from_environment(
        {**engine.names.environment(), "AWS_REGION": "us-east-1", "OUTPUT_BUCKETS": "*"}
    )
    return Where("local", engine.s3, settings, "stand-in", bucket or engine.names.outbox)


def record(job: str, folder: str, **given: Any) -> bytes:
    """Of the first attempt, under way if nothing else is said."""
    image = ImageRecord(
        key=f"{folder}/000-000.png", sha256="", seed=7, generation=1, image_model="m", thumbnail="data:thumb"
    )
    always = {"job": job, "revision": 0, "attempt": 0, "owner": "o", "initial_prompt": "A lake", "prompt": "A lake"}
    times = {"lease_end": MOMENT, "began_at": MOMENT, "updated_at": MOMENT}
    return Record(**(always | times | {"status": Status.LEASED, "images": (image,)} | given)).as_json()


def result(job: str, folder: str, **given: Any) -> bytes:
    line = AttemptLine(revision=0, attempt=0, outcome="accepted", images=(f"{folder}/000-000.png",), reason="")
    always: dict[str, Any] = {
        "status": "SUCCESS",
        "message": "Image generated successfully",
        "job": job,
        "output_s3_bucket_url": "",
        "output_s3_object_url": None,
        "image": f"{folder}/000-000.png",
        "accepted": True,
        "revision": 0,
        "attempt": 0,
        "initial_prompt": "A lake",
        "prompt": "A lake at dawn",
        "seed": 7,
        "image_model": "m",
        "vision_models": (),
        "attempts": (line,),
        "generations": 1,
        "cost_usd": 0.043,
        "started_at": "2026-11-22T08:15:00Z",
        "finished_at": "2026-11-22T08:16:00Z",
    }
    return Result(**(always | given)).as_json()


class Jobs:
    """Puts what the pipeline would write."""

    def __init__(self, engine: Engine, bucket: str = "") -> None:
        self._s3 = engine.s3
        self.bucket = bucket or engine.names.outbox

    def put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def begin(self, job: str, prefix: str = PREFIX, **given: Any) -> None:
        self.put(f"{prefix}/{job}/000-000.json", record(job, f"{prefix}/{job}", **given))

    def end(self, job: str, prefix: str = PREFIX, **given: Any) -> None:
        folder = f"{prefix}/{job}"
        self.begin(job, prefix, status=Status.OUTCOME, outcome="accepted")
        self.put(f"{folder}/000-000.png", b"png")
        self.put(f"{folder}/report.html", b"<p>report")
        self.put(f"{folder}/result.json", result(job, folder, **given))

    def refuse(
        self, job: str, error: str = "prompt is missing", source: str = "s3://retake-inbox/inbox/a.json"
    ) -> None:
        self.put(f"{PREFIX}/rejected/{job}.json", json.dumps({"error": error, "source": source}).encode())

    def keep_letter(self, job: str) -> None:
        letter = {"body": "{}", "attributes": {}, "error": "a bug of our own"}
        self.put(f"{PREFIX}/dead-letters/{job}-000-000.json", json.dumps(letter).encode())
