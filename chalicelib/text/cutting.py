"""Shortening a text to a limit without breaking a thought: at the last sentence or clause that fits, in any language.

A boundary counts only in the last half of what fits: "A portrait of Dr. …" must not become its first four words.
Lengths are characters (code points), as the validators of the image models count them. Must not know any model.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

CutAt = Literal["sentence", "clause", "word", "character"]

_CLOSERS = "\"'”’»)\\]）」』】"
# A full stop of Latin script ends a sentence only before a space ("3.5" does not); others need none.
_SENTENCE = re.compile(rf"(?:[.!?…](?=[{_CLOSERS}]{{0,8}}\s)|[。！？｡।۔؟።])[{_CLOSERS}]{{0,8}}|\n\n")
_CLAUSE = re.compile(r"[,;:](?=\s)|[、，；：､،؛]|\s[–—-](?=\s)|—|\n")
_WORD = re.compile(r"\s|,(?=[^\s\d])")
# Best first; a sentence keeps its own end.
_BOUNDARIES: tuple[tuple[CutAt, re.Pattern[str], bool], ...] = (
    ("sentence", _SENTENCE, True),
    ("clause", _CLAUSE, False),
    ("word", _WORD, False),
)
_BLANKS = re.compile(r"\s{2,}")
_LAST_WORD = re.compile(r"[\w.]{1,12}\Z")
_ABBREVIATIONS = frozenset(
    [
        *("dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "rev", "gen", "col", "capt", "sgt", "lt", "hon", "mme"),
        *("vs", "etc", "e.g", "i.e", "cf", "no", "vol", "approx", "ca", "ave", "blvd", "rd", "mt", "ft", "fig"),
        *("nr", "z.b", "d.h", "u.a", "bzw", "usw", "bspw", "inkl", "str", "hr", "fr", "hl", "sog", "evtl"),
    ]
)
_AHEAD = 12  # characters behind the limit that a boundary may look at


class Cut(NamedTuple):
    """A text that fits, and where it was cut: None when it was not."""

    text: str
    at: CutAt | None


def cut(text: str, limit: int) -> Cut:
    """The longest beginning of at most `limit` characters that ends with a sentence, else a clause, else a word.

    Where none of them ends in its last half, a hard cut between characters that belong apart. Runs of blanks in a text
    that is too long are closed up first.
    """
    if len(text) <= limit:
        return Cut(text, None)
    text = _BLANKS.sub(_closed_up, text)
    if len(text) <= limit:
        return Cut(text, None)
    least = (limit + 1) // 2
    for at, boundary, keep in _BOUNDARIES:
        if found := _last(boundary, text, least, limit, keep=keep):
            return Cut(found, at)
    return Cut(_hard(text, limit), "character")


def _closed_up(blanks: re.Match[str]) -> str:
    """A paragraph's end, a line's end, or one blank."""
    lines = blanks[0].count("\n")
    return "\n\n" if lines > 1 else "\n" if lines else " "


def _last(boundary: re.Pattern[str], text: str, least: int, limit: int, *, keep: bool) -> str:
    """The text up to the last boundary between `least` and `limit`; the boundary itself stays when `keep`."""
    found = ""
    for match in boundary.finditer(text, max(0, least - _AHEAD), limit + _AHEAD):
        end = match.end() if keep else match.start()
        if end > limit:
            break
        if match[0].startswith(".") and _goes_on(text, match.start(), match.end()):
            continue
        candidate = text[:end].strip()
        found = candidate if len(candidate) >= least else found
    return found


def _goes_on(text: str, stop: int, end: int) -> bool:
    """Whether a full stop ends no sentence: after an abbreviation, before a digit or a lower-case letter."""
    word = _LAST_WORD.search(text, max(0, stop - 12), stop)
    before = word[0].casefold() if word else ""
    after = text[end : end + 3].strip()[:1]
    return before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()) or after.isdigit() or after.islower()


def _hard(text: str, limit: int) -> str:
    """Up to the limit, or less where that would part a letter from its marks, or the parts of one picture sign."""
    end = limit
    while end > limit // 2 + 1 and _belongs_together(text[end - 1], text[end]):
        end -= 1
    return text[:end].strip() or text[:limit]


def _belongs_together(before: str, after: str) -> bool:
    joiner = "\u200d"
    return joiner in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc", "Sk")
