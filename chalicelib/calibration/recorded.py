"""Labels and the records of an outbox brought together: jobs to be played. Pure; the records are read by others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from chalicelib.calibration.figures import Prices
from chalicelib.calibration.labels import Label
from chalicelib.calibration.looks import Job, Picture, heard
from chalicelib.errors import CannotGoOn
from chalicelib.job.job_result import with_late_grades
from chalicelib.job.record import Record
from chalicelib.job.verdict import ImageRecord, VerdictRecord

Further = Mapping[str, Sequence[VerdictRecord]]
NO_MORE: Further = {}


@dataclass(frozen=True)
class Matched:
    """The labelled pictures by job; labels without a record, pictures without a label, and what things cost there.

    `records` has the record of each labelled picture, by its key.
    """

    jobs: tuple[Job, ...]
    unknown: tuple[Label, ...]
    unlabelled: int
    prices: Prices
    records: Mapping[str, Record]

    @property
    def labels(self) -> int:
        """How many pictures are labelled and recorded."""
        return sum(len(job.pictures) for job in self.jobs)


def match(folders: Iterable[Sequence[Record]], labels: Sequence[Label], further: Further = NO_MORE) -> Matched:
    """Jobs of which at least one picture is labelled; `folders` hold a job's records each. Raises CannotGoOn.

    `further` are looks that were taken later, by the picture's key.
    """
    jobs = [with_late_grades(sorted(records, key=lambda one: (one.revision, one.attempt))) for records in folders]
    votes, unknown = _votes(jobs, labels)
    used = [records for records in jobs if any(image.key in votes for image in _images(records))]
    return Matched(
        jobs=tuple(_job(records, votes, further) for records in used),
        unknown=tuple(unknown),
        unlabelled=sum(image.key not in votes for records in used for image in _images(records)),
        prices=_prices(used),
        records={
            image.key: record for records in used for record in records for image in record.images if image.key in votes
        },
    )


def _votes(jobs: Sequence[Sequence[Record]], labels: Sequence[Label]) -> tuple[dict[str, list[bool]], list[Label]]:
    """What was said of each picture by its key, and the labels of pictures that no record has."""
    prompts = {image.key: record.initial_prompt for records in jobs for record in records for image in record.images}
    names: dict[tuple[str, ...], list[str]] = {}
    for key in prompts:
        for suffix in _suffixes(key, 1):
            names.setdefault(suffix, []).append(key)
    votes: dict[str, list[bool]] = {}
    unknown: list[Label] = []
    for label in labels:
        named = next((names[suffix] for suffix in _suffixes(label.picture, 2) if suffix in names), [])
        keys = [key for key in named if label.prompt in (None, prompts[key])]
        if len(keys) > 1:
            raise CannotGoOn(f"row {label.line}: {label.picture} may be any of {len(keys)} pictures; name its job, too")
        if keys:
            votes.setdefault(keys[0], []).append(label.good)
        else:
            unknown.append(label)
    return votes, unknown


def _suffixes(key: str, least: int) -> Iterator[tuple[str, ...]]:
    """A key's last parts, the longest first, since a label may be written from wherever its author stood.

    At least `least` parts, where it has so many: what names a job means no other job's picture.
    """
    parts = tuple(part for part in key.replace("\\", "/").split("/") if part not in ("", "."))
    return (parts[start:] for start in range(max(1, len(parts) - least + 1)))


def _job(records: Sequence[Record], votes: Mapping[str, Sequence[bool]], further: Further) -> Job:
    pictures = (
        _picture(record.initial_prompt, image, votes[image.key], further.get(image.key, ()))
        for record in records
        for image in record.images
        if image.key in votes
    )
    return Job(records[0].job, records[0].initial_prompt, tuple(pictures))


def _picture(prompt: str, image: ImageRecord, votes: Sequence[bool], further: Sequence[VerdictRecord]) -> Picture:
    looks = tuple(heard(prompt, verdict) for verdict in (*image.verdicts, *further))
    return Picture(image.key, 2 * sum(votes) > len(votes), looks)


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
