"""A job played over recorded looks, with the rule, the order and the late grades that handlers use. Pure.

A picture is drawn when the ones before it were not accepted; a look is taken when the rule asks for it. A look that
was never recorded leaves its picture not accepted, as a judge that does not answer does, and is counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.calibration.looks import Job, Picture
from chalicelib.job.judging import Made, Rule, best_first, score, to_grade, with_verdict
from chalicelib.job.verdict import ImageRecord, Look, VerdictRecord


@dataclass(frozen=True)
class Outcome:
    """What a job came to: whether a good picture was delivered, what was made, and what it could not be told from.

    `missing` counts the pictures for which the rule asks for a look that nobody recorded.
    """

    good: bool
    accepted: bool
    images: int
    looks: int
    missing: int = 0


Play = Callable[[Job], Outcome]


@dataclass(frozen=True)
class Replay:
    """A rule, and the panel whose answers count, in its order; an empty one takes whoever was recorded first."""

    rule: Rule
    panel: tuple[str, ...] = ()

    def __call__(self, job: Job) -> Outcome:
        """Draw until a picture is accepted or none is left; then the best is delivered."""
        made: list[Made] = []
        looks = missing = 0
        for number, picture in enumerate(job.pictures):
            image, lacks = self._judged(picture)
            made.append(Made(image, (0, number, 0)))
            looks, missing = looks + len(image.verdicts), missing + lacks
            if image.accepted:
                return Outcome(picture.good, True, len(made), looks, missing)
        graded = self._graded_at_the_end(job, made)
        looks += sum(
            len(late.image.verdicts) - len(before.image.verdicts) for late, before in zip(graded, made, strict=True)
        )
        return Outcome(delivered(job, graded).good, False, len(made), looks, missing)

    def due(self, picture: Picture) -> tuple[Look, int] | None:
        """The look that the rule asks for and nobody recorded, with its turn."""
        return self.rule.next_look(self._verdicts(picture))

    def _judged(self, picture: Picture) -> tuple[ImageRecord, bool]:
        """The picture as its looks leave it, and whether one is missing."""
        verdicts = self._verdicts(picture)
        missing = self.rule.next_look(verdicts) is not None
        return image_of(picture, verdicts, accepted=self.rule.accepts(verdicts)), missing

    def _verdicts(self, picture: Picture) -> list[VerdictRecord]:
        """What the rule asks for, as far as it is recorded."""
        verdicts: list[VerdictRecord] = []
        while due := self.rule.next_look(verdicts):
            look, turn = due
            taken = picture.taken(look, judge_of(self.panel, turn))
            if taken is None:
                break
            verdicts.append(judged(taken, self.rule))
        return verdicts

    def _graded_at_the_end(self, job: Job, made: Sequence[Made]) -> list[Made]:
        """With the late grades of the best; one that was never recorded stays away, as one that cannot be had does."""
        late = {one.at: job.pictures[one.at[1]].taken("grade", judge_of(self.panel, 1)) for one in to_grade(made)}
        return [
            Made(with_verdict(one.image, judged(grade, self.rule)), one.at) if (grade := late.get(one.at)) else one
            for one in made
        ]


def judge_of(panel: Sequence[str], turn: int) -> str | None:
    """Whose look counts at a turn; None for anybody's."""
    return panel[turn % len(panel)] if panel else None


def delivered(job: Job, made: Sequence[Made]) -> Picture:
    """The best of what was made."""
    return job.pictures[best_first(made)[0].at[1]]


def judged(look: VerdictRecord, rule: Rule) -> VerdictRecord:
    """The look with the rule's verdict; words to its judge reject it whatever was answered."""
    return look.with_changes(accepted=rule.passes(look) and not look.lettering)


def image_of(picture: Picture, verdicts: Sequence[VerdictRecord], accepted: bool) -> ImageRecord:
    """The picture as a record has it."""
    image = ImageRecord(
        key=picture.name,
        sha256="",
        seed=None,
        generation=1,
        image_model="recorded",
        verdicts=tuple(verdicts),
        accepted=accepted,
    )
    return image.with_changes(score=score(image))
