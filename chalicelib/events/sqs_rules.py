"""What SQS accepts, checked before anything is sent: no local engine enforces it, and AWS does.

AWS documentation of SendMessage and of message attributes, 2026-11. Pure; must not send.
"""

import re

from chalicelib.errors import Unsendable
from chalicelib.ports import TOTAL_BYTES, WireMessage
from chalicelib.text.characters import illegal_character

ATTRIBUTES = 10
MAX_DELAY = 900
GROUP = re.compile(r"[!-~]{1,128}")
NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
TYPE = re.compile(r"(String|Number|Binary)(\.[A-Za-z0-9_.-]+)?")
NUMBER = re.compile(r"-?[0-9]{1,38}(\.[0-9]{1,38})?([eE][+-]?[0-9]{1,3})?")


def check_sendable(message: WireMessage, delay_seconds: int = 0) -> None:
    """Raise Unsendable for what SQS would refuse: count, names, types, values, characters, size, delay, group."""
    if not 0 <= delay_seconds <= MAX_DELAY:
        raise Unsendable(f"a delay of {delay_seconds} s; SQS allows 0 to {MAX_DELAY}")
    if message.group is not None and not GROUP.fullmatch(message.group):
        raise Unsendable(f"the group {message.group!r}; SQS allows 1 to 128 letters, digits and signs of ASCII")
    if len(message.attributes) > ATTRIBUTES:
        raise Unsendable(f"{len(message.attributes)} attributes; SQS allows {ATTRIBUTES}")
    _check_text("body", message.body)
    total = len(message.body.encode())
    for name, (data_type, value) in message.attributes.items():
        if not NAME.fullmatch(name) or len(name) > 256 or name.lower().startswith(("aws.", "amazon.")):
            raise Unsendable(f"the attribute name {name!r} is not allowed by SQS")
        if not TYPE.fullmatch(data_type) or len(data_type) > 256:
            raise Unsendable(f"attribute {name}: the type {data_type!r} is not allowed by SQS")
        _check_text(f"attribute {name}", value)
        if data_type.startswith("Number") and not NUMBER.fullmatch(value):
            raise Unsendable(f"attribute {name}: {value!r} is no Number")
        total += len(name.encode()) + len(data_type.encode()) + len(value.encode())
    if total > TOTAL_BYTES:
        raise Unsendable(f"{total:,} bytes with attributes; SQS allows {TOTAL_BYTES:,}")


def _check_text(what: str, text: str) -> None:
    if not text:
        raise Unsendable(f"{what} is empty; SQS refuses that")
    if found := illegal_character(text):
        raise Unsendable(f"{what} holds {found}, which SQS refuses")
