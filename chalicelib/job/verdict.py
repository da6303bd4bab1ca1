"""What was seen on an image, as a record keeps it: one verdict for each look a vision model took. Values only."""

from typing import Literal

from chalicelib.job.frozen import Part

Look = Literal["checklist", "grade", "second grade", "both"]


class FindingRecord(Part):
    """One requirement as a look answered it; `note` is what the picture shows there."""

    requirement: str
    met: bool
    note: str = ""


class VerdictRecord(Part):
    """What one vision model said of one image in one look; `grade` is 0 to 10, None where none was asked for.

    `lettering`: the picture has words that speak to its judge, and that nobody asked for.
    """

    model: str
    look: Look = "checklist"
    accepted: bool
    reason: str
    shows: str = ""
    requirements: tuple[FindingRecord, ...] = ()
    grade: float | None = None
    faults: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    lettering: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class ImageRecord(Part):
    """One saved image. `score` is 0 to 1: half the share of requirements met, half the grade.

    `unanswered` counts the times its judge gave no answer that could be read; `unjudged_by` is the judge it was then
    given up with.
    """

    key: str
    sha256: str
    seed: int | None
    generation: int
    image_model: str
    thumbnail: str | None = None
    verdicts: tuple[VerdictRecord, ...] = ()
    accepted: bool | None = None
    score: float = 0.0
    reason: str = ""
    unanswered: int = 0
    unjudged_by: str | None = None

    @property
    def findings(self) -> tuple[FindingRecord, ...]:
        """Every answer to a requirement, in the order of the list."""
        return tuple(finding for verdict in self.verdicts for finding in verdict.requirements)

    @property
    def share(self) -> float:
        """Of the requirements, how many are met: 0 to 1; 0 where nobody looked."""
        findings = self.findings
        return sum(finding.met for finding in findings) / len(findings) if findings else 0.0

    @property
    def grade(self) -> float | None:
        """The mean of its grades, None where it has none."""
        grades = [verdict.grade for verdict in self.verdicts if verdict.grade is not None]
        return sum(grades) / len(grades) if grades else None

    @property
    def lacking(self) -> tuple[str, ...]:
        """The requirements it does not meet."""
        return tuple(finding.requirement for finding in self.findings if not finding.met)

    @property
    def lettering(self) -> bool:
        """Whether it speaks to its judge."""
        return any(verdict.lettering for verdict in self.verdicts)

    @property
    def shows(self) -> str:
        """What it shows in the words of the first look that said so."""
        return next((verdict.shows for verdict in self.verdicts if verdict.shows), "")
