"""What no picture of a job ever showed, told from the findings in its records. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.job.record import Record
from chalicelib.job.verdict import ImageRecord


class Tally(NamedTuple):
    """A requirement, and in how many of the pictures looked at for it it was met."""

    requirement: str
    met: int
    looked: int


class Missed(NamedTuple):
    """`never` met in any picture; met in `some`, though not in all. `looked`: the pictures with any finding."""

    looked: int
    never: tuple[Tally, ...]
    some: tuple[Tally, ...]


def missed(records: Sequence[Record]) -> Missed:
    """Over all images; where judges differ about one, the requirement is not met there."""
    found: dict[str, list[bool]] = {}
    looked = 0
    for image in (image for record in records for image in record.images):
        findings = _findings(image)
        looked += bool(findings)
        for requirement, met in findings.items():
            found.setdefault(requirement, []).append(met)
    tallies = [Tally(requirement, sum(met), len(met)) for requirement, met in found.items()]
    never = tuple(tally for tally in tallies if tally.met == 0)
    some = tuple(tally for tally in tallies if 0 < tally.met < tally.looked)
    return Missed(looked, never, tuple(sorted(some, key=lambda tally: tally.met / tally.looked)))


def _findings(image: ImageRecord) -> dict[str, bool]:
    findings: dict[str, bool] = {}
    for finding in (finding for verdict in image.verdicts for finding in verdict.requirements):
        findings[finding.requirement] = findings.get(finding.requirement, True) and finding.met
    return findings
