"""The little of a message that is believed of a job which has records: its name, the position, and where it is kept.

A message comes from outside, even one that bears the name of a job under way. So it is read twice: as a wake-up, which
nearly every message is, however damaged the rest of it; and in full (`message.decode`) only where it starts a job.
Must not read the outbox.
"""

import json
import re
from dataclasses import dataclass

from chalicelib.errors import Refused
from chalicelib.job.message import Message, claimed_job
from chalicelib.job.request import DEFAULT_PREFIX, legal_field
from chalicelib.ports import WireMessage
from chalicelib.text.strict_json import read_json

DIGITS = re.compile("[0-9]{1,6}")
# The place's fields stand first in a body of ours (`Request.body`): even one cut short says where its job is.
PLACE_FIELD = r'"{}"\s*:\s*("(?:[^"\\]|\\.)*")'
BODY_BYTES = 128 * 1024

Position = tuple[int, int]
START: Position = (0, 0)


@dataclass(frozen=True)
class WakeUp:
    """Job, revision and attempt; bucket None is the stage's outbox; `attempts` a revision has, as the body claims."""

    job: str
    position: Position
    bucket: str | None
    prefix: str
    attempts: int


@dataclass(frozen=True)
class Resolved:
    """The message that counts for a delivery, and whether it comes from the job's own records."""

    message: Message
    known: bool


def read_wake_up(wire: WireMessage, otherwise: str) -> WakeUp | None:
    """What the message wakes; `otherwise` names the job of a message without a name. None where that cannot be read."""
    values = {name: value for name, (_, value) in wire.attributes.items()}
    job = claimed_job(wire, "" if "job" in values else otherwise)
    revision, attempt = values.get("revision", "0"), values.get("attempt", "0")
    if not job or not DIGITS.fullmatch(revision) or not DIGITS.fullmatch(attempt):
        return None
    fields = _fields(wire.body)
    attempts = fields.get("max_retry_attempts", 5)
    prefix = legal_field("output_s3_key_prefix", fields.get("output_s3_key_prefix"))
    return WakeUp(
        job,
        (int(revision), int(attempt)),
        legal_field("output_s3_bucket_name", fields.get("output_s3_bucket_name")),
        prefix or DEFAULT_PREFIX,
        attempts if isinstance(attempts, int) and 1 <= attempts <= 1_000 else 1,
    )


def _fields(body: str) -> dict[str, object]:
    """The body's fields, or those that can still be found in a damaged one."""
    try:
        value = read_json(body.encode(errors="surrogatepass"), BODY_BYTES)
    except Refused:
        names = ("output_s3_bucket_name", "output_s3_key_prefix")
        found = {name: re.search(PLACE_FIELD.format(name), body[:BODY_BYTES]) for name in names}
        return {name: _text(match[1]) for name, match in found.items() if match}
    return value if isinstance(value, dict) else {}


def _text(quoted: str) -> object:
    try:
        return json.loads(quoted)
    except ValueError:
        return None
