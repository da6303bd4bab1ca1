"""A message as it arrived, read once at the door: what it wakes, and what it says in full, or why that is refused.

A message comes from outside, even one that bears the name of a job under way. Nearly every one is but a wake-up, and is
one however damaged the rest of it; what it says in full counts only where it starts a job. Must not read the outbox.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.errors import Refused
from chalicelib.job.destination import destination, fields_of_damaged
from chalicelib.job.message import Message, body_value, claimed_job, message_of
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.request import Request, check_allowed
from chalicelib.ports import WireMessage
from chalicelib.settings import Settings

DIGITS = re.compile("[0-9]{1,6}")

Position = tuple[int, int]
START: Position = (0, 0)


@dataclass(frozen=True)
class WakeUp:
    """Where the job lies, revision and attempt; `attempts` a revision has, as the body claims."""

    place: JobPlace
    position: Position
    attempts: int

    @property
    def job(self) -> str:
        return self.place.job


@dataclass(frozen=True)
class Arrival:
    """A message from a queue and all that is read of it: nobody further in reads `wire` again.

    `own_name` is made of its id, so that nobody else can claim it. `place` is the job's whose name it bears, where that
    is legal, else that of its own. `refusals` is the bucket and prefix that a body which could be read asks for, else
    the stage's own. `wake_up` is None where the name or a number of the position cannot be read. `content` is what it
    says in full, or what is wrong; `known` as much of it as this release knows: enough to end a job of a newer one.
    """

    wire: WireMessage
    own_name: str
    receives: int
    place: JobPlace
    refusals: tuple[str, str]
    wake_up: WakeUp | None
    content: Message | Refused
    known: Message | Refused

    def message(self) -> Message:
        """What it says in full. Raises Refused."""
        return _unless_refused(self.content)

    def known_message(self) -> Message:
        """As much of it as this release knows. Raises Refused."""
        return _unless_refused(self.known)

    def allowed_message(self, settings: Settings) -> Message:
        """What it says in full, held against what the stage allows now. Raises Refused."""
        message = self.message()
        check_allowed(message.request, settings)
        return message


@dataclass(frozen=True)
class Resolved:
    """The message that counts for a delivery, and whether it comes from the job's own records."""

    message: Message
    known: bool


def read_arrival(wire: WireMessage, own_name: str, receives: int, settings: Settings) -> Arrival:
    """Whatever came, as a value; what is wrong with it is told to whoever asks for its message."""
    content: Message | Refused
    known: Message | Refused
    try:
        value = body_value(wire.body)
    except Refused as error:
        content = known = error
        fields = fields_of_damaged(wire.body)
        asked, refusals = destination(fields, settings), destination({}, settings)
    else:
        content = _content(wire, value, own_name, settings)
        known = content if isinstance(content, Message) else _known(wire, value, own_name, settings)
        fields = value if isinstance(value, dict) else {}
        asked = refusals = destination(fields, settings)
    place = JobPlace(*asked, claimed_job(wire, own_name))
    return Arrival(wire, own_name, receives, place, refusals, _wake_up(wire, place, fields), content, known)


def _content(wire: WireMessage, value: object, own_name: str, settings: Settings) -> Message | Refused:
    try:
        return message_of(wire, value, settings, own_name)
    except Refused as error:
        return error


def _known(wire: WireMessage, value: object, own_name: str, settings: Settings) -> Message | Refused:
    """Without the fields and attributes that this release does not know."""
    if isinstance(value, dict):
        value = {name: value[name] for name in Request.model_fields if name in value}
    try:
        return message_of(wire, value, settings, own_name, ours=True)
    except Refused as error:
        return error


def _unless_refused(content: Message | Refused) -> Message:
    if isinstance(content, Refused):
        raise content
    return content


def _wake_up(wire: WireMessage, place: JobPlace, fields: Mapping[str, object]) -> WakeUp | None:
    values = {name: value for name, (_, value) in wire.attributes.items()}
    revision, attempt = values.get("revision", "0"), values.get("attempt", "0")
    named = "job" not in values or claimed_job(wire, "")
    if not named or not DIGITS.fullmatch(revision) or not DIGITS.fullmatch(attempt):
        return None
    attempts = fields.get("max_retry_attempts", 5)
    return WakeUp(
        place=place,
        position=(int(revision), int(attempt)),
        attempts=attempts if isinstance(attempts, int) and 1 <= attempts <= 1_000 else 1,
    )
