"""What a job came to: `result.json` built from the records of all its attempts. Pure; must not read or write."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.job.record import ImageRecord, Record
from chalicelib.job.result import AttemptLine, BestImage, Result, bucket_url, object_url

REASON_LIMIT = 2_000


def success(records: Sequence[Record], now: datetime, bucket: str, region: str) -> Result:
    """The last record's accepted image."""
    last = records[-1]
    image = last.best
    assert image is not None, "only an accepted image makes a success"
    assert image.accepted
    return Result(
        status="SUCCESS",
        message="Image generated successfully",
        output_s3_object_url=object_url(bucket, region, image.key),
        image=image.key,
        accepted=True,
        seed=image.seed,
        image_model=image.image_model,
        **_common(records, now, bucket),
    )


def failure(records: Sequence[Record], error: str, now: datetime, bucket: str, region: str) -> Result:
    """The best image of all records, the prompt that made it, and why none passed."""
    made, image = _best(records) or (records[-1], None)
    best = _told(made, image) if image else None
    return Result(
        status="FAIL",
        error=error,
        output_s3_object_url=object_url(bucket, region, best.image) if best else None,
        image=None,
        accepted=False,
        best=best,
        seed=image.seed if image else None,
        image_model=image.image_model if image else made.image_model,
        **{**_common(records, now, bucket), "prompt": made.prompt},
    )


def ran_out(records: Sequence[Record]) -> str:
    """Why a job without an accepted image ended, in one sentence."""
    counts: dict[str, int] = {}
    for record in records:
        counts[record.outcome or "open"] = counts.get(record.outcome or "open", 0) + 1
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    last = next((record.reason for record in reversed(records) if record.reason), "no reason was given")
    return f"No image was accepted in {len(records)} attempts ({told}). Last: {last[:REASON_LIMIT]}"


def _common(records: Sequence[Record], now: datetime, bucket: str) -> dict[str, object]:
    last = records[-1]
    return {
        "job": last.job,
        "output_s3_bucket_url": bucket_url(bucket),
        "revision": last.revision,
        "attempt": last.attempt,
        "prompt": last.prompt,
        "vision_models": tuple(dict.fromkeys(model for record in records for model in record.vision_models)),
        "notes": tuple(dict.fromkeys(note for record in records for note in record.notes)),
        "attempts": tuple(_line(record) for record in records),
        "generations": sum(record.generations for record in records),
        "cost_usd": round(sum(record.cost_usd for record in records), 6),
        "started_at": _second(records[0].began_at),
        "finished_at": _second(now),
    }


def _line(record: Record) -> AttemptLine:
    return AttemptLine(
        revision=record.revision,
        attempt=record.attempt,
        outcome=record.outcome or "failed",
        images=tuple(image.key for image in record.images),
        reason=record.reason,
    )


def _best(records: Sequence[Record]) -> tuple[Record, ImageRecord] | None:
    """The highest score; among equals the latest, which had the most rewriting behind it."""
    candidates = [(record, image) for record in records for image in record.images]
    return max(reversed(candidates), key=lambda candidate: candidate[1].score, default=None)


def _told(record: Record, image: ImageRecord) -> BestImage:
    return BestImage(
        image=image.key, revision=record.revision, attempt=record.attempt, score=image.score, reason=image.reason
    )


def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
