"""What the pictures of a whole job never showed, and what only some did: the findings of its records added up. Pure.

Another question than `judging.never_met`, which looks at the newest prompts only.
"""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.job.record import Record


class Missed(NamedTuple):
    """Of `looked` pictures with findings: met in none; met in some, with the number, the rarest first."""

    looked: int
    never: tuple[str, ...]
    some: tuple[tuple[str, int], ...]


def missed(records: Sequence[Record]) -> Missed:
    """Over all images."""
    looked = [image for record in records for image in record.images if image.findings]
    asked = dict.fromkeys(finding.requirement for image in looked for finding in image.findings)
    met = {requirement: sum(requirement not in image.lacking for image in looked) for requirement in asked}
    some = sorted((pair for pair in met.items() if 0 < pair[1] < len(looked)), key=lambda pair: pair[1])
    return Missed(len(looked), tuple(name for name in met if not met[name]), tuple(some))
