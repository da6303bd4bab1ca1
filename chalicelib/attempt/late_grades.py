"""When a job runs out without an accepted image, its best ungraded ones get a grade, so that the best is delivered.

Worth two checks, never the job's end: what cannot be graded now is left ungraded. Must not decide which is best.
"""

from chalicelib.attempt.ask import usable_models
from chalicelib.attempt.look import look_at
from chalicelib.attempt.services import Attempt
from chalicelib.errors import JobFails, ModelError, StoreError
from chalicelib.job.job_result import images_made
from chalicelib.job.judging import Made, to_grade
from chalicelib.job.record import LateGrade, Record
from chalicelib.picture import NotAnImage


def grade_the_best(attempt: Attempt, records: list[Record]) -> None:
    """Note a late grade for each of the best by share that has none; `records` are all of the job's."""
    for made in to_grade(images_made(records)):
        try:
            _grade(attempt, made)
        except (ModelError, JobFails, StoreError, NotAnImage) as error:
            attempt.remark(f"{made.image.key.rpartition('/')[2]} was not graded at the end: {error}")


def _grade(attempt: Attempt, made: Made) -> None:
    revision, number, image = made.at
    stored = attempt.services.store.read(attempt.place.image(revision, number, image))
    if stored is None:
        return
    panel = usable_models(attempt)
    verdict = look_at(attempt, panel[1 % len(panel)], "grade", stored.body)
    attempt.note(late_grades=(*attempt.record.late_grades, LateGrade(image=made.image.key, verdict=verdict)))
