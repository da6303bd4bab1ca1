"""From what is known of an attempt to what follows: the next message, the result, or the same attempt later.

Changes only the record in hand; `deliver` saves it and then acts. Must not call a model but through `rewrite`.
"""

from datetime import datetime, timedelta

from chalicelib.attempt.claim import read_earlier
from chalicelib.attempt.late_grades import grade_the_best
from chalicelib.attempt.rewrite import rewrite
from chalicelib.attempt.services import Attempt
from chalicelib.errors import PutOff, Unusable
from chalicelib.job.backoff import backoff
from chalicelib.job.job_result import by_revision, failure, ran_out, success, with_late_grades
from chalicelib.job.judging import missed_in_a_row
from chalicelib.job.message import FEEDBACK_CHARACTERS, Message, bounded_feedback
from chalicelib.job.record import Follow, NextMessage, Outcome, Record, Status
from chalicelib.job.result import NotAccepted, Result
from chalicelib.job.what_follows import Judged, Move, what_follows
from chalicelib.text.characters import cleaned
from chalicelib.text.cutting import cut


def conclude(attempt: Attempt) -> None:
    """Turn the judged attempt into an outcome with what follows. Raises what `rewrite` raises."""
    judged = attempt.record.judged
    assert judged is not None, "only a judged attempt is concluded"
    lesson = lesson_of(attempt.record)
    match what_follows(judged, attempt.standing):
        case Move.ACCEPT:
            end_accepted(attempt)
        case Move.NEXT_ATTEMPT:
            _go_on(attempt, attempt.message.next_attempt(lesson, attempt.record.spent_usd))
        case Move.REWRITE:
            _next_revision(attempt, judged, lesson)
        case Move.RUN_OUT:
            grade_the_best(attempt, history(attempt))
            end_failed(attempt, judged, None)


def lesson_of(record: Record) -> str:
    """What a rewriter can learn from the attempt, in short; nothing from a lost one."""
    if record.judged == "lost":
        return ""
    best = record.best
    missed = [finding.note or finding.requirement for finding in (best.findings if best else ()) if not finding.met]
    lesson = "; ".join(dict.fromkeys(missed)) or record.reason
    return cut(lesson, FEEDBACK_CHARACTERS).text


def _next_revision(attempt: Attempt, judged: Judged, lesson: str) -> None:
    """Another prompt; or the end, where the job is to give up on what no prompt brings."""
    records, patience = history(attempt), attempt.message.request.give_up_after
    streaks = missed_in_a_row(by_revision(records))
    hopeless = [requirement for requirement, times in streaks.items() if patience and times >= patience]
    if hopeless:
        missed = "; ".join(hopeless)
        grade_the_best(attempt, records)
        end_failed(attempt, judged, f"given up: every picture of {patience} revisions in a row missed: {missed}")
        return
    feedback = bounded_feedback((*attempt.record.feedback, lesson) if lesson else attempt.record.feedback)
    revision = rewrite(attempt, records, feedback)
    attempt.note(rewrite=revision)
    spent = attempt.record.spent_usd
    _go_on(
        attempt,
        attempt.message.next_revision(revision.prompt, revision.negative_prompt, lesson, spent, revision.seed),
    )


def _go_on(attempt: Attempt, message: Message) -> None:
    _finish(attempt, attempt.record.judged or "failed", Follow(message=NextMessage.of(message)))


def end_accepted(attempt: Attempt) -> None:
    """The job ends with this attempt's image."""
    _finish(attempt, "accepted", None)
    _end(attempt, success(history(attempt), *_where_and_when(attempt)))


def end_failed(
    attempt: Attempt, outcome: Outcome, error: str | None, why: str | None = None, status: NotAccepted = "FAIL"
) -> None:
    """The job ends without an accepted image; `error` None: its attempts ran out."""
    _finish(attempt, outcome, None)
    words = cleaned(error or "")
    attempt.note(why=why, reason=attempt.record.reason or words)
    records = with_late_grades(history(attempt))
    attempt.earlier, attempt.record = records[:-1], records[-1]
    _end(attempt, failure(records, words or ran_out(records), *_where_and_when(attempt), status))


def end_early(attempt: Attempt, error: str, status: NotAccepted = "FAIL") -> None:
    """The attempt cannot go on, or is not to. An image that all its looks accept wins all the same."""
    best = attempt.record.best
    if best is None or not best.accepted:
        unjudged: Outcome = "cancelled" if status == "CANCELLED" else "failed"
        end_failed(attempt, attempt.record.judged or unjudged, error, status=status)
        return
    attempt.note(judged="accepted", reason=best.reason)
    attempt.remark(f"not every image was checked: {error}")
    end_accepted(attempt)


def put_off(attempt: Attempt, error: PutOff | Unusable) -> None:
    """The same attempt later; at the stage's limits the job ends instead, and says so."""
    services, record, words = attempt.services, attempt.record, cleaned(str(error))
    now = services.clock()
    due = now + timedelta(seconds=backoff(record.deferrals, services.chance))
    waited = (due - record.began_at).total_seconds()
    settings = services.settings
    if record.deferrals + 1 > settings.max_deferrals or waited > settings.max_wait_seconds:
        end_early(
            attempt,
            f"put off {record.deferrals} times in {(now - record.began_at).total_seconds():.0f} s (MAX_DEFERRALS "
            f"{settings.max_deferrals}, MAX_WAIT_SECONDS {settings.max_wait_seconds}); the last time because {words}",
        )
        return
    attempt.note(status=Status.DEFERRED, not_before=due, deferrals=record.deferrals + 1, updated_at=now, why=words)


def block(attempt: Attempt, why: str) -> None:
    """A prompt that its model will not take is an outcome: the revision's other attempts are skipped."""
    attempt.note(judged="blocked", reason=cleaned(why))


def history(attempt: Attempt) -> list[Record]:
    """The records of all positions up to this one, which comes last; skipped and lost positions are passed over.

    They are final, so they are read once; the attempt keeps them for the report.
    """
    if attempt.earlier is not None:
        return [*attempt.earlier, attempt.record]
    earlier: list[Record] = []
    record, attempts = attempt.record, attempt.standing.attempts
    for revision in range(record.revision + 1):
        for number in range(attempts if revision < record.revision else record.attempt):
            found = read_earlier(attempt, revision, number)
            if found and found.outcome:  # a job that was resumed elsewhere has one without
                earlier.append(found)
    attempt.earlier = tuple(earlier)
    return [*earlier, attempt.record]


def _finish(attempt: Attempt, outcome: Outcome, follow: Follow | None) -> None:
    now = attempt.services.clock()
    attempt.note(status=Status.OUTCOME, outcome=outcome, next=follow, not_before=None, updated_at=now, why=None)


def _end(attempt: Attempt, result: Result) -> None:
    notes = (*attempt.services.remarks, *result.notes)
    attempt.note(next=Follow(result=result.with_changes(notes=notes)))


def _where_and_when(attempt: Attempt) -> tuple[datetime, str, str]:
    settings = attempt.services.settings
    return attempt.services.clock(), attempt.place.bucket, settings.aws_region
