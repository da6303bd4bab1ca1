"""What cannot be accepted is kept under rejected/, with the reason; it costs nothing and is never silently dropped."""

import json
from dataclasses import dataclass, replace

from chalicelib.attempt.services import Services
from chalicelib.errors import AlreadyExists, Refused, Unreachable
from chalicelib.job.outbox_keys import rejected_key
from chalicelib.job.request import DEFAULT_PREFIX, FILE_LIMIT, legal_field
from chalicelib.ports import Place
from chalicelib.settings import Settings
from chalicelib.text.strict_json import read_json


@dataclass(frozen=True)
class Source:
    """Where something came from (in words), the name it is kept under, what came, and a name nobody else can claim.

    `home`: its record lies in the stage's own outbox, wherever what came asks for. `row` and `line`, from 1, are those
    of a file of many prompts.
    """

    told: str
    job: str
    received: bytes
    own_name: str = ""
    home: bool = False
    row: int | None = None
    line: int | None = None

    def under_its_own_name(self) -> "Source":
        """For what must not stand under the name it claims, because a job that is going on bears it."""
        return replace(self, job=self.own_name or self.job)


def refuse(services: Services, source: Source, error: Refused) -> None:
    """Write `rejected/<job>.json`, below the file's own prefix where that can be known and trusted."""
    record: dict[str, object] = {
        "error": error.error,
        "field": error.field,
        "received": source.received[:FILE_LIMIT].decode(errors="replace"),
        "source": source.told,
    }
    if source.row is not None:
        record |= {"row": source.row, "line": source.line}
    body = json.dumps(record, ensure_ascii=False, indent=1).encode(errors="replace")
    home = services.settings.outbox_bucket, DEFAULT_PREFIX
    bucket, prefix = home if source.home else destination(source.received, services.settings)
    try:
        _keep(services, bucket, prefix, source, body)
    except Unreachable:
        if bucket == services.settings.outbox_bucket:
            raise
        _keep(services, *home, source, body)
    services.journal({"event": "refused", "job": source.job, "field": error.field, "error": error.error})


def _keep(services: Services, bucket: str, prefix: str, source: Source, body: bytes) -> None:
    """A second refusal under a claimed name is kept under the message's own name: nothing hides behind another."""
    for name in (source.job, source.own_name or source.job):
        place = Place(bucket, rejected_key(prefix, name))
        try:
            services.store.create(place, body, "application/json")
            return
        except AlreadyExists:
            stored = services.store.read(place)
            if stored is not None and stored.body == body:
                return


def destination(received: bytes, settings: Settings) -> tuple[str, str]:
    """The bucket and prefix a refused file asks for, each only if it is legal by itself; else the stage's own."""
    try:
        value = read_json(received, FILE_LIMIT)
    except Refused:
        return settings.outbox_bucket, DEFAULT_PREFIX
    fields = value if isinstance(value, dict) else {}
    bucket = legal_field("output_s3_bucket_name", fields.get("output_s3_bucket_name"))
    prefix = legal_field("output_s3_key_prefix", fields.get("output_s3_key_prefix"))
    trusted = bucket if bucket and settings.allows_bucket(bucket) else settings.outbox_bucket
    return trusted, prefix or DEFAULT_PREFIX
