"""What each way of accepting comes to, on looks that judges once took and what people said of the pictures.

`python -m tests.measures.judging LOOKS.jsonl` plays them through the product's own rule, order and late grades, and
prints each mode beside one grade alone and the checklist alone. A line is one look at one picture:

    {"prompt": "p01", "image": "0", "judge": "model", "look": "checklist", "answers": [true, false], "grade": null,
     "label": false}

`look` is checklist, grade or second grade (or both, a grade and a checklist in one answer); `answers` has an entry for
each requirement of the prompt, `grade` is 0 to 10, and either may be null or left out where the look does not ask for
it. `label` is what people said of the picture, the same in all its lines. Pictures are drawn in the order of their
first line. Economy takes a checklist and a grade as one look where no such look is in the file, which flatters it. Of
several judges who took the same kind of look the first counts, or with `--panel a,b` the one whose turn it is.

tests/measures/looks.jsonl is made up (tests/measures/looks_sample.py): it shows how this runs, not how judges judge.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.calibration.figures import SEED, Figure, Prices, Resamples, figures, interval, prompts_of, resamples
from chalicelib.calibration.looks import Job, Picture
from chalicelib.calibration.replay import Outcome, Play, Replay, delivered, image_of, judge_of, judged
from chalicelib.calibration.table import table
from chalicelib.job.judging import LOOKS, Made, Rule
from chalicelib.job.verdict import FindingRecord, Look, VerdictRecord

SAMPLE = Path(__file__).with_name("looks.jsonl")
PRICES = Prices()
KINDS = ("checklist", "grade", "second grade", "both")


class BadLine(ValueError):
    """A line that is no look; the message says which and why."""


def read_looks(lines: Iterable[str]) -> list[Job]:
    """A job a prompt. Raises BadLine."""
    prompts: dict[str, dict[str, list[tuple[bool, VerdictRecord]]]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                one = json.loads(line)
                entry = (_boolean(one["label"]), _taken(one))
                prompts.setdefault(str(one["prompt"]), {}).setdefault(str(one["image"]), []).append(entry)
            except (ValueError, KeyError, TypeError) as error:
                raise BadLine(f"line {number}: {error!r}") from None
    return [Job(prompt, prompt, tuple(_pictures(prompt, images))) for prompt, images in prompts.items()]


def grade_alone(job: Job) -> Outcome:
    """One grade of at least 9, the first picture that has it; nothing where none has."""
    for made, picture in enumerate(job.pictures, 1):
        grade = picture.taken("grade", None)
        if grade and (grade.grade or 0) >= 9:
            return Outcome(picture.good, True, made, made)
    return Outcome(False, False, len(job.pictures), len(job.pictures))


def checklist_alone(job: Job) -> Outcome:
    """The checklist alone, accepted with everything met; else the best by the share that is met."""
    made, rule = [], Rule.of("balanced")
    for number, picture in enumerate(job.pictures):
        checklist = picture.taken("checklist", None)
        verdict = judged(checklist, rule) if checklist else None
        image = image_of(picture, [verdict] if verdict else [], accepted=bool(verdict and verdict.accepted))
        made.append(Made(image, (0, number, 0)))
        if image.accepted:
            break
    return Outcome(delivered(job, made).good, bool(made[-1].image.accepted), len(made), len(made))


def ways(panel: tuple[str, ...] = ()) -> dict[str, Play]:
    """Everything that is compared, by name."""
    modes: dict[str, Play] = {mode: Replay(Rule.of(mode), panel) for mode in LOOKS}
    economy = modes["economy"]
    modes["economy"] = lambda job: economy(_with_joined_looks(job, panel))
    return {"one grade alone": grade_alone, "the checklist alone": checklist_alone, **modes}


def gained(play: Play, against: Play, prompts: Sequence[Sequence[Job]], drawn: Resamples) -> Figure:
    """How many more good pictures are delivered than by another rule, as a share of jobs: the same prompts for both."""
    counted = [(sum(play(job).good - against(job).good for job in jobs), len(jobs)) for jobs in prompts]

    def of(numbers: Iterable[int]) -> float:
        more, jobs = map(sum, zip(*(counted[number] for number in numbers), strict=True))
        return more / jobs

    return interval(of(range(len(counted))), map(of, drawn))


def told(jobs: list[Job], panel: tuple[str, ...] = (), prices: Prices = PRICES) -> Iterator[str]:
    """The table, and what it stands on."""
    prompts = prompts_of(jobs)
    drawn = resamples(len(prompts))
    plays = ways(panel)
    rows = [(name, figures(play, prompts, drawn, prices)) for name, play in plays.items()]
    yield from table(rows)
    for other in ("one grade alone", "the checklist alone"):
        more = ((mode, gained(plays[mode], plays[other], prompts, drawn)) for mode in LOOKS)
        points = (f"{mode} {100 * one.value:+.1f} [{100 * one.low:+.1f}, {100 * one.high:+.1f}]" for mode, one in more)
        yield f"good delivered against {other}, in points: {'; '.join(points)}"
    count = sum(len(job.pictures) for job in jobs)
    yield f"{len(jobs)} prompts, {count} pictures; ${prices.image:g} an image, ${prices.look:g} a look; 95 % intervals"
    yield f"from {len(drawn)} resamples of the prompts (seed {SEED}), the same for every row."
    yield from (f"{name}: {row.missing} pictures lack a look that it asks for." for name, row in rows if row.missing)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.measures.judging", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("looks", type=Path, nargs="?", default=SAMPLE, help="a look a line (the sample)")
    parser.add_argument("--panel", default="", metavar="A,B", help="the judges whose answers count, in their order")
    given = parser.parse_args(arguments)
    try:
        jobs = read_looks(given.looks.read_text(encoding="utf-8").splitlines())
    except (BadLine, OSError) as error:
        parser.error(f"{given.looks}: {error}")
    if not jobs:
        parser.error(f"{given.looks}: no look in it")
    print("\n".join(told(jobs, tuple(filter(None, given.panel.split(","))))))
    return 0


def _with_joined_looks(job: Job, panel: tuple[str, ...]) -> Job:
    """Each picture that nobody looked at for both at once with a checklist and a grade as one such look.

    Where a requirement is unmet, no grade is needed.
    """

    def joined(picture: Picture) -> Picture:
        checklist = picture.taken("checklist", judge_of(panel, 0))
        grade = picture.taken("grade", judge_of(panel, 1))
        if checklist is None or (grade is None and all(finding.met for finding in checklist.requirements)):
            return picture
        both = checklist.with_changes(look="both", grade=grade.grade if grade else None)
        return replace(picture, looks=(*picture.looks, both))

    return replace(job, pictures=tuple(map(joined, job.pictures)))


def taken(
    judge: str, look: Look, answers: Iterable[bool] = (), grade: float | None = None, *, spoke: bool = False
) -> VerdictRecord:
    """A look as it was answered: for each requirement whether it is met, and a grade, where it was asked for.

    `spoke`: the picture holds words to its judge that nobody asked for.
    """
    met = tuple(FindingRecord(requirement=f"requirement {n}", met=here) for n, here in enumerate(answers, 1))
    return VerdictRecord(
        model=judge, look=look, accepted=True, reason="", requirements=met, grade=grade, lettering=spoke
    )


def _taken(one: dict[str, Any]) -> VerdictRecord:
    answers, grade = one.get("answers"), one.get("grade")
    if one["look"] not in KINDS:
        raise ValueError(f"look {one['look']!r} is none of {', '.join(KINDS)}")
    if one["look"] in ("checklist", "both") and not answers:
        raise ValueError("a checklist without answers")
    if one["look"] != "checklist" and not (isinstance(grade, int | float) and 0 <= grade <= 10):
        raise ValueError(f"grade {grade!r} is no number from 0 to 10")
    return taken(str(one["judge"]), one["look"], map(_boolean, answers or ()), grade)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _pictures(prompt: str, images: dict[str, list[tuple[bool, VerdictRecord]]]) -> Iterator[Picture]:
    for image, entries in images.items():
        if len({good for good, _ in entries}) > 1:
            raise BadLine(f"picture {image} of {prompt} is labelled both ways")
        yield Picture(image, entries[0][0], tuple(look for _, look in entries))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
