"""What was recorded of judges and what people said: values only, wherever they come from."""

from dataclasses import dataclass

from chalicelib.job.verdict import Look, VerdictRecord
from chalicelib.text.written import to_a_judge


@dataclass(frozen=True)
class Taken:
    """One look as it was answered: for each requirement whether it is met, and a grade, where it was asked for.

    `spoke`: the picture holds words to its judge that nobody asked for, so the look rejects whatever was answered.
    """

    judge: str
    look: Look
    answers: tuple[bool, ...] | None = None
    grade: float | None = None
    spoke: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture that people called good or not, with every look that was taken at it."""

    name: str
    good: bool
    looks: tuple[Taken, ...]

    def taken(self, look: Look, judge: str | None) -> Taken | None:
        """The look as this judge answered it; without a judge, as whoever took it first did."""
        return next((each for each in self.looks if each.look == look and judge in (None, each.judge)), None)


@dataclass(frozen=True)
class Job:
    """The pictures of one job in the order in which they were made; jobs of one prompt err together."""

    name: str
    prompt: str
    pictures: tuple[Picture, ...]


def taken_of(prompt: str, verdict: VerdictRecord) -> Taken:
    """A look as a record has it; `prompt` is what the picture was made for."""
    asked = " ".join((prompt, *(finding.requirement for finding in verdict.requirements)))
    return Taken(
        judge=verdict.model,
        look=verdict.look,
        answers=tuple(finding.met for finding in verdict.requirements) or None,
        grade=verdict.grade,
        spoke=to_a_judge(verdict.words, asked) is not None,
    )
