"""Shortening a text to a limit without breaking a thought: at the last sentence or clause that fits, in any language.

Lengths are characters (code points), as the validators of the image models count them. Must not know any model.
"""

import re
from typing import Literal, NamedTuple

CutAt = Literal["sentence", "clause", "word", "character"]

_CLOSERS = "\"'”’»)\\]）」』】"
# A full stop of Latin script ends a sentence only before a space ("3.5" does not); others need none.
_SENTENCE = re.compile(rf"(?:[.!?…](?=[{_CLOSERS}]*\s)|[。！？｡।۔؟።])[{_CLOSERS}]*|\n\s*\n")
_CLAUSE = re.compile(r"[,;:](?=\s)|[、，；：､،؛]|\s[–—-](?=\s)|—|\n")
_WORD = re.compile(r"\s+")


class Cut(NamedTuple):
    """A text that fits, and where it was cut: None when it was not."""

    text: str
    at: CutAt | None


def cut(text: str, limit: int) -> Cut:
    """The longest beginning of at most `limit` characters that ends with a sentence or a clause.

    A word's end stands in where there is neither, and a hard cut where there is no word's end.
    """
    if len(text) <= limit:
        return Cut(text, None)
    sentence = _last(_SENTENCE, text, limit, keep=True)
    clause = _last(_CLAUSE, text, limit, keep=False)
    if sentence or clause:
        return Cut(sentence, "sentence") if len(sentence) >= len(clause) else Cut(clause, "clause")
    word = _last(_WORD, text, limit, keep=False)
    if word:
        return Cut(word, "word")
    return Cut(text[:limit], "character")


def _last(boundary: re.Pattern[str], text: str, limit: int, *, keep: bool) -> str:
    """The text up to the last boundary that fits; the boundary itself stays when `keep`."""
    found = ""
    for match in boundary.finditer(text):
        end = match.end() if keep else match.start()
        if end > limit:
            break
        found = text[:end].strip()
    return found
