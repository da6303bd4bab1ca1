"""`cancel`: a job is ended from here, by nothing but conditional writes to its outbox (`attempt/cancel.py`).

Where an attempt is under way, its end is waited for; nothing depends on that, and whoever waits may leave. Must not
send a message or ask a model.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

from chalicelib.attempt.cancel import Ended, NotBegun, UnderWay, cancel
from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Services
from chalicelib.aws.store import S3Store
from chalicelib.errors import Unavailable, Unreachable
from chalicelib.follow.job_events import JobEnded
from chalicelib.follow.reporting import Reporter
from chalicelib.job.outbox_keys import JobPlace, position
from chalicelib.job.protocol import due_at
from chalicelib.job.record import Record
from chalicelib.job.result import Result
from chalicelib.ports import Json, Place, WireMessage
from chalicelib.stage.find import SHOWN, find
from chalicelib.stage.listing import JobSeen, Listing
from chalicelib.stage.objects import Objects
from chalicelib.stage.where import CannotLook, Where, explained

PAUSE = 3.0  # seconds between two looks at an attempt that is under way
OK, INTERRUPTED = 0, 130


@dataclass(frozen=True)
class Cancelling:
    """`now` is this machine's time; `wait` is told seconds, True: the user has enough."""

    where: Where
    reporter: Reporter
    now: Callable[[], datetime]
    wait: Callable[[float], bool]

    def to_its_end(self, prefix: str | None, given: str) -> int:
        """The exit code. Raises CannotLook, and what a record that cannot be understood raises."""
        with explained(self.where.stage):
            seen = self._meant(prefix, given)
            if result := Objects(self.where.s3).result(seen):
                self.reporter.say(f"{seen.job} had ended already", "dim")
                return self._told(seen, result)
            return self._ended(seen)

    def _meant(self, prefix: str | None, given: str) -> JobSeen:
        found = find(Listing(self.where.s3, self.where.bucket, self.where.inbox), prefix, given)
        if not found:
            below = f"below {prefix}/" if prefix else "in the outbox"
            raise CannotLook(f"no job {given!r} has begun {below}, so there is nothing to end; {self._once_begun}")
        if found[0].alone:
            raise CannotLook(f"{found[0].job} lies under {found[0].alone}/ alone: it never began, and nothing is paid")
        folders = [one.folder for one in found if not one.alone]
        if len(folders) > 1:
            raise CannotLook(f"several jobs are meant: {', '.join(folders[:SHOWN])}; say which one with --prefix")
        return found[0]

    @property
    def _once_begun(self) -> str:
        stage = self.where.stage
        return f"`python -m chalicelib list --stage {stage}` shows what has, and once it has begun, run this again"

    def _ended(self, seen: JobSeen) -> int:
        place = JobPlace(self.where.bucket, seen.folder.removesuffix(f"/{seen.job}"), seen.job)
        services, told = services_of(self.where, self._clock()), False
        while True:
            match self._pass(services, place, again=told):
                case Ended(result):
                    return self._told(seen, result)
                case NotBegun():
                    raise CannotLook(f"{seen.job} has no record 000-000.json, so it has not begun; {self._once_begun}")
                case UnderWay(record) if not told:
                    self._tell_of(record)
                    told = True
            if self.wait(PAUSE):
                follow = f"python -m chalicelib watch {seen.job} --stage {self.where.stage}"
                self.reporter.say(f"the job ends with that attempt all the same; to see it: {follow}")
                return INTERRUPTED

    def _clock(self) -> Callable[[], datetime]:
        """This machine's, set by S3's: by one that is fast, an attempt under way would be taken for a dead one."""
        answer = self.where.s3.head_bucket(Bucket=self.where.bucket)
        fast = self.now() - parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return lambda: self.now() - fast

    def _pass(self, services: Services, place: JobPlace, *, again: bool) -> UnderWay | Ended | NotBegun | None:
        """None where S3 does not answer for now."""
        try:
            return cancel(services, place)
        except Unreachable as error:
            needs = "s3:ListBucket of the outbox, s3:GetObject and s3:PutObject of its objects"
            raise CannotLook(f"{error}; cancel needs {needs}") from None
        except Unavailable as error:
            if not again:
                raise CannotLook(f"S3 does not answer: {error}; run this again") from None
            self.reporter.warn(f"S3 does not answer, and is asked again: {error}")
            return None

    def _tell_of(self, record: Record) -> None:
        named = position(record.revision, record.attempt)
        self.reporter.say(f"attempt {named} of {record.job} is under way: the job ends with it, and no other is begun")
        self.reporter.say(f"waiting for it, until {due_at(record):%H:%M:%S} UTC at most; Ctrl-C does no harm", "dim")

    def _told(self, seen: JobSeen, result: Result) -> int:
        place = Place(self.where.bucket, f"{seen.folder}/result.json")
        self.reporter.event(JobEnded(place, result), self.where.shown(result.picture or place.key))
        return OK


def services_of(where: Where, now: Callable[[], datetime]) -> Services:
    """The pipeline's own surroundings over the user's S3; whatever else it has is not there."""
    nobody = _Nobody()
    return Services(
        settings=where.settings,
        store=S3Store(where.s3),
        work=nobody,
        dead_letters=nobody,
        models=nobody,
        clock=now,
        chance=random.SystemRandom(),
        journal=_unread,
        resolve=resolve,
        side_by_side=lambda call, things: [call(thing) for thing in things],
    )


class _Nobody:
    """The queues and models of who sends nothing and asks nobody."""

    def send(self, message: WireMessage, delay_seconds: int = 0) -> NoReturn:
        raise AssertionError("a cancel sends no message")

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> NoReturn:
        raise AssertionError("a cancel asks no model")

    def converse(self, region: str, model_id: str, request: Json, timeout: float) -> NoReturn:
        raise AssertionError("a cancel asks no model")


def _unread(line: Json) -> None:
    """The lines are an operator's, who reads those of the functions."""
