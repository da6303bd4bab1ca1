"""All jobs of an outbox on one page: newest first, how each ended at a glance, and what they came to together. Pure.

Finds nothing by itself; whoever calls says where each job's folder lies.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from chalicelib.job.result import Result
from chalicelib.report.rendering import render
from chalicelib.text.wording import counted

RECURRING = 5  # reasons told
SHOWN = 160  # characters of a reason by which it is known again


@dataclass(frozen=True)
class EndedJob:
    """A job's result, its folder as seen from the gallery (`generated-images/aurora-…`), and its image in small."""

    result: Result
    folder: str
    thumbnail: str | None = None
    report: bool = True


@dataclass(frozen=True)
class RefusedFile:
    """A prompt file or message that was not accepted; `record` is its record's path as seen from the gallery."""

    job: str
    error: str
    record: str
    when: str = ""


Entry = EndedJob | RefusedFile


@dataclass(frozen=True)
class Card:
    """One entry as it is shown; `kind` is what it is filtered by."""

    kind: str
    ending: str
    href: str
    thumbnail: str | None
    title: str
    reason: str
    job: str
    when: str
    facts: str


@dataclass(frozen=True)
class Totals:
    """Of all entries; `images_each` is the images drawn for each accepted picture, None where there is none."""

    jobs: int
    accepted: int
    cost_usd: float
    images: int
    images_each: float | None
    recurring: tuple[tuple[str, int], ...]


def render_gallery(entries: Iterable[Entry]) -> str:
    """The page. Raises CannotRender."""
    newest_first = sorted(entries, key=_when, reverse=True)
    cards = [_card(entry) for entry in newest_first]
    counts = Counter(card.kind for card in cards)
    totals = _totals([entry.result for entry in newest_first if isinstance(entry, EndedJob)])
    return render("gallery.html", script="gallery.js", cards=cards, counts=counts, totals=totals)


def _when(entry: Entry) -> str:
    return entry.result.finished_at if isinstance(entry, EndedJob) else entry.when


def _card(entry: Entry) -> Card:
    if isinstance(entry, RefusedFile):
        record = _relative(entry.record)
        return Card("refused", "refused", record, None, entry.job, entry.error, entry.job, _in_utc(entry.when), "")
    result = entry.result
    kind, ending = _ended(result)
    made = (result.made_by,) if result.made_by else ()
    return Card(
        kind=kind,
        ending=ending,
        href=_relative(f"{entry.folder}/{'report.html' if entry.report else 'result.json'}"),
        thumbnail=entry.thumbnail,
        title=result.initial_prompt or result.prompt,
        reason=_reason(result),
        job=result.job,
        when=_in_utc(result.finished_at),
        facts=" · ".join((counted(len(result.attempts), "attempt"), f"${result.cost_usd:,.3f}", *made)),
    )


def _ended(result: Result) -> tuple[str, str]:
    """What it is filtered by, and what is written on it."""
    if result.accepted:
        return "accepted", "accepted"
    kind, ending = ("best", "best of those made") if result.best else ("nothing", "no picture")
    return kind, "cancelled" if result.status == "CANCELLED" else ending


def _reason(result: Result) -> str:
    if result.accepted:
        return next((line.reason for line in reversed(result.attempts) if line.reason), "")
    return (result.best.reason if result.best else "") or result.error or ""


def _totals(results: Sequence[Result]) -> Totals:
    accepted = sum(result.accepted for result in results)
    images = sum(len(line.images) for result in results for line in result.attempts)
    reasons = Counter(
        line.reason[:SHOWN]
        for result in results
        for line in result.attempts
        if line.reason and line.outcome != "accepted"
    )
    return Totals(
        jobs=len(results),
        accepted=accepted,
        cost_usd=sum(result.cost_usd for result in results),
        images=images,
        images_each=images / accepted if accepted else None,
        recurring=tuple((reason, count) for reason, count in reasons.most_common(RECURRING) if count > 1),
    )


def _relative(path: str) -> str:
    """A link that stays below the gallery's own folder, whatever the path looks like."""
    return "./" + quote(path.lstrip("/"))


def _in_utc(moment: str) -> str:
    return moment.replace("T", " ").replace("Z", " UTC")
