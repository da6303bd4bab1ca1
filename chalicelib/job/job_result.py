"""What a job came to: `result.json` built from the records of all its attempts. Pure; must not read or write."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from chalicelib.job.judging import Made, best_first, never_met, with_verdict
from chalicelib.job.record import Record
from chalicelib.job.result import AttemptLine, BestImage, NotAccepted, Result, bucket_url, object_url
from chalicelib.job.verdict import ImageRecord

REASON_LIMIT = 2_000


def success(records: Sequence[Record], now: datetime, bucket: str, region: str) -> Result:
    """The last record's accepted image."""
    image = records[-1].best
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


def failure(
    records: Sequence[Record], error: str, now: datetime, bucket: str, region: str, status: NotAccepted = "FAIL"
) -> Result:
    """The best image of all records, the prompt that made it, and why none passed."""
    found = next(iter(best_first(images_made(records))), None)
    best = _best_image(found) if found else None
    made_by = _made_by(records, found) if found else records[-1]
    unmet = never_met(by_revision(records))
    if unmet:
        error = f"{error.rstrip('.')}. Missed in every picture of the last two prompts or more: {'; '.join(unmet)}"
    return Result(
        status=status,
        error=error,
        output_s3_object_url=object_url(bucket, region, best.image) if best else None,
        image=None,
        accepted=False,
        best=best,
        seed=found.image.seed if found else None,
        image_model=found.image.image_model if found else made_by.image_model,
        never_met=unmet,
        **{**_common(records, now, bucket), "prompt": made_by.prompt},
    )


def ran_out(records: Sequence[Record]) -> str:
    """Why a job without an accepted image ended, in one sentence."""
    counts = Counter(record.outcome or "open" for record in records)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    last = next((record.reason for record in reversed(records) if record.reason), "no reason was given")
    attempts = "1 attempt" if len(records) == 1 else f"{len(records)} attempts"
    return f"No image was accepted in {attempts} ({told}). Last: {last[:REASON_LIMIT]}"


def images_made(records: Sequence[Record]) -> list[Made]:
    """Every image of the job, oldest first."""
    return [made for record in records for made in record.made]


def revisions(records: Sequence[Record]) -> list[list[Record]]:
    """The job's records, a list a revision, oldest first."""
    return [list(group) for _, group in groupby(records, key=lambda record: record.revision)]


def by_revision(records: Sequence[Record]) -> list[list[ImageRecord]]:
    """The job's images, likewise."""
    return [[image for record in group for image in record.images] for group in revisions(records)]


def with_late_grades(records: Sequence[Record]) -> tuple[Record, ...]:
    """The records with the grades that the last one gave when the job ran out, each at its image."""
    given = {grade.image: grade.verdict for record in records[-1:] for grade in record.late_grades}
    if not given:
        return tuple(records)
    return tuple(
        record.with_changes(
            images=tuple(
                with_verdict(image, given[image.key]) if image.key in given else image for image in record.images
            )
        )
        for record in records
    )


def _made_by(records: Sequence[Record], made: Made) -> Record:
    return next(record for record in records if (record.revision, record.attempt) == made.at[:2])


def _common(records: Sequence[Record], now: datetime, bucket: str) -> dict[str, object]:
    last = records[-1]
    return {
        "job": last.job,
        "output_s3_bucket_url": bucket_url(bucket),
        "revision": last.revision,
        "attempt": last.attempt,
        "initial_prompt": last.initial_prompt,
        "requirements": last.requirements,
        "prompt": last.prompt,
        "vision_models": tuple(dict.fromkeys(model for record in records for model in record.vision_models)),
        "notes": tuple(dict.fromkeys(note for record in records for note in record.notes)),
        "attempts": tuple(_line(record) for record in records),
        "generations": sum(record.generations for record in records),
        "images_made": sum(len(record.images) for record in records),
        "cost_usd": round(sum(record.cost_usd for record in records), 6),
        "started_at": _second(records[0].began_at),
        "finished_at": _second(now),
    }


def _line(record: Record) -> AttemptLine:
    best = record.best
    return AttemptLine(
        revision=record.revision,
        attempt=record.attempt,
        outcome=record.outcome or "failed",
        images=tuple(image.key for image in record.images),
        reason=record.reason,
        prompt_number=record.revision + 1,
        seed=best.seed if best else next(iter(record.seeds), None),
        image_model=best.image_model if best else record.image_model,
        cost_usd=record.cost_usd,
    )


def _best_image(made: Made) -> BestImage:
    image, (revision, attempt, _) = made
    return BestImage(
        image=image.key,
        revision=revision,
        attempt=attempt,
        score=image.score,
        reason=image.reason,
        grade=image.grade,
        lacking=image.lacking,
    )


def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
