"""Records of ended jobs as the pipeline writes them, and what is hostile in them."""

from datetime import UTC, datetime, timedelta

from chalicelib.attempt.perform import CANCELLED
from chalicelib.job.job_result import failure, ran_out, success
from chalicelib.job.record import Follow, Outcome, Record, Status
from chalicelib.job.verdict import FindingRecord, ImageRecord, VerdictRecord
from chalicelib.picture import thumbnail
from tests.pipeline.bench import picture_bytes

HOSTILE = "<script>alert(1)</script><img src=//x.invalid/a.png onerror=alert(2)> {{ 7 * 7 }} </style>\u202e"
JAPANESE = "自然の中から見た夜景で、空にはオーロラと月と流星群があり、地上には海が広がって流氷が流れている無人の写真。"
START = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def verdict(yes: bool, reason: str) -> VerdictRecord:
    findings = (
        FindingRecord(requirement="a lake", met=yes, note="none to be seen" if not yes else ""),
        FindingRecord(requirement="a mountain", met=True),
    )
    return VerdictRecord(model="us-east-1/amazon.nova-pro-v1:0", accepted=yes, reason=reason, requirements=findings)


def record(
    revision: int, attempt: int, outcome: Outcome, prompt: str, *, images: int = 1, words: str | None = None
) -> Record:
    yes = outcome == "accepted"
    small = thumbnail(picture_bytes(f"{revision} {attempt}"))
    drawn = tuple(
        ImageRecord(
            key=f"generated-images/a-job/{revision:03}-{attempt:03}{f'-{number}' if number else ''}.png",
            sha256="0" * 64,
            seed=7 + number,
            generation=1,
            image_model="us-east-1/amazon.nova-canvas-v1:0",
            thumbnail=small,
            verdicts=(verdict(yes, words or "no lake"),),
            accepted=yes,
            score=1.0 if yes else 0.5,
            reason=words or "no lake",
        )
        for number in range(images)
    )
    began = START + timedelta(minutes=revision * 5 + attempt)
    return Record(
        job="a-job",
        revision=revision,
        attempt=attempt,
        status=Status.OUTCOME,
        owner="0",
        lease_end=began,
        began_at=began,
        updated_at=began,
        generations=1,
        initial_prompt=prompt,
        prompt=prompt if revision == 0 else f"{prompt} at dawn, take {revision}",
        images=drawn,
        outcome=outcome,
        reason=words or "the content filter stopped the prompt",
        vision_models=("us-east-1/amazon.nova-pro-v1:0",),
        cost_usd=0.042,
    )


def ended(records: list[Record]) -> list[Record]:
    """The same with the result in the last."""
    last, now = records[-1], records[-1].began_at + timedelta(seconds=71)
    if last.outcome == "accepted":
        result = success(records, now, "outbox", "us-east-1")
    elif last.outcome == "cancelled":
        result = failure(records, CANCELLED, now, "outbox", "us-east-1", "CANCELLED")
    else:
        result = failure(records, ran_out(records), now, "outbox", "us-east-1")
    return [*records[:-1], last.with_changes(next=Follow(result=result))]


JOBS = {
    "japanese": ended([record(0, 0, "rejected", JAPANESE), record(1, 0, "accepted", JAPANESE)]),
    "blocked": ended([record(number, 0, "blocked", "a duel", images=0) for number in range(3)]),
    "cancelled": ended(
        [record(0, 0, "rejected", "a cat"), record(0, 1, "cancelled", "a cat", images=0, words=CANCELLED)]
    ),
    "hostile": ended([record(0, 0, "rejected", HOSTILE, words=HOSTILE), record(1, 0, "rejected", HOSTILE)]),
    "large": ended([record(*divmod(n, 5), "rejected", "a cat on a lake", images=5) for n in range(25)]),
}
