"""Which characters may travel: SQS carries these and no others, so nothing else is accepted or kept.

#x9 #xA #xD #x20–#xD7FF #xE000–#xFFFD #x10000–#x10FFFF (AWS documentation of SendMessage, 2026-11).
"""

import re

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def illegal_character(text: str) -> str | None:
    """The first character that may not travel, as `U+0000`, or None."""
    found = ILLEGAL.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def cleaned(text: str) -> str:
    """The text with characters that may not travel replaced by spaces, trimmed."""
    return ILLEGAL.sub(" ", text).strip()
