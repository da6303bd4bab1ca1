"""When an image is accepted, and which of a job's images is the best: the rule, and one total order. Pure.

An image passes through looks in sequence and stops at the first no. The checklist asks for each requirement by itself,
and no model is ever asked for a verdict: this module computes it. Then another look, blind to the first, grades the
whole. On recorded judges with people's labels (159 prompts × 5 pictures) this delivered a good picture for 46.6 % of
the prompts, one grade alone for 39.7 %, the checklist alone for 37.8 %; an image with an unmet requirement was good in
0 to 5 % of cases. Share and grade together rank; the share alone ties for 87 % of prompts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chalicelib.job.verdict import ImageRecord, Look, VerdictRecord
from chalicelib.models.types import TriedPrompt

Acceptance = Literal["economy", "balanced", "strict"]
LOOKS: dict[Acceptance, tuple[Look, ...]] = {
    "economy": ("both",),
    "balanced": ("checklist", "grade"),
    "strict": ("checklist", "grade", "second grade"),
}
GRADES: dict[Acceptance, float] = {"economy": 8, "balanced": 9, "strict": 9}
UNANSWERED = 3  # deferrals for one image whose judge, or one rewrite whose writer, will not answer; then without it
GRADED_AT_THE_END = 2
NEVER_MET = 2  # revisions in a row that miss a requirement in every picture


@dataclass(frozen=True)
class Rule:
    """How the images of a job are looked at, and what every grade must reach (0 to 10)."""

    acceptance: Acceptance
    accept_grade: float

    @classmethod
    def of(cls, acceptance: Acceptance, accept_grade: float | None = None) -> "Rule":
        return cls(acceptance, GRADES[acceptance] if accept_grade is None else accept_grade)

    @property
    def looks(self) -> tuple[Look, ...]:
        """In the order in which they are taken."""
        return LOOKS[self.acceptance]

    def next_look(self, verdicts: Sequence[VerdictRecord]) -> tuple[Look, int] | None:
        """The look still to be taken and its turn (0 is the first); None after a no, or when all are taken."""
        taken = [verdict.look for verdict in verdicts]
        if not all(verdict.accepted for verdict in verdicts):
            return None
        return next(((look, turn) for turn, look in enumerate(self.looks) if look not in taken), None)

    def passes(self, verdict: VerdictRecord) -> bool:
        """Whether one look accepts: every requirement answered as met, and a grade that reaches what is asked."""
        asked_to_check, asked_to_grade = verdict.look in ("checklist", "both"), verdict.look != "checklist"
        checked = bool(verdict.requirements) and all(finding.met for finding in verdict.requirements)
        graded = verdict.grade is not None and verdict.grade >= self.accept_grade
        return (checked or not asked_to_check) and (graded or not asked_to_grade)

    def accepts(self, verdicts: Sequence[VerdictRecord]) -> bool:
        """Whether all looks were taken and every one accepts."""
        return self.next_look(verdicts) is None and bool(verdicts) and all(verdict.accepted for verdict in verdicts)


def score(image: ImageRecord) -> float:
    """0 to 1: the share of requirements met and the grade, half each; no grade counts as none of it."""
    return round((image.share + (image.grade or 0.0) / 10) / 2, 4)


def with_verdict(image: ImageRecord, verdict: VerdictRecord) -> ImageRecord:
    """The image with one look more, and the score that this gives it."""
    more = image.with_changes(verdicts=(*image.verdicts, verdict))
    return more.with_changes(score=score(more))


class Made(NamedTuple):
    """An image and where in its job it was made: revision, attempt, number."""

    image: ImageRecord
    at: tuple[int, int, int]


def best_first(images: Sequence[Made]) -> list[Made]:
    """The one total order: accepted, then share and grade, more looks, later; at the end what speaks to its judge."""
    return sorted(images, key=_rank, reverse=True)


def _rank(made: Made) -> tuple[bool, bool, float, int, tuple[int, int, int]]:
    image = made.image
    return bool(image.accepted), not image.lettering, score(image), len(image.verdicts), made.at


def to_grade(images: Sequence[Made]) -> list[Made]:
    """The images that still get a grade when a job runs out: the best by share of those without one."""
    ungraded = [
        made
        for made in best_first(images)
        if made.image.grade is None and made.image.share > 0 and not made.image.lettering
    ]
    return sorted(ungraded, key=lambda made: made.image.share, reverse=True)[:GRADED_AT_THE_END]


def missed_in_a_row(revisions: Sequence[Sequence[ImageRecord]]) -> dict[str, int]:
    """For each requirement the newest revisions in a row in which every image that was looked at missed it.

    `revisions` are a job's images by revision, oldest first; one without an image that was looked at says nothing.
    """
    streaks: dict[str, int] = {}
    for missed in _missed_by_all(revisions):
        streaks = {requirement: streaks.get(requirement, 0) + 1 for requirement in missed}
    return streaks


def _missed_by_all(revisions: Sequence[Sequence[ImageRecord]]) -> Iterator[tuple[str, ...]]:
    for images in revisions:
        looked_at = [image for image in images if image.findings]
        if looked_at:
            yield tuple(
                requirement
                for requirement in looked_at[0].lacking
                if all(requirement in image.lacking for image in looked_at)
            )


def never_met(revisions: Sequence[Sequence[ImageRecord]]) -> tuple[str, ...]:
    """The requirements that every picture of two revisions in a row missed, up to the newest."""
    return tuple(requirement for requirement, times in missed_in_a_row(revisions).items() if times >= NEVER_MET)


def tried(prompt: str, images: Sequence[ImageRecord], requirements: Sequence[str]) -> TriedPrompt:
    """A prompt's pictures summed up for a rewriter."""
    looked_at = [image for image in images if image.findings]
    misses = [sum(requirement in image.lacking for image in looked_at) for requirement in requirements]
    return TriedPrompt(
        prompt=prompt,
        best_share=round(max((image.share for image in looked_at), default=0.0), 2),
        best_grade=max((image.grade for image in looked_at if image.grade is not None), default=None),
        missed=tuple((number, count) for number, count in enumerate(misses, 1) if count),
        held=tuple(number for number, count in enumerate(misses, 1) if looked_at and not count),
    )
