"""Which job is meant: by its whole name, by a beginning that only one has, or by the MessageId of an injected message.

A message that bears a `job` attribute has that for its name, and is found by it alone.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from os.path import commonprefix

from chalicelib.errors import CannotGoOn
from chalicelib.job.outbox_keys import job_name
from chalicelib.job.request import DEFAULT_PREFIX
from chalicelib.stage.listing import JobSeen, Listing, jobs_of

MESSAGE_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MESSAGE = "message-"
SHOWN = 5  # names told where several could be meant


def is_meant(given: str, job: str) -> bool:
    """Whether `given` may stand for this job."""
    if MESSAGE_ID.fullmatch(given):
        return job == given or (job.startswith(MESSAGE) and job.endswith(_hash_of(given)))
    return job.startswith(given)


def chosen(given: str, jobs: Iterable[JobSeen]) -> list[JobSeen]:
    """All that lies under the one name that is meant: the job first, then its dead letters. Raises CannotGoOn."""
    if not given:  # a variable that is not set; as a beginning it would be every job's
        raise CannotGoOn("an empty JOB came; give a job's name, or the beginning of one")
    found = [one for one in jobs if is_meant(given, one.job)]
    exact = [one for one in found if one.job == given]
    names = sorted({one.job for one in exact or found})
    if len(names) > 1:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise CannotGoOn(f"{given!r} begins the names of {', '.join(names[:SHOWN])}{more}; give more of the name")
    return sorted(exact or found, key=lambda one: one.alone)


def find(listing: Listing, prefix: str | None, given: str) -> list[JobSeen]:
    """As `chosen`, empty where there is none: below the prefix, or the usual one and then the whole outbox."""
    return find_all(listing, prefix, [given])[given]


def find_all(listing: Listing, prefix: str | None, given: Sequence[str]) -> dict[str, list[JobSeen]]:
    """As `find` for each, with as few listings for many as for one: of all keys that begin as all of them do."""
    below = prefix or DEFAULT_PREFIX
    beginnings = [MESSAGE if MESSAGE_ID.fullmatch(each) else each for each in given]
    begins = commonprefix(beginnings)  # noqa: RUF071 - S3 lists by the beginning of a key, whatever a path is
    places = [f"{below}/{between}{begins}" for between in ("", "rejected/", "dead-letters/")]
    near = jobs_of(chain.from_iterable(map(listing.objects, places)))  # what two of them list is one job all the same
    found = {each: chosen(each, near) for each in given}
    # A first try may lie refused under the usual prefix, and the job itself elsewhere.
    missing = [each for each in given if all(one.alone for one in found[each])]
    if missing and not prefix:
        everywhere = jobs_of(listing.objects())
        found |= {each: chosen(each, everywhere) or found[each] for each in missing}
    return found


def find_one(listing: Listing, prefix: str | None, given: str, stage: str) -> list[JobSeen]:
    """As `find`. Raises CannotGoOn where there is none."""
    if found := find(listing, prefix, given):
        return found
    where = f"below {prefix}/" if prefix else "in the outbox"
    raise CannotGoOn(f"no job {given!r} {where}; `python -m chalicelib list --stage {stage}` shows what is there")


def _hash_of(message_id: str) -> str:
    return job_name("message", datetime(1, 1, 1, tzinfo=UTC), message_id)[-9:]
