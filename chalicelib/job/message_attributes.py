"""One message attribute at a time, as it came from outside: exactly right, or refused by name.

Must not know what a message is for.
"""

import re
from decimal import Decimal, InvalidOperation

from chalicelib.errors import Refused
from chalicelib.ports import TOTAL_BYTES
from chalicelib.text.characters import illegal_character
from chalicelib.text.strict_json import read_json
from chalicelib.text.wording import did_you_mean

TYPES = {
    "job": "String",
    "revision": "Number",
    "attempt": "Number",
    "prompt": "String",
    "negative_prompt": "String",
    "requirements": "String",
    "feedback": "String",
    "spent_usd": "Number",
    "deferrals": "Number",
}
# What tracing libraries add to every message that their process sends (their documentation, 2026-11); never sent on.
TRACING = frozenset(
    [
        *("traceparent", "tracestate", "baggage", "sentry-trace", "X-Amzn-Trace-Id"),
        *("_datadog", "newrelic", "elasticapmtraceparent"),
    ]
)
TEXT_LIMIT = 10_000
LIST_BYTES = TOTAL_BYTES  # however a list is written, with escapes or blanks: only its entries are counted
MOST_REQUIREMENTS, LONGEST_REQUIREMENT = 32, 500


def known(name: str, kind: str) -> None:
    """Raise Refused for a name that no message has, or the wrong type."""
    if name not in TYPES:
        raise Refused(f"{name[:200]!r} is no attribute of a message; {did_you_mean(name, TYPES)}", name[:200])
    if kind.partition(".")[0] != TYPES[name]:
        raise Refused(f"{name}: an attribute of type {kind[:50]!r} came; {TYPES[name]} is needed", name)


def position(name: str, value: str, bound: int) -> int:
    """A revision or attempt: ASCII digits, below the bound. Raises Refused."""
    if not re.fullmatch("[0-9]{1,6}", value) or int(value) >= bound:
        raise Refused(
            f"{name}: {value[:200]!r} came; a whole number from 0 to {bound - 1} is allowed by the body", name
        )
    return int(value)


def text(name: str, value: str) -> str:
    """A prompt. Raises Refused."""
    if not value.strip() or len(value) > TEXT_LIMIT or illegal_character(value):
        raise Refused(f"{name}: {value[:200]!r} came; text of 1 to {TEXT_LIMIT:,} legal characters is allowed", name)
    return value


def texts(name: str, value: str) -> tuple[str, ...]:
    """A JSON array of texts, blank ones left out. Raises Refused."""
    try:
        entries = read_json(value.encode(errors="surrogatepass"), LIST_BYTES)
    except Refused as error:
        raise Refused(f"{name}: {error.error}", name) from None
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise Refused(f"{name}: {value[:200]!r} came; a JSON array of texts is needed", name)
    if found := next(filter(None, map(illegal_character, entries)), None):
        raise Refused(f"{name}: an entry holds the character {found}, which a message cannot carry", name)
    return tuple(entry for entry in entries if entry.strip())


def requirements(value: str) -> tuple[str, ...]:
    """The list of things to check, as a prompt file may give it. Raises Refused."""
    entries = texts("requirements", value)
    longest = max(map(len, entries), default=0)
    if len(entries) > MOST_REQUIREMENTS or longest > LONGEST_REQUIREMENT:
        raise Refused(
            f"requirements: {len(entries)} texts of up to {longest:,} characters came; at most {MOST_REQUIREMENTS} of "
            f"up to {LONGEST_REQUIREMENT} are allowed",
            "requirements",
        )
    return entries


def clamped(name: str, value: str, most: Decimal) -> Decimal:
    """A number brought within 0 and `most`. Raises Refused for what is none."""
    try:
        number = Decimal(value) if value.isascii() else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Refused(f"{name}: {value[:200]!r} came; a number is needed", name)
    return min(max(number, Decimal(0)), most)
