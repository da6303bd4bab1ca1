"""A job's state as it travels: the prompt file in the body, everything else in message attributes.

One frozen value that encodes and decodes itself. Every attribute has a default, so a bare body starts a job, a user
can resume one anywhere, and messages in flight survive a deployment. Attributes come from outside: what is not
exactly right is refused. Must not send anything.
"""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from chalicelib.errors import Refused
from chalicelib.job import message_attributes as attributes
from chalicelib.job.outbox_keys import batch_of
from chalicelib.job.request import BODY_LIMIT, FILE_LIMIT, Request, read_value, request_of
from chalicelib.ports import WireMessage
from chalicelib.settings import Settings

JOB = re.compile(r"[A-Za-z0-9._-]{1,128}")
RESERVED = frozenset({"rejected", "dead-letters", "result.json", "report.html", ".", ".."})
OF_AN_ATTEMPT = re.compile(r"[0-9]{3}-[0-9]{3}(\.json|(-[0-9]+)?\.png)")  # a record's or an image's name (outbox_keys)
FEEDBACK_ITEMS = 20
FEEDBACK_CHARACTERS = 200


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
    seed: int | None = None  # does not travel: the record that announces this message keeps it

    @property
    def position(self) -> tuple[int, int]:
        """Revision and attempt."""
        return self.revision, self.attempt

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
            seed=None,
        )

    def next_revision(
        self, prompt: str, negative_prompt: str | None, failure: str, spent_usd: float, seed: int | None
    ) -> "Message":
        """The first attempt with a rewritten prompt; `seed` is one to keep."""
        return replace(
            self.next_attempt(failure, spent_usd),
            revision=self.revision + 1,
            attempt=0,
            prompt=prompt,
            negative_prompt=negative_prompt,
            seed=seed,
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
        given = {name: (attributes.TYPES[name], value) for name, value in values.items() if value is not None}
        return WireMessage(self.request.body(), given, batch_of(self.job))


def bounded_feedback(feedback: tuple[str, ...]) -> tuple[str, ...]:
    """The newest failures, each cut short, so that a job of a hundred attempts still fits a message."""
    return tuple(entry[:FEEDBACK_CHARACTERS] for entry in feedback[-FEEDBACK_ITEMS:])


def claimed_job(wire: WireMessage, otherwise: str) -> str:
    """The job's name where the message bears a legal one; for messages that cannot be accepted, too."""
    kind, name = wire.attributes.get("job", ("String", otherwise))
    return name if kind.partition(".")[0] == "String" and is_job_name(name) else otherwise


def is_job_name(name: str) -> bool:
    """Whether a job may be called so: legal, and none of the names that the outbox has already."""
    return bool(JOB.fullmatch(name)) and name not in RESERVED and not OF_AN_ATTEMPT.fullmatch(name)


def decode(wire: WireMessage, settings: Settings, otherwise: str, *, ours: bool = False) -> Message:
    """Read a message; `otherwise` names the job of a message without a name. Raises Refused.

    `ours`: it stands in a record of ours, so an attribute that this release does not know is one of a newer release,
    and is passed over.
    Whether the stage allows what its body asks for is another question (`request.check_allowed`).
    """
    return message_of(wire, body_value(wire.body), settings, otherwise, ours=ours)


def body_value(body: str) -> Any:
    """The JSON value of a message's body, nothing of it checked but its length. Raises Refused."""
    data = body.encode(errors="surrogatepass")
    if len(data) > BODY_LIMIT:
        raise _too_long(len(data))
    return read_value(data, BODY_LIMIT)


def message_of(wire: WireMessage, value: object, settings: Settings, otherwise: str, *, ours: bool = False) -> Message:
    """The message of which `value` is the body, already read; else as `decode`. Raises Refused."""
    request = _request(wire.body, value)
    for name, (kind, _) in wire.attributes.items():
        if name not in attributes.TRACING and not (ours and name not in attributes.TYPES):
            attributes.known(name, kind)
    values = {name: text for name, (_, text) in wire.attributes.items()}
    return Message(
        request=request,
        job=_job(wire, otherwise),
        prompt=attributes.text("prompt", values["prompt"]) if "prompt" in values else request.prompt,
        revision=attributes.position("revision", values.get("revision", "0"), request.max_prompt_revisions),
        attempt=attributes.position("attempt", values.get("attempt", "0"), request.max_retry_attempts),
        negative_prompt=(
            attributes.text("negative_prompt", values["negative_prompt"])
            if "negative_prompt" in values
            else request.negative_prompt
        ),
        requirements=(
            attributes.requirements(values["requirements"]) if "requirements" in values else request.requirements or ()
        ),
        feedback=bounded_feedback(attributes.texts("feedback", values.get("feedback", "[]"))),
        spent_usd=float(
            attributes.clamped("spent_usd", values.get("spent_usd", "0"), Decimal(str(settings.max_cost_usd)))
        ),
        deferrals=int(attributes.clamped("deferrals", values.get("deferrals", "0"), Decimal(settings.max_deferrals))),
    )


def _job(wire: WireMessage, otherwise: str) -> str:
    if "job" not in wire.attributes:
        return otherwise
    _, name = wire.attributes["job"]
    if not name or claimed_job(wire, "") != name:
        raise Refused(
            f"job: {name[:200]!r} came; 1 to 128 of A-Z a-z 0-9 . _ - are allowed, and none of {sorted(RESERVED)}, "
            "RRR-AAA.json, RRR-AAA.png, RRR-AAA-K.png, which the outbox has already: choose another name",
            "job",
        )
    return name


def _request(body: str, value: object) -> Request:
    """The request of a message. Raises Refused.

    Above the limit of a file only what was written here stays as it is when written again; anything else could grow
    past BODY_LIMIT after an attempt is paid for.
    """
    request = request_of(value)
    length = len(body.encode(errors="surrogatepass"))
    if length > FILE_LIMIT and body != request.body():
        raise _too_long(length)
    return request


def _too_long(length: int) -> Refused:
    return Refused(
        f"a body of {length:,} bytes came; at most {FILE_LIMIT:,} are allowed, as for a prompt file: shorten it"
    )


def _array(entries: tuple[str, ...]) -> str:
    return json.dumps(entries, ensure_ascii=False)


def _plain(amount: float) -> str:
    """Without exponent, leading or trailing zeros: SQS rewrites a Number that has them."""
    text = f"{amount:.6f}".rstrip("0").rstrip(".")
    return text or "0"
