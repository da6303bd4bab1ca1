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


@dataclass(frozen=True)
class Arrival:
    """A message from a queue, its body read: nobody further in reads it again.

    `own_name` is made of its id, so that nobody else can claim it. `place` is the job's whose name it bears, where that
    is legal, else that of its own. `refusals` is the bucket and prefix that a body which could be read asks for, else
    the stage's own. `wake_up` is None where the name or a number of the position cannot be read. `value` is what the
    body holds, or what is wrong with it.
    """

    wire: WireMessage
    own_name: str
    receives: int
    settings: Settings
    value: object
    place: JobPlace
    refusals: tuple[str, str]
    wake_up: WakeUp | None

    def message(self) -> Message:
        """What it says in full; checked where somebody asks, since most messages only wake a job. Raises Refused."""
        return message_of(self.wire, self._read(), self.settings, self.own_name)

    def allowed_message(self) -> Message:
        """The same, held against what the stage allows now. Raises Refused."""
        message = self.message()
        check_allowed(message.request, self.settings)
        return message

    def known_message(self) -> Message:
        """As much of it as this release knows: enough to end a job of a newer one. Raises Refused."""
        value = self._read()
        if isinstance(value, dict):
            value = {name: value[name] for name in Request.model_fields if name in value}
        return message_of(self.wire, value, self.settings, self.own_name, ours=True)

    def _read(self) -> object:
        if isinstance(self.value, Refused):
            raise self.value
        return self.value


@dataclass(frozen=True)
class Resolved:
    """The message that counts for a delivery, and whether it comes from the job's own records."""

    message: Message
    known: bool


def read_arrival(wire: WireMessage, own_name: str, receives: int, settings: Settings) -> Arrival:
    """Whatever came, as a value; what is wrong with it is told to whoever asks for its message."""
    value: object
    try:
        value = body_value(wire.body)
        fields = value if isinstance(value, dict) else {}
        asked = refusals = destination(fields, settings)
    except Refused as error:
        value, fields = error, fields_of_damaged(wire.body)
        asked, refusals = destination(fields, settings), destination({}, settings)
    place = JobPlace(*asked, claimed_job(wire, own_name))
    wake_up = _wake_up(wire, place, fields)
    return Arrival(wire, own_name, receives, settings, value, place, refusals, wake_up)


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
