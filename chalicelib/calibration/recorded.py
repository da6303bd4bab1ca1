"""Labels and the records of an outbox brought together: jobs to be played. Pure; the records are read by others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from chalicelib.calibration.figures import Prices
from chalicelib.calibration.labels import BadLabels, Label
from chalicelib.calibration.looks import Job, Picture, Taken
from chalicelib.job.job_result import with_late_grades
from chalicelib.job.record import Record
from chalicelib.job.verdict import ImageRecord, VerdictRecord
from chalicelib.text.written import to_a_judge


@dataclass(frozen=True)
class Matched:
    """The labelled pictures by job; labels without a record, pictures without a label, and what things cost there."""

    jobs: tuple[Job, ...]
    unknown: tuple[Label, ...]
    unlabelled: int
    prices: Prices

    @property
    def labels(self) -> int:
        """How many pictures are labelled and recorded."""
        return sum(len(job.pictures) for job in self.jobs)


def match(folders: Iterable[Sequence[Record]], labels: Sequence[Label]) -> Matched:
    """Jobs of which at least one picture is labelled; `folders` hold a job's records each. Raises BadLabels."""
    jobs = [with_late_grades(sorted(records, key=lambda one: (one.revision, one.attempt))) for records in folders]
    votes, unknown = _votes(jobs, labels)
    used = [records for records in jobs if any(image.key in votes for image in _images(records))]
    return Matched(
        jobs=tuple(_job(records, votes) for records in used),
        unknown=tuple(unknown),
        unlabelled=sum(image.key not in votes for records in used for image in _images(records)),
        prices=_prices(used),
    )


def _votes(jobs: Sequence[Sequence[Record]], labels: Sequence[Label]) -> tuple[dict[str, list[bool]], list[Label]]:
    """What was said of each picture by its key, and the labels of pictures that no record has."""
    prompts = {image.key: record.initial_prompt for records in jobs for record in records for image in record.images}
    names: dict[tuple[str, ...], list[str]] = {}
    for key in prompts:
        for ending in _endings(key, 1):
            names.setdefault(ending, []).append(key)
    votes: dict[str, list[bool]] = {}
    unknown: list[Label] = []
    for label in labels:
        named = next((names[ending] for ending in _endings(label.picture, 2) if ending in names), [])
        keys = [key for key in named if label.prompt in (None, prompts[key])]
        if len(keys) > 1:
            raise BadLabels(f"row {label.line}: {label.picture} may be any of {len(keys)} pictures; name its job, too")
        if keys:
            votes.setdefault(keys[0], []).append(label.good)
        else:
            unknown.append(label)
    return votes, unknown


def _endings(key: str, least: int) -> Iterator[tuple[str, ...]]:
    """A key's last parts, the longest first, since a label may be written from wherever its author stood.

    At least `least` parts, where it has so many: what names a job means no other job's picture.
    """
    parts = tuple(part for part in key.replace("\\", "/").split("/") if part not in ("", "."))
    return (parts[start:] for start in range(max(1, len(parts) - least + 1)))


def _job(records: Sequence[Record], votes: Mapping[str, Sequence[bool]]) -> Job:
    pictures = (
        _picture(record.initial_prompt, image, 2 * sum(votes[image.key]) > len(votes[image.key]))
        for record in records
        for image in record.images
        if image.key in votes
    )
    return Job(records[0].job, records[0].initial_prompt, tuple(pictures))


def _picture(prompt: str, image: ImageRecord, good: bool) -> Picture:
    return Picture(image.key, good, tuple(_taken(prompt, verdict) for verdict in image.verdicts))


def _taken(prompt: str, verdict: VerdictRecord) -> Taken:
    asked = " ".join((prompt, *(finding.requirement for finding in verdict.requirements)))
    return Taken(
        judge=verdict.model,
        look=verdict.look,
        answers=tuple(finding.met for finding in verdict.requirements) or None,
        grade=verdict.grade,
        spoke=to_a_judge(verdict.words, asked) is not None,
    )


def _prices(jobs: Sequence[Sequence[Record]]) -> Prices:
    """What a look cost, and an image with all that is no look and no rewrite; 2026's where nothing is told."""
    looks = [verdict.cost_usd for records in jobs for image in _images(records) for verdict in image.verdicts]
    count = sum(1 for records in jobs for _ in _images(records))
    spent = sum(
        record.cost_usd - (record.rewrite.cost_usd if record.rewrite else 0) for records in jobs for record in records
    )
    if not sum(looks) or spent <= sum(looks):
        return Prices()
    return Prices(image=(spent - sum(looks)) / count, look=fmean(looks))


def _images(records: Sequence[Record]) -> Iterator[ImageRecord]:
    return (image for record in records for image in record.images)
