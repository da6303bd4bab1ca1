"""What was recorded of judges and what people said: values only, wherever they come from."""

from dataclasses import dataclass

from chalicelib.job.verdict import Look, VerdictRecord
from chalicelib.text.written import to_a_judge


@dataclass(frozen=True)
class Picture:
    """A picture that people called good or not, with every look that was taken at it."""

    name: str
    good: bool
    looks: tuple[VerdictRecord, ...]

    def taken(self, look: Look, judge: str | None) -> VerdictRecord | None:
        """The look as this judge answered it; without a judge, as whoever took it first did."""
        return next((each for each in self.looks if each.look == look and judge in (None, each.model)), None)


@dataclass(frozen=True)
class Job:
    """The pictures of one job in the order in which they were made; jobs of one prompt err together."""

    name: str
    prompt: str
    pictures: tuple[Picture, ...]


def heard(prompt: str, verdict: VerdictRecord) -> VerdictRecord:
    """A look with what today's code makes of the words in the picture; `prompt` is what it was made for."""
    asked = " ".join((prompt, *(finding.requirement for finding in verdict.requirements)))
    return verdict.with_changes(lettering=to_a_judge(verdict.words, asked) is not None)
