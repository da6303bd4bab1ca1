"""From what is known of an attempt to what follows: the next message, the result, or the same attempt later.

Changes only the record in hand; `deliver` saves it and then acts. Must not call a model but through `rewrite`.
"""

from datetime import datetime, timedelta

from chalicelib.attempt.claim import read_earlier
from chalicelib.attempt.rewrite import rewrite
from chalicelib.attempt.services import Attempt
from chalicelib.errors import Blocked, PutOff, Unusable
from chalicelib.job.job_result import failure, ran_out, success
from chalicelib.job.message import Message
from chalicelib.job.record import Follow, NextMessage, Outcome, Record, Status
from chalicelib.job.what_follows import Move, backoff, what_follows
from chalicelib.text.characters import cleaned

FAILURES_TOLD = 6


def conclude(attempt: Attempt) -> None:
    """Turn the judged attempt into an outcome with what follows. Raises what `rewrite` raises."""
    judged = attempt.record.judged
    assert judged is not None, "only a judged attempt is concluded"
    told = failure_told(attempt.record)
    match what_follows(judged, attempt.position):
        case Move.ACCEPT:
            end_accepted(attempt)
        case Move.NEXT_ATTEMPT:
            _go_on(attempt, attempt.message.next_attempt(told, attempt.record.spent_usd))
        case Move.REWRITE:
            revision = rewrite(attempt, told)
            attempt.note(rewrite=revision)
            _go_on(
                attempt,
                attempt.message.next_revision(
                    revision.prompt, revision.negative_prompt, told, attempt.record.spent_usd
                ),
            )
        case Move.RUN_OUT:
            end_failed(attempt, judged, None)


def failure_told(record: Record) -> str:
    """What a rewriter can learn from the attempt: the reason and the requirements not met; nothing from a lost one."""
    if record.judged == "lost":
        return ""
    best = record.best
    unmet = [
        finding.note or finding.requirement
        for verdict in (best.verdicts if best else ())
        for finding in verdict.requirements
        if not finding.met
    ]
    return "; ".join(dict.fromkeys((record.reason, *unmet[:FAILURES_TOLD])))


def _go_on(attempt: Attempt, message: Message) -> None:
    _finish(attempt, attempt.record.judged or "failed", Follow(message=NextMessage.of(message)))


def end_accepted(attempt: Attempt) -> None:
    """The job ends with this attempt's image."""
    _finish(attempt, "accepted", None)
    result = success(history(attempt), *_where_and_when(attempt))
    attempt.note(next=Follow(result=result))


def end_failed(attempt: Attempt, outcome: Outcome, error: str | None, why: str | None = None) -> None:
    """The job ends without an accepted image; `error` None: its attempts ran out."""
    _finish(attempt, outcome, None)
    words = cleaned(error or "")
    attempt.note(why=why, reason=attempt.record.reason or words)
    records = history(attempt)
    result = failure(records, words or ran_out(records), *_where_and_when(attempt))
    attempt.note(next=Follow(result=result))


def end_early(attempt: Attempt, error: str) -> None:
    """The attempt cannot go on. An image that the whole panel has accepted wins all the same."""
    best = attempt.record.best
    if best is None or not best.accepted:
        end_failed(attempt, attempt.record.judged or "failed", error)
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


def block(attempt: Attempt, error: Blocked) -> None:
    """A content filter is an outcome: the revision's other attempts are skipped."""
    attempt.note(judged="blocked", reason=f"the content filter stopped the {error.what}: {cleaned(error.words)}")


def history(attempt: Attempt) -> list[Record]:
    """The records of all positions up to this one, which comes last; skipped and lost positions are passed over.

    The attempt keeps them for the report.
    """
    earlier: list[Record] = []
    record, position = attempt.record, attempt.position
    for revision in range(record.revision + 1):
        for number in range(position.attempts if revision < record.revision else record.attempt):
            found = read_earlier(attempt, revision, number)
            if found and found.outcome:  # a job that was resumed elsewhere has one without
                earlier.append(found)
    attempt.earlier = tuple(earlier)
    return [*earlier, attempt.record]


def _finish(attempt: Attempt, outcome: Outcome, follow: Follow | None) -> None:
    now = attempt.services.clock()
    attempt.note(status=Status.OUTCOME, outcome=outcome, next=follow, not_before=None, updated_at=now, why=None)


def _where_and_when(attempt: Attempt) -> tuple[datetime, str, str]:
    settings = attempt.services.settings
    return attempt.services.clock(), attempt.place.bucket, settings.aws_region
