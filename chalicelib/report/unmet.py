"""What no picture of a job ever showed, told from the findings in its records. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.job.record import Record


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
    """Over all images."""
    found: dict[str, list[bool]] = {}
    looked = 0
    for image in (image for record in records for image in record.images):
        looked += bool(image.findings)
        for finding in image.findings:
            found.setdefault(finding.requirement, []).append(finding.met)
    tallies = [Tally(requirement, sum(met), len(met)) for requirement, met in found.items()]
    never = tuple(tally for tally in tallies if tally.met == 0)
    some = tuple(tally for tally in tallies if 0 < tally.met < tally.looked)
    return Missed(looked, never, tuple(sorted(some, key=lambda tally: tally.met / tally.looked)))
