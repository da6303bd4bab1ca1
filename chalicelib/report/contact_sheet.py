"""A job's contact sheet from the records of its attempts: what there is to see, as plain values. Pure.

The template only lays out what stands here. What a record does not say (an older release wrote it, or nobody looked) is
left out, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

from chalicelib.job.outbox_keys import position
from chalicelib.job.record import Record, Rewrite
from chalicelib.job.result import Result
from chalicelib.job.verdict import ImageRecord, VerdictRecord
from chalicelib.report.changes import Change, changes
from chalicelib.report.rendering import render
from chalicelib.report.unmet import Missed, missed

STATUS = {"SUCCESS": "Accepted", "FAIL": "Not accepted", "CANCELLED": "Cancelled"}


@dataclass(frozen=True)
class Cell:
    """One image, or an attempt that gave none (`image` None). `cost_usd` is the whole attempt's."""

    name: str
    verdict: str
    image: ImageRecord | None
    href: str | None
    reason: str
    verdicts: tuple[VerdictRecord, ...]
    met: int
    asked: int
    model: str | None
    cost_usd: float
    together: int
    chosen: bool


@dataclass(frozen=True)
class Row:
    """One revision: its prompt with what changed, and its images."""

    number: int
    prompt: tuple[Change, ...]
    negative_prompt: str | None
    rewritten_by: str | None
    cells: tuple[Cell, ...]


def contact_sheet(records: Sequence[Record]) -> bytes:
    """`report.html` of a job that has ended: its records in order, the last of which holds the result.

    Raises CannotRender.
    """
    last = records[-1]
    assert last.next is not None, "only an ended job has a report"
    assert last.next.result is not None, "only an ended job has a report"
    result = last.next.result
    rows = _rows(records, result.picture)
    cells = [cell for row in rows for cell in row.cells]
    page = render(
        "contact_sheet.html",
        result=result,
        status=STATUS[result.status],
        prompt=last.initial_prompt,
        rows=rows,
        chosen=next((cell for cell in cells if cell.chosen), None),
        images=sum(1 for cell in cells if cell.image),
        missed=missed(records) if not result.accepted else Missed(0, (), ()),
        image_models=tuple(dict.fromkeys(cell.model for cell in cells if cell.model)),
        took=_took(result),
    )
    return page.encode(errors="replace")


def _rows(records: Sequence[Record], chosen: str | None) -> tuple[Row, ...]:
    rows: list[Row] = []
    before, rewrite = records[0].initial_prompt, None
    for number, group in groupby(records, key=lambda record: record.revision):
        attempts = list(group)
        first = attempts[0]
        cells = tuple(cell for record in attempts for cell in _cells(record, chosen))
        rewriter = _rewriter(rewrite, first)
        rows.append(Row(number, changes(before, first.prompt), first.negative_prompt, rewriter, cells))
        before, rewrite = first.prompt, attempts[-1].rewrite
    return tuple(rows)


def _rewriter(rewrite: Rewrite | None, record: Record) -> str | None:
    """The model that wrote this prompt, where the records say so."""
    return rewrite.model if rewrite and rewrite.prompt == record.prompt else None


def _cells(record: Record, chosen: str | None) -> list[Cell]:
    if not record.images:
        return [_cell(record, None, 0, chosen)]
    return [_cell(record, image, number, chosen) for number, image in enumerate(record.images)]


def _cell(record: Record, image: ImageRecord | None, number: int, chosen: str | None) -> Cell:
    verdicts = image.verdicts if image else ()
    findings = [finding for verdict in verdicts for finding in verdict.requirements]
    judged = {True: "accepted", False: "rejected", None: "not judged"}[image.accepted] if image else None
    return Cell(
        name=position(record.revision, record.attempt) + (f"-{number}" if number else ""),
        verdict=judged or record.outcome or "open",
        image=image,
        href=quote(image.key.rsplit("/", 1)[-1]) if image else None,
        reason=(image.reason if image else "") or record.reason or record.why or "",
        verdicts=verdicts,
        met=sum(finding.met for finding in findings),
        asked=len(findings),
        model=image.image_model if image else record.image_model,
        cost_usd=record.cost_usd,
        together=len(record.images),
        chosen=image is not None and image.key == chosen,
    )


def _took(result: Result) -> str:
    """How long the job was under way, in its two largest units."""
    seconds = int((_moment(result.finished_at) - _moment(result.started_at)).total_seconds())
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
