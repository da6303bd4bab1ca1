"""`calibrate`: reads labels and the records beside them, prints what every setting comes to, and saves it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from chalicelib.calibration.grid import as_document, settings_of, told
from chalicelib.calibration.labels import BadLabels, Label, read_labels
from chalicelib.calibration.recorded import match
from chalicelib.job.record import Record

RECORD = re.compile(r"[0-9]{3,}-[0-9]{3,}\.json")
SAVED = "calibration.json"


def calibrate(labels: Path, outbox: Path | None, panel: tuple[str, ...], say: Callable[[str], None]) -> int:
    """0 when it is printed and saved beside the labels. Raises BadLabels."""
    rows = _labels(labels)
    folder = outbox or labels.parent
    folders, unread = _records(folder)
    if unread:
        say(f"{unread} records below {folder} cannot be read and are passed over.")
    matched = match(folders, rows)
    if not matched.jobs:
        raise BadLabels(f"{labels}: no record below {folder} has any of its {len(rows)} pictures; name --outbox DIR")
    settings = settings_of(matched, panel)
    for line in told(matched, settings):
        say(line)
    saved = labels.with_name(SAVED)
    document = json.dumps(as_document(matched, settings), indent=1, ensure_ascii=False)
    try:
        saved.write_text(document + "\n", encoding="utf-8")
    except OSError as error:
        raise BadLabels(f"{saved}: {error.strerror}; it was only printed") from None
    say(f"saved: {saved}")
    return 0


def _labels(path: Path) -> list[Label]:
    try:
        return read_labels(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise BadLabels(f"{path}: {error.strerror}; name a CSV with the columns key and good") from None
    except UnicodeDecodeError:
        raise BadLabels(f"{path}: no UTF-8; save it as CSV UTF-8") from None


def _records(folder: Path) -> tuple[list[list[Record]], int]:
    """The records below a folder, a list a job, and how many could not be read."""
    found: dict[Path, list[Record]] = {}
    unread = 0
    for path in sorted(folder.rglob("*.json")):
        if RECORD.fullmatch(path.name):
            try:
                found.setdefault(path.parent, []).append(Record.model_validate_json(path.read_bytes()))
            except (ValidationError, OSError):
                unread += 1
    return list(found.values()), unread
