"""`watch`: the progress that `run` shows, from the outbox alone, whoever sent the jobs and wherever they run.

S3 tells nobody what is new, so it is listed again and again: a listing of a thousand keys for every two seconds at
most, so that following costs the same however much lies there. What does not exist yet is waited for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from chalicelib.follow.job_events import JobEnded, JobEvent, Outbox
from chalicelib.follow.reporting import Reporter
from chalicelib.follow.tally import Tally, exit_code
from chalicelib.ports import Place
from chalicelib.stage.find import find_all
from chalicelib.stage.listing import JobSeen, Listed, Listing, jobs_of
from chalicelib.stage.where import Where, explained

PAUSE = 2.0  # seconds for each listing that was asked for
OK, INTERRUPTED = 0, 130


@dataclass
class Wish:
    """A job as it was asked for, and its name and prefix once it is known."""

    given: str
    prefix: str | None
    job: str = ""

    def bind(self, found: Sequence[JobSeen]) -> None:
        if found:
            self.job = self.given = found[0].job
            self.prefix = found[0].folder.rpartition("/")[0].removesuffix(found[0].alone).rstrip("/") or self.prefix


@dataclass
class Watch:
    """`given` empty: whatever is under way, and whatever begins. `wait` is told seconds; True: the user has enough."""

    where: Where
    given: Sequence[str]
    prefix: str | None
    reporter: Reporter
    now: Callable[[], float]
    wait: Callable[[float], bool]
    _seen: set[tuple[Place, str]] = field(default_factory=set)
    _rounds: int = 0

    def __post_init__(self) -> None:
        self._wishes = [Wish(given, self.prefix) for given in dict.fromkeys(self.given)]
        self._tally = Tally(len(self._wishes))
        self._outbox = Outbox(self.where.s3, self.where.inbox)
        self._listing = Listing(self.where.s3, self.where.bucket, self.where.inbox)

    def to_its_end(self) -> int:
        """The exit code, as `run` has it. Raises CannotGoOn."""
        began, interrupted = self.now(), False
        with explained(self.where.stage), self.reporter.live(self._tally):
            while not interrupted and not self._done():
                before = self._listing.pages
                self._round()
                if not self._done():
                    interrupted = self.wait(PAUSE * max(1, self._listing.pages - before))
        fetch = f"to copy one here: python -m chalicelib get JOB --stage {self.where.stage}"
        self.reporter.summary(self._tally.summary(refused=0, skipped=0, seconds=self.now() - began, hint=fetch))
        if interrupted:
            return INTERRUPTED if self.given else OK  # nothing else ends it
        return exit_code(self._tally, 0)

    def _done(self) -> bool:
        return bool(self.given) and all(wish.job in self._tally.ends for wish in self._wishes)

    def _round(self) -> None:
        try:
            for one in sorted(set(self._new()), key=lambda one: (one.moment, one.place.key)):
                for event in self._outbox.events(one.place):
                    self._tell(event)
                self._seen.add((one.place, one.etag))  # only now: what an answer that failed kept back comes again
        except (HTTPClientError, ConnectionError) as error:
            if not self._rounds:
                raise
            self.reporter.warn(f"S3 does not answer, and is asked again: {error}")
            return
        self._rounds += 1

    def _new(self) -> Iterator[Listed]:
        """What was written since the last round, of the jobs that are followed."""
        for job in self._jobs():
            for one in job.objects.values():
                if (one.place, one.etag) not in self._seen:
                    yield one

    def _jobs(self) -> Iterator[JobSeen]:
        try:
            yield from self._wished() if self.given else self._all()
        except ClientError as error:  # a bucket of the user's own may be made only later
            code, stages_own = error.response["Error"]["Code"], self.where.settings.outbox_bucket
            if code != "NoSuchBucket" or self.where.bucket == stages_own:
                raise

    def _wished(self) -> Iterator[JobSeen]:
        open_ones = [wish for wish in self._wishes if wish.job not in self._tally.ends]
        for prefix in dict.fromkeys(wish.prefix for wish in open_ones):
            together = [wish for wish in open_ones if wish.prefix == prefix]
            found = find_all(self._listing, prefix, [wish.given for wish in together])
            for wish in together:
                yield from self._bound(wish, found[wish.given])

    def _bound(self, wish: Wish, found: Sequence[JobSeen]) -> Sequence[JobSeen]:
        wish.bind(found)
        self._tally.total = len({each.job or each.given for each in self._wishes})  # two may mean one job
        if not found and not self._rounds:
            self.reporter.say(f"no job {wish.given} yet: waiting for it to begin; Ctrl-C ends", "dim")
        return found

    def _all(self) -> Iterator[JobSeen]:
        """Every job; of those that had ended before the first round nothing is told."""
        jobs = jobs_of(self._listing.objects(f"{self.prefix}/" if self.prefix else ""))
        if not self._rounds:
            over = [job for job in jobs if job.ended]
            self._seen |= {(one.place, one.etag) for job in over for one in job.objects.values()}
            self.reporter.say(f"following s3://{self.where.bucket}/{self.prefix or ''}; Ctrl-C ends", "dim")
        yield from jobs

    def _tell(self, event: JobEvent) -> None:
        self._tally.take(event)
        if not self.given:
            self._tally.total = len(self._tally.ends) + len(self._tally.under_way)
        self.reporter.event(event, self._to_look_at(event))

    def _to_look_at(self, event: JobEvent) -> str:
        place: Place | None = getattr(event, "place", None)
        image = event.result.to_look_at if isinstance(event, JobEnded) else None
        return self.where.shown(image or place.key) if place else ""
