"""`gallery.html` in the directory that `run` copies to: every job that lies there, whichever run made it.

Must not fail a run: a file that is none of ours is passed over, and a page that cannot be written is told.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from chalicelib.errors import CannotRender
from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record
from chalicelib.job.result import Result
from chalicelib.report.gallery import EndedJob, Entry, RefusedFile, render_gallery

NAME = "gallery.html"


def write_gallery(directory: Path) -> str:
    """Write it anew; the line that tells of it."""
    return write_page(directory, entries(directory))


def write_page(directory: Path, shown: Iterable[Entry]) -> str:
    """Write these; the line that tells of it."""
    place = directory / NAME
    try:
        place.write_text(render_gallery(shown), encoding="utf-8", errors="replace")
    except (CannotRender, OSError) as error:
        return f"no gallery: {error}"
    return f"all jobs to look at: {place}"


def entries(directory: Path) -> Iterator[Entry]:
    """What the directory holds of jobs and refusals, in no order."""
    for path in directory.rglob("result.json"):
        if ended := _ended(path, directory):
            yield ended
    for path in directory.rglob("rejected/*.json"):
        if refused := _refused(path, directory):
            yield refused


def _ended(path: Path, directory: Path) -> EndedJob | None:
    folder = path.parent
    try:
        result = Result.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    where = folder.relative_to(directory).as_posix()
    return shown(result, _record(folder, result), where, report=(folder / "report.html").exists())


def shown(result: Result, record: Record | None, where: str, *, report: bool) -> EndedJob:
    """A job as the page has it; `record` is that of the attempt that made its image, `where` its folder from there."""
    images = record.images if record else ()
    thumbnail = next((image.thumbnail for image in images if image.key == result.picture), None)
    return EndedJob(result, where, thumbnail, record.initial_prompt if record else None, report=report)


def _record(folder: Path, result: Result) -> Record | None:
    """Of the attempt that made the image, else of the last one."""
    made = result.best or result
    try:
        return Record.model_validate_json((folder / f"{position(made.revision, made.attempt)}.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _refused(path: Path, directory: Path) -> RefusedFile | None:
    try:
        error = json.loads(path.read_bytes())["error"]
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return RefusedFile(path.stem, str(error), path.relative_to(directory).as_posix(), f"{when:%Y-%m-%dT%H:%M:%SZ}")
