"""`gallery`: every ended or refused job of an outbox on one page, with each job's own page beside it: links open.

Three reads a job, many at once; a picture is never fetched: its record has it in small.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from chalicelib.errors import CannotGoOn
from chalicelib.follow.copies import Copies, directory_for
from chalicelib.follow.gallery import shown, write_page
from chalicelib.report.gallery import Entry, RefusedFile
from chalicelib.stage.listing import JobSeen, Listing, jobs_of
from chalicelib.stage.objects import Objects, in_parallel
from chalicelib.stage.where import Where, explained
from chalicelib.text.wording import counted

SINCE = re.compile(r"(?P<number>[0-9]{1,4})(?P<unit>[hdw])")
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def since_of(words: str | None) -> timedelta | None:
    """`7d` → a week. Raises CannotGoOn."""
    if words is None:
        return None
    if found := SINCE.fullmatch(words):
        return int(found["number"]) * UNITS[found["unit"]]
    raise CannotGoOn(f"--since {words}: a number of hours, days or weeks is needed, as in 12h, 7d or 4w")


def gallery(where: Where, prefix: str | None, since: datetime | None, out: Path, say: Callable[[str], None]) -> None:
    """Write it. Raises CannotGoOn."""
    with explained(where.stage):
        below = f"{prefix}/" if prefix else ""
        seen = jobs_of(Listing(where.s3, where.bucket, where.inbox).objects(below))
        wanted = [job for job in seen if _is_shown(job, since)]
        copies = Copies(where.s3, where.inbox, directory_for(out))
        made = in_parallel(partial(_entry, Objects(where.s3), copies), wanted)
        entries = [entry for entry in made if entry is not None]
    say(f"{counted(len(entries), 'job')} of s3://{where.bucket}/{below}")
    if copies.left:
        say(f"{counted(len(copies.left), 'page')} could not be copied to {out}; their links do not open")
    words = write_page(out, entries)
    if words.startswith("no gallery"):
        raise CannotGoOn(f"{words}; name another directory with --out")
    say(words)


def _is_shown(job: JobSeen, since: datetime | None) -> bool:
    return job.ended and job.alone != "dead-letters" and (since is None or job.moment >= since)


def _entry(objects: Objects, copies: Copies, job: JobSeen) -> Entry | None:
    """None for what is none of ours, or gone meanwhile."""
    if job.alone:
        if (error := objects.error(job)) is None:
            return None
        _copy(copies, job, next(iter(job.objects)))
        return RefusedFile(job.job, error, f"{job.folder}.json", f"{job.moment:%Y-%m-%dT%H:%M:%SZ}")
    if (result := objects.result(job)) is None:
        return None
    report = "report.html" in job.objects
    _copy(copies, job, "report.html" if report else "result.json")
    return shown(result, objects.shown_record(job, result), job.folder, report=report)


def _copy(copies: Copies, job: JobSeen, name: str) -> None:
    one = job.objects[name]
    copies.copy_listed(one.place, one.etag)
