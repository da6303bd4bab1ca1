"""What cannot be accepted is kept under rejected/, with the reason; it costs nothing and is never silently dropped."""

import json
from dataclasses import dataclass, replace

from chalicelib.attempt.resolve import has_records
from chalicelib.attempt.services import Services
from chalicelib.errors import AlreadyExists, Refused, Unreachable
from chalicelib.job.arrival import Arrival
from chalicelib.job.destination import destination
from chalicelib.job.outbox_keys import JobPlace
from chalicelib.job.request import FILE_LIMIT

VALUE_SHOWN = 2_000  # characters of an attribute's value that a refusal repeats


@dataclass(frozen=True)
class Source:
    """Where something came from (in words), the name it is kept under, what came, and a name nobody else can claim.

    `place` is the bucket and prefix under which its refusal is to lie. `row` and `line`, from 1, are those of a file of
    many prompts.
    """

    origin: str
    job: str
    received: bytes
    place: tuple[str, str]
    own_name: str = ""
    row: int | None = None
    line: int | None = None

    @classmethod
    def of(cls, arrival: Arrival) -> "Source":
        """With its own name and its values, so that two messages that claim the same are told apart."""
        attributes = sorted(arrival.wire.attributes.items())
        values = ", ".join(f"{name}={value[:VALUE_SHOWN]!r}" for name, (_, value) in attributes)
        origin = f"SQS message {arrival.own_name} with attributes {{{values}}}"
        received = arrival.wire.body.encode(errors="replace")
        return cls(origin, arrival.place.job, received, arrival.refusals, arrival.own_name)

    def under_its_own_name(self) -> "Source":
        """For what must not stand under the name it claims, because a job that is going on bears it."""
        return replace(self, job=self.own_name or self.job)


def refuse_arrival(services: Services, arrival: Arrival, error: Refused) -> None:
    """Refuse a message under the name it claims, unless a job bears that, or its body does not say where one would lie.

    Nothing refused may stand where a job's end is looked for.
    """
    source = Source.of(arrival)
    unplaced = error.field is None  # the body itself is at fault
    perhaps_taken = unplaced or has_records(services, arrival.place)
    refuse(services, source.under_its_own_name() if perhaps_taken else source, error)


def refuse_at_home(services: Services, arrival: Arrival, error: Refused) -> None:
    """Refuse a message into the stage's own outbox, wherever it asks to lie."""
    refuse(services, replace(Source.of(arrival), place=destination({}, services.settings)), error)


def refuse(services: Services, source: Source, error: Refused) -> None:
    """Write `rejected/<job>.json`, below the file's own prefix where that can be known and trusted."""
    record: dict[str, object] = {
        "error": error.error,
        "field": error.field,
        "received": source.received[:FILE_LIMIT].decode(errors="replace"),
        "source": source.origin,
    }
    if source.row is not None:
        record |= {"row": source.row, "line": source.line}
    body = json.dumps(record, ensure_ascii=False, indent=1).encode(errors="replace")
    try:
        _keep(services, source, body)
    except Unreachable:
        if source.place[0] == services.settings.outbox_bucket:
            raise
        _keep(services, replace(source, place=destination({}, services.settings)), body)
    services.journal({"event": "refused", "job": source.job, "field": error.field, "error": error.error})


def _keep(services: Services, source: Source, body: bytes) -> None:
    """A second refusal under a claimed name is kept under the message's own name: nothing hides behind another."""
    for name in (source.job, source.own_name or source.job):
        place = JobPlace(*source.place, name).rejected
        try:
            services.store.create(place, body, "application/json")
            return
        except AlreadyExists:
            stored = services.store.read(place)
            if stored is not None and stored.body == body:
                return
