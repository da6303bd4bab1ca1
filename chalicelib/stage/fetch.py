"""`get`: one job's folder copied to a directory of the user's, key by key as `run` does."""

from collections.abc import Callable
from pathlib import Path

from chalicelib.errors import CannotGoOn
from chalicelib.follow.copies import Copies, directory_for
from chalicelib.follow.words import shortened
from chalicelib.stage.find import find_one
from chalicelib.stage.listing import JobSeen, Listing
from chalicelib.stage.where import Where, explained


def fetch(where: Where, prefix: str | None, given: str, out: Path, say: Callable[[str], None]) -> None:
    """Copy all that lies under the job's name; each path is told. Raises CannotGoOn."""
    with explained(where.stage):
        seen = find_one(Listing(where.s3, where.bucket, where.inbox), prefix, given, where.stage)
        copies = Copies(where.s3, where.inbox, directory_for(out))
        for job in seen:
            _copy(copies, job, say)
    if copies.left:
        place, why = next(iter(copies.left.items()))
        more = f" ({len(copies.left)} objects in all)" if len(copies.left) > 1 else ""
        raise CannotGoOn(f"not copied: {where.shown(shortened(place.key, 500))}: {why}{more}; name another --out")


def _copy(copies: Copies, job: JobSeen, say: Callable[[str], None]) -> None:
    if not job.alone:
        copies.copy_folder(next(iter(job.objects.values())).place)
        going_on = "" if job.ended else " (under way: get it again when it has ended)"
        say(f"{copies.directory / job.folder}{going_on}")
        return
    for one in job.objects.values():
        copies.copy_listed(one.place, one.etag)
        say(copies.shown_path(one.place.key))
