"""Small texts of the command line: what others wrote on one line, numbers of things, and which notes are worth telling.

Pure.
"""

import re

from chalicelib.job.record import Record
from chalicelib.text.characters import cleaned

REASON_CHARACTERS = 160
# A note that begins so is about the fields that end so; one about a field that nobody set is no news.
ABOUT_FIELDS = (
    (re.compile(r"max_tokens|temperature|top_p|top_k|cfg_scale"), None),
    (re.compile(r"\d+ × \d+"), ("width", "height")),
)
PASSED_OVER = re.compile(r"(\S+) answered: .*; used (\S+)", re.DOTALL)


def shortened(text: str, most: int = REASON_CHARACTERS) -> str:
    """One line without control characters, cut at a word."""
    line = " ".join(cleaned("".join(c if c.isprintable() else " " for c in text)).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def clock_time(seconds: float) -> str:
    """`3 s`, `1:02`, `2:03:04`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if whole < 60:
        return f"{whole} s"
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def until(record: Record) -> str:
    """When an attempt that is put off is made again, and why not now."""
    when = f"{record.not_before:%H:%M:%S} UTC" if record.not_before else "later"
    return f"until {when}: {shortened(record.why or '')}"


def notes_to_tell(record: Record) -> tuple[str, ...]:
    """The notes of an attempt that its user can do something about, each in few words."""
    return tuple(_in_short(note) for note in record.notes if _is_news(note, record.request or {}))


def _in_short(note: str) -> str:
    passed = PASSED_OVER.fullmatch(note)
    why = "has ended" if "end of its life" in note else "cannot be used"
    return f"{passed[1]} {why}; {passed[2]} draws instead" if passed else note


def _is_news(note: str, given: dict[str, object]) -> bool:
    for begins, endings in ABOUT_FIELDS:
        if found := begins.match(note):
            return any(name.endswith(endings or found[0]) for name in given)
    return True
