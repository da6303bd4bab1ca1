"""`result.json`: what a job came to. The values only; `outcome` builds them. Must not read or write objects."""

from typing import Literal
from urllib.parse import quote

from chalicelib.job.frozen import Part


class BestImage(Part):
    image: str
    revision: int
    attempt: int
    score: float
    reason: str
    grade: float | None = None
    lacking: tuple[str, ...] = ()


class AttemptLine(Part):
    """One attempt as the result lists it; `prompt_number` 1 is the user's own prompt."""

    revision: int
    attempt: int
    outcome: str
    images: tuple[str, ...]
    reason: str
    prompt_number: int = 1
    seed: int | None = None
    image_model: str | None = None
    cost_usd: float = 0.0


NotAccepted = Literal["FAIL", "CANCELLED"]
MADE_BY = "drawn and judged by: "  # begins a note of every result on one's own machine


class Result(Part):
    """`result.json`; `error` and `best` stand only where no image was accepted, `message` only in a SUCCESS."""

    status: Literal["SUCCESS", "FAIL", "CANCELLED"]
    message: str | None = None
    error: str | None = None
    job: str
    output_s3_bucket_url: str
    output_s3_object_url: str | None
    image: str | None
    accepted: bool
    best: BestImage | None = None
    revision: int
    attempt: int
    initial_prompt: str = ""
    requirements: tuple[str, ...] = ()
    never_met: tuple[str, ...] = ()
    prompt: str
    seed: int | None
    image_model: str | None
    vision_models: tuple[str, ...]
    notes: tuple[str, ...] = ()
    attempts: tuple[AttemptLine, ...]
    generations: int
    images_made: int = 0
    cost_usd: float
    started_at: str
    finished_at: str

    @property
    def picture(self) -> str | None:
        """What to look at: the accepted image, else the best one."""
        return self.image or (self.best.image if self.best else None)

    @property
    def made_by(self) -> str | None:
        """Who drew and judged, where that was on one's own machine."""
        return next((note.removeprefix(MADE_BY) for note in self.notes if note.startswith(MADE_BY)), None)

    def as_json(self) -> bytes:
        absent = {"error", "best"} if self.status == "SUCCESS" else {"message"}
        return self.model_dump_json(exclude=absent, indent=1).encode()


def bucket_url(bucket: str) -> str:
    """The bucket in the S3 console."""
    return f"https://s3.console.aws.amazon.com/s3/buckets/{bucket}"


def object_url(bucket: str, region: str, key: str) -> str:
    """The object in the S3 console."""
    return (
        f"https://s3.console.aws.amazon.com/s3/object/{bucket}?region={region}&bucketType=general&prefix={quote(key)}"
    )
