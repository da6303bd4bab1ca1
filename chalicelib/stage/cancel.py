"""`cancel`: jobs are ended from here, by nothing but conditional writes to their outbox (`attempt/cancel.py`).

Where an attempt is under way, its end is waited for; nothing depends on that, and whoever waits may leave. What keeps
one job from being ended keeps no other from it, unless a name means several; it is told at the end. Must not send a
message or ask a model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

from chalicelib.attempt.cancel import Ended, NotBegun, UnderWay, cancel
from chalicelib.attempt.services import Services
from chalicelib.errors import CannotGoOn, Refused, Unavailable, Unreachable, UnreadableRecord
from chalicelib.follow.job_events import JobEnded
from chalicelib.follow.reporting import Reporter
from chalicelib.job.message import is_job_name
from chalicelib.job.outbox_keys import JobPlace, position
from chalicelib.job.protocol import due_at
from chalicelib.job.record import Record
from chalicelib.job.request import DEFAULT_PREFIX
from chalicelib.job.result import Result
from chalicelib.stage.find import MESSAGE_ID, SHOWN, find_all
from chalicelib.stage.listing import JobSeen, Listing
from chalicelib.stage.objects import in_parallel
from chalicelib.stage.outbox_alone import services_of
from chalicelib.stage.where import Where, explained

PAUSE = 3.0  # seconds between two looks at attempts that are under way
OK, INTERRUPTED = 0, 130
NEEDED = "cancel needs s3:ListBucket of the outbox, s3:GetObject and s3:PutObject of its objects"


@dataclass(frozen=True)
class HadEnded:
    """The job had its result before anybody asked."""

    result: Result


@dataclass(frozen=True)
class Hindered:
    """Why this job was not ended; `passes`: perhaps it can be in a moment."""

    why: str
    passes: bool = False


Came = Ended | HadEnded | UnderWay | NotBegun | Hindered


@dataclass
class Cancelling:
    """`now` is this machine's time; `wait` is told seconds, True: the user has enough.

    `ahead`: what has not begun is kept from it; what is given is its whole name, then.
    """

    where: Where
    reporter: Reporter
    now: Callable[[], datetime]
    wait: Callable[[float], bool]
    ahead: bool = False
    _hindered: list[str] = field(default_factory=list)
    _told: set[JobPlace] = field(default_factory=set)  # of these it was said that an attempt is under way

    def to_its_end(self, prefix: str | None, given: Sequence[str]) -> int:
        """The exit code. Raises CannotGoOn once all is done that can be done."""
        with explained(self.where.stage):
            interrupted = self._end_all(self._meant(prefix, given))
        if self._hindered:
            raise CannotGoOn("\n".join(dict.fromkeys(self._hindered)))
        return INTERRUPTED if interrupted else OK

    def _meant(self, prefix: str | None, given: Sequence[str]) -> list[JobPlace]:
        """The jobs, those first that have not begun: they would begin next. Raises CannotGoOn."""
        found = find_all(Listing(self.where.s3, self.where.bucket, self.where.inbox), prefix, given)
        begun = [self._begun(seen) for seen in found.values() if seen]
        to_come = [self._to_come(prefix, name) for name, seen in found.items() if not seen]
        return list(dict.fromkeys(filter(None, (*to_come, *begun))))

    def _begun(self, found: Sequence[JobSeen]) -> JobPlace | None:
        folders = [one.folder for one in found if not one.alone]
        if not folders:
            self._hindered.append(
                f"{found[0].job} lies under {found[0].alone}/ alone: it never began, and nothing is paid"
            )
        elif len(folders) > 1:
            several = ", ".join(folders[:SHOWN])
            self._hindered.append(f"several jobs are meant: {several}; say which one with --prefix")
        else:
            return JobPlace(self.where.bucket, folders[0].removesuffix(f"/{found[0].job}"), found[0].job)
        return None

    def _to_come(self, prefix: str | None, name: str) -> JobPlace | None:
        if not self.ahead:
            below = f"below {prefix}/" if prefix else "in the outbox"
            self._hindered.append(
                f"no job {name!r} has begun {below}, so there is nothing to end: `python -m chalicelib list --stage "
                f"{self.where.stage}` shows what has; with --not-begun and its whole name it is kept from beginning"
            )
        elif MESSAGE_ID.fullmatch(name) or not is_job_name(name) or name.endswith("-"):
            self._hindered.append(f"{name!r} is no job's whole name: before it has begun, nobody knows which is meant")
        else:
            return JobPlace(self.where.bucket, prefix or DEFAULT_PREFIX, name)
        return None

    def _end_all(self, places: list[JobPlace]) -> bool:
        """Whether the user left while something was still under way."""
        services = services_of(self.where, self._clock()) if places else None
        while services and places:
            came = list(zip(places, in_parallel(partial(self._pass, services), places), strict=True))
            until = [due_at(one.record) for place, one in came if isinstance(one, UnderWay) and place not in self._told]
            places = [place for place, one in came if self._goes_on(place, one)]
            if until:
                told = f"waiting until {max(until):%H:%M:%S} UTC at most; Ctrl-C does no harm"
                self.reporter.say(told, "dim")
            if places and self.wait(PAUSE):
                follow = f"python -m chalicelib watch {' '.join(place.job for place in places)}"
                told = f"what is under way ends its job all the same; to see it: {follow}"
                self.reporter.say(f"{told} --stage {self.where.stage}")
                return True
        return False

    def _clock(self) -> Callable[[], datetime]:
        """This machine's, set by S3's: by one that is fast, an attempt under way would be taken for a dead one."""
        answer = self.where.s3.head_bucket(Bucket=self.where.bucket)
        fast = self.now() - parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return lambda: self.now() - fast

    def _pass(self, services: Services, place: JobPlace) -> Came:
        """One look, and what can be done at it."""
        try:
            if place not in self._told and (stored := services.store.read(place.result)):
                return HadEnded(Result.model_validate_json(stored.body))
            return cancel(services, place, ahead=self.ahead)
        except Unreachable as error:
            return Hindered(f"{error}; {NEEDED}")
        except Unavailable as error:
            return Hindered(f"S3 does not answer: {error}; run this again", passes=place in self._told)
        except (Refused, UnreadableRecord) as error:
            return Hindered(str(error))

    def _goes_on(self, place: JobPlace, came: Came) -> bool:
        """Tell what came; whether the job is still to be looked at."""
        match came:
            case UnderWay(record):
                self._tell_of(place, record)
                return True
            case Ended(result) | HadEnded(result):
                if isinstance(came, HadEnded):
                    self.reporter.say(f"{place.job} had ended already", "dim")
                shown = self.where.shown(result.to_look_at or place.result.key)
                self.reporter.event(JobEnded(place.result, result), shown)
            case NotBegun():
                self._tell_of_what_comes(place, came)
            case Hindered(why, passes=True):
                self.reporter.warn(f"{why.partition('; ')[0]}; it is asked again")
                return True
            case Hindered(why):
                self._hindered.append(why)
        return False

    def _tell_of(self, place: JobPlace, record: Record) -> None:
        if place not in self._told:
            self._told.add(place)
            named = f"attempt {position(record.revision, record.attempt)} of {place.job}"
            self.reporter.say(f"{named} is under way: the job ends with it, and no other is begun")

    def _tell_of_what_comes(self, place: JobPlace, came: NotBegun) -> None:
        if came.marked:
            below = f"if its results go below s3://{place.bucket}/{place.prefix}/"
            self.reporter.say(f"{place.job} has not begun, and {below}, it ends as soon as its message comes, unpaid")
        else:
            self._hindered.append(f"{place.job} has no record 000-000.json, so it has not begun; run this again later")
