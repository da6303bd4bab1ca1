"""A job's state as it travels: the prompt file in the body, everything else in message attributes.

One frozen value that encodes and decodes itself. Every attribute has a default, so a bare body starts a job, a user
can resume one anywhere, and messages in flight survive a deployment. Attributes come from outside: what is not
exactly right is refused. Must not send anything.
"""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from chalicelib.characters import illegal_character
from chalicelib.errors import Refused
from chalicelib.ports import WireMessage
from chalicelib.request import Request, read_request
from chalicelib.settings import Settings
from chalicelib.strict_json import read_json

JOB = re.compile(r"[A-Za-z0-9._-]{1,128}")
RESERVED = frozenset({"rejected", "dead-letters", ".", ".."})
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
TEXT_LIMIT = 10_000
FEEDBACK_ITEMS = 20
FEEDBACK_CHARACTERS = 500
LIST_BYTES = 128 * 1024


@dataclass(frozen=True)
class Message:
    """One attempt to be made: the request, the position, and the prompt in force."""

    request: Request
    job: str
    prompt: str
    revision: int = 0
    attempt: int = 0
    negative_prompt: str | None = None
    requirements: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    spent_usd: float = 0.0
    deferrals: int = 0

    @classmethod
    def first(cls, request: Request, job: str) -> "Message":
        """The message that starts a job."""
        return cls(request, job, request.prompt, 0, 0, request.negative_prompt, request.requirements or ())

    def next_attempt(self, failure: str, spent_usd: float) -> "Message":
        """The same prompt once more, with one more failure to learn from."""
        return replace(
            self,
            attempt=self.attempt + 1,
            feedback=bounded_feedback((*self.feedback, failure) if failure else self.feedback),
            spent_usd=spent_usd,
            deferrals=0,
        )

    def next_revision(self, prompt: str, negative_prompt: str | None, failure: str, spent_usd: float) -> "Message":
        """The first attempt with a rewritten prompt."""
        return replace(
            self.next_attempt(failure, spent_usd),
            revision=self.revision + 1,
            attempt=0,
            prompt=prompt,
            negative_prompt=negative_prompt,
        )

    def adopting(
        self,
        prompt: str,
        negative_prompt: str | None,
        requirements: tuple[str, ...],
        feedback: tuple[str, ...],
        spent_usd: float,
    ) -> "Message":
        """The same delivery with the state that the attempt's record already holds: whoever came first decides."""
        return replace(
            self,
            prompt=prompt,
            negative_prompt=negative_prompt,
            requirements=requirements,
            feedback=feedback,
            spent_usd=spent_usd,
        )

    def encode(self) -> WireMessage:
        """As SQS carries it; what equals its default stays at home."""
        values = {
            "job": self.job,
            "revision": str(self.revision),
            "attempt": str(self.attempt),
            "prompt": self.prompt if self.prompt != self.request.prompt else None,
            "negative_prompt": self.negative_prompt if self.negative_prompt != self.request.negative_prompt else None,
            "requirements": _array(self.requirements)
            if self.requirements != (self.request.requirements or ())
            else None,
            "feedback": _array(self.feedback) if self.feedback else None,
            "spent_usd": _plain(self.spent_usd) if self.spent_usd else None,
            "deferrals": str(self.deferrals) if self.deferrals else None,
        }
        given = {name: (TYPES[name], value) for name, value in values.items() if value is not None}
        return WireMessage(self.request.body(), given)


def bounded_feedback(feedback: tuple[str, ...]) -> tuple[str, ...]:
    """The newest failures, each cut short, so that a job of a hundred attempts still fits a message."""
    return tuple(entry[:FEEDBACK_CHARACTERS] for entry in feedback[-FEEDBACK_ITEMS:])


def claimed_job(wire: WireMessage, otherwise: str) -> str:
    """The job's name where the message bears a legal one; for messages that cannot be accepted, too."""
    kind, name = wire.attributes.get("job", ("String", otherwise))
    return name if kind == "String" and JOB.fullmatch(name) and name not in RESERVED else otherwise


def decode(wire: WireMessage, settings: Settings, otherwise: str) -> Message:
    """Read a message; `otherwise` names the job of a message without a name. Raises Refused."""
    request = read_request(wire.body.encode(errors="surrogatepass"), settings)
    for name, (kind, _) in wire.attributes.items():
        _known(name, kind)
    values = {name: value for name, (_, value) in wire.attributes.items()}
    job = values.get("job", otherwise)
    if "job" in values and (claimed_job(wire, "") != job or not job):
        raise Refused(f"job: {job[:200]!r} came; 1 to 128 of A-Z a-z 0-9 . _ - and none of {sorted(RESERVED)}", "job")
    return Message(
        request=request,
        job=job,
        prompt=_text("prompt", values["prompt"]) if "prompt" in values else request.prompt,
        revision=_position("revision", values.get("revision", "0"), request.max_prompt_revisions),
        attempt=_position("attempt", values.get("attempt", "0"), request.max_retry_attempts),
        negative_prompt=(
            _text("negative_prompt", values["negative_prompt"])
            if "negative_prompt" in values
            else request.negative_prompt
        ),
        requirements=(
            _texts("requirements", values["requirements"])[:32]
            if "requirements" in values
            else request.requirements or ()
        ),
        feedback=bounded_feedback(_texts("feedback", values.get("feedback", "[]"))),
        spent_usd=float(_clamped("spent_usd", values.get("spent_usd", "0"), Decimal(str(settings.max_cost_usd)))),
        deferrals=int(_clamped("deferrals", values.get("deferrals", "0"), Decimal(settings.max_deferrals))),
    )


def _known(name: str, kind: str) -> None:
    if name not in TYPES:
        near = get_close_matches(name, TYPES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(TYPES)}"
        raise Refused(f"{name[:200]!r} is no attribute of a message; {hint}", name[:200])
    if kind.partition(".")[0] != TYPES[name]:
        raise Refused(f"{name}: an attribute of type {kind[:50]!r} came; {TYPES[name]} is needed", name)


def _position(name: str, value: str, bound: int) -> int:
    if not re.fullmatch("[0-9]{1,6}", value) or int(value) >= bound:
        raise Refused(
            f"{name}: {value[:200]!r} came; a whole number from 0 to {bound - 1} is allowed by the body", name
        )
    return int(value)


def _text(name: str, value: str) -> str:
    if not value.strip() or len(value) > TEXT_LIMIT or illegal_character(value):
        raise Refused(f"{name}: {value[:200]!r} came; text of 1 to {TEXT_LIMIT:,} legal characters is allowed", name)
    return value


def _texts(name: str, value: str) -> tuple[str, ...]:
    try:
        entries = read_json(value.encode(errors="surrogatepass"), LIST_BYTES)
    except Refused as error:
        raise Refused(f"{name}: {error.error}", name) from None
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise Refused(f"{name}: {value[:200]!r} came; a JSON array of texts is needed", name)
    if found := next(filter(None, map(illegal_character, entries)), None):
        raise Refused(f"{name}: an entry holds the character {found}, which a message cannot carry", name)
    return tuple(entry for entry in entries if entry.strip())


def _clamped(name: str, value: str, most: Decimal) -> Decimal:
    try:
        number = Decimal(value) if value.isascii() else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Refused(f"{name}: {value[:200]!r} came; a number is needed", name)
    return min(max(number, Decimal(0)), most)


def _array(entries: tuple[str, ...]) -> str:
    return json.dumps(entries, ensure_ascii=False)


def _plain(amount: float) -> str:
    """Without exponent, leading or trailing zeros: SQS rewrites a Number that has them."""
    text = f"{amount:.6f}".rstrip("0").rstrip(".")
    return text or "0"
