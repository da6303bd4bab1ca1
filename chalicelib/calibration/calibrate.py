"""`calibrate`: reads labels and the records beside them, prints what every setting comes to, and saves it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from chalicelib.calibration.further import looks_due
from chalicelib.calibration.grid import as_document, lines_of, settings_of
from chalicelib.calibration.labels import Label, read_labels
from chalicelib.calibration.looks import Picture
from chalicelib.calibration.recorded import Matched, match
from chalicelib.errors import CannotGoOn
from chalicelib.job.record import Record
from chalicelib.job.verdict import VerdictRecord

RECORD = re.compile(r"[0-9]{3,}-[0-9]{3,}\.json")
SAVED, LOOKS = "calibration.json", "looks.jsonl"


@dataclass(frozen=True)
class Missing:
    """A labelled picture that some mode asks further looks for, its record and its bytes."""

    picture: Picture
    record: Record
    image: bytes


Look = tuple[str, VerdictRecord]
Asker = Callable[[Mapping[str, Missing]], Iterable[Look]]


@dataclass(frozen=True)
class Calibration:
    """Labels, where their jobs lie, whose looks count, and where to print."""

    labels: Path
    outbox: Path
    panel: tuple[str, ...]
    say: Callable[[str], None]

    def __call__(self, asker: Asker | None = None) -> int:
        """0 when all is printed and saved beside the labels. `asker` takes missing looks. Raises CannotGoOn."""
        rows, folders = _labels(self.labels), self._records()
        matched = match(folders.values(), rows, self._kept())
        if not matched.jobs:
            raise CannotGoOn(
                f"{self.labels}: no record below {self.outbox} has any of its {len(rows)} pictures; name --outbox DIR"
            )
        if asker:
            self._ask(asker, matched, folders)
            matched = match(folders.values(), rows, self._kept())
        settings = settings_of(matched, self.panel)
        for line in lines_of(matched, settings):
            self.say(line)
        self._save(json.dumps(as_document(matched, settings), indent=1, ensure_ascii=False))
        return 0

    def _records(self) -> dict[Path, list[Record]]:
        """The records below the outbox by their folder; what cannot be read is told."""
        found: dict[Path, list[Record]] = {}
        unread = 0
        for path in sorted(self.outbox.rglob("*.json")):
            if RECORD.fullmatch(path.name):
                try:
                    found.setdefault(path.parent, []).append(Record.model_validate_json(path.read_bytes()))
                except (ValidationError, OSError):
                    unread += 1
        if unread:
            self.say(f"{unread} records below {self.outbox} cannot be read and are passed over.")
        return found

    def _ask(self, asker: Asker, matched: Matched, folders: Mapping[Path, list[Record]]) -> None:
        """Have missing looks taken; each is written down at once, since it was paid for."""
        files = {
            image.key: folder / image.key.rpartition("/")[2]
            for folder, records in folders.items()
            for record in records
            for image in record.images
        }
        missing = {
            picture.name: Missing(picture, matched.records[picture.name], files[picture.name].read_bytes())
            for job in matched.jobs
            for picture in job.pictures
            if looks_due(picture) and matched.records[picture.name].request and files[picture.name].exists()
        }
        if not missing:
            self.say("No look is missing that could be taken.")
            return
        with self.labels.with_name(LOOKS).open("a", encoding="utf-8") as kept:
            for key, verdict in asker(missing):
                kept.write(json.dumps({"key": key, "verdict": verdict.model_dump(mode="json")}) + "\n")
                kept.flush()

    def _kept(self) -> dict[str, list[VerdictRecord]]:
        """The looks that were taken before; a line that was cut off is passed over."""
        found: dict[str, list[VerdictRecord]] = {}
        path = self.labels.with_name(LOOKS)
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                one = json.loads(line)
                found.setdefault(one["key"], []).append(VerdictRecord.model_validate(one["verdict"]))
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def _save(self, document: str) -> None:
        saved = self.labels.with_name(SAVED)
        try:
            saved.write_text(document + "\n", encoding="utf-8")
        except OSError as error:
            raise CannotGoOn(f"{saved}: {error.strerror}; it was only printed") from None
        self.say(f"saved: {saved}")


def _labels(path: Path) -> list[Label]:
    try:
        return read_labels(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise CannotGoOn(f"{path}: {error.strerror}; name a CSV with the columns key and good") from None
    except UnicodeDecodeError:
        raise CannotGoOn(f"{path}: no UTF-8; save it as CSV UTF-8") from None
