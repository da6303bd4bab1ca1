"""`list`: the newest jobs of an outbox, a line each. Reads `result.json`, or the newest record of what goes on."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

from rich.console import Console
from rich.text import Text

from chalicelib.follow.reporting import STYLES
from chalicelib.follow.words import shortened
from chalicelib.job.record import Status
from chalicelib.stage.listing import JobSeen, Listing, jobs_of
from chalicelib.stage.objects import Objects, in_parallel
from chalicelib.stage.where import Where, explained

PROMPT = 60  # characters of a prompt, or of a reason, that are told
GOES_ON = "under way"
ENDS = "cancelling"
STYLE = {**STYLES, GOES_ON: "cyan", ENDS: "yellow", "refused": "bold red", "dead letter": "bold red"}


@dataclass(frozen=True)
class Line:
    """A job as it is listed; `error` only where there is no prompt to be told."""

    job: str
    status: str
    prompt: str = ""
    cost_usd: float = 0.0
    image: str | None = None
    error: str = ""
    changed: str = field(default="", kw_only=True)


def newest(where: Where, prefix: str | None, limit: int) -> list[Line]:
    """The jobs that changed last, newest first. Raises CannotGoOn."""
    with explained(where.stage):
        below = f"{prefix}/" if prefix else ""
        seen = jobs_of(Listing(where.s3, where.bucket, where.inbox).objects(below))
        seen.sort(key=lambda one: (one.moment, one.job), reverse=True)
        return list(in_parallel(partial(_line, Objects(where.s3)), seen[:limit]))


def _line(objects: Objects, job: JobSeen) -> Line:
    changed = f"{job.moment:%Y-%m-%dT%H:%M:%SZ}"
    if job.alone:
        status = "refused" if job.alone == "rejected" else "dead letter"
        return Line(job.job, status, error=objects.error(job) or "its record cannot be read", changed=changed)
    if result := objects.result(job):
        prompt = result.initial_prompt or result.prompt
        return Line(job.job, result.status, prompt, result.cost_usd, result.to_look_at, changed=changed)
    if record := objects.record(job, job.newest_record):
        image = record.best.key if record.best else None
        status = ENDS if record.status is Status.CANCELLING else GOES_ON
        return Line(job.job, status, record.initial_prompt, record.spent_usd, image, changed=changed)
    return Line(job.job, "unreadable", error="its records are none of this release's", changed=changed)


def show(lines: Sequence[Line], console: Console, *, as_json: bool) -> None:
    """A line each, as text or as JSON; on a terminal two, so that names stay whole at 80 columns."""
    for line in lines:
        if as_json:
            words = json.dumps(asdict(line), ensure_ascii=False)
            console.out(words.encode(errors="replace").decode(), highlight=False)
        else:
            console.print(_text(line, in_two=console.is_terminal), soft_wrap=True)


def _text(line: Line, *, in_two: bool) -> Text:
    text = Text(f"{line.status:<11}", STYLE.get(line.status, "bold red")).append(f"  ${line.cost_usd:<8.3f}", "")
    text.append(line.job, "bold").append("\n  " if in_two else "  ", "")
    text.append(shortened(line.prompt or line.error, PROMPT), "")
    if line.image is None:
        return text
    return text.append(f" → {line.image.rpartition('/')[2] if in_two else line.image}", "dim")
