"""What a program sees while jobs run: one JSON object a line."""

import contextlib
import dataclasses
import json
from typing import Any

from rich.console import Console

from chalicelib.follow.job_events import (
    AttemptBegan,
    AttemptEnded,
    AttemptPutOff,
    JobEnded,
    JobEvent,
    JobRefused,
    LetterKept,
    Undelivered,
    Unreadable,
)
from chalicelib.follow.tally import Summary, Tally, pictures
from chalicelib.job.record import Record


class JsonLines:
    """One JSON object a line: `event`, `models`, and what the event tells; the last one is the summary."""

    def __init__(self, console: Console, models: str) -> None:
        self._console = console
        self._models = models

    def say(self, text: str, style: str = "") -> None:
        if text:
            self._print("note", {"text": text})

    def warn(self, text: str) -> None:
        self._print("warning", {"text": text})

    def live(self, tally: Tally) -> contextlib.AbstractContextManager[Any]:
        return contextlib.nullcontext()

    def event(self, event: JobEvent, where: str = "") -> None:
        match event:
            case AttemptBegan(record) | AttemptEnded(record) | AttemptPutOff(record):
                fields = {AttemptBegan: "attempt began", AttemptEnded: "attempt", AttemptPutOff: "put off"}
                self._print(fields[type(event)], _of_record(record))
            case JobEnded(_, result):
                about = {"job": result.job, "status": result.status, "image": result.picture, "images": pictures(event)}
                self._print("job", {**about, "cost_usd": result.cost_usd, "error": result.error, "path": where or None})
            case JobRefused(_, job, error):
                self._print("refused", {"job": job, "error": error, "path": where or None})
            case LetterKept(place, job, error):
                self._print("dead letter", {"job": job, "error": error, "key": place.key})
            case Unreadable(place):
                self._print("unreadable", {"bucket": place.bucket, "key": place.key})
            case Undelivered(queue, why):
                self._print("undelivered", {"queue": queue, "error": why})

    def summary(self, summary: Summary) -> None:
        self._print("summary", dataclasses.asdict(summary))

    def _print(self, event: str, fields: dict[str, Any]) -> None:
        line = json.dumps({"event": event, "models": self._models, **fields}, ensure_ascii=False)
        self._console.out(line.encode(errors="replace").decode(), highlight=False)


def _of_record(record: Record) -> dict[str, Any]:
    verdict = {"outcome": record.outcome, "reason": record.reason} if record.outcome else {}
    waits = {"not_before": record.not_before.isoformat()} if record.not_before else {}
    return {
        **{"job": record.job, "revision": record.revision, "attempt": record.attempt},
        **verdict,
        **waits,
        **({"prompt_rewritten": record.rewrite.prompt} if record.rewrite else {}),
        **{"image_model": record.image_model, "seeds": list(record.seeds), "spent_usd": record.spent_usd},
    }
