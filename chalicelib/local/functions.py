"""The Lambda functions that app.py declares, read from its Chalice object, so that nothing is declared twice.

Must not import app.py: the Chalice object is handed in. What this machine cannot trigger is loud.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice, S3EventConfig, SQSEventConfig

STAGE = "local"
MAXIMUM_CONCURRENCY = 1000  # of one account and region, unless raised (AWS documentation, 2026-11)


@dataclass(frozen=True)
class Rules:
    """How Lambda is to behave here: the defaults are AWS's own. All times in seconds.

    `failure_wait` None: a failed message stays hidden for the rest of the queue's visibility timeout, as on AWS.
    `concurrency` is the most invocations of one function at a time.
    """

    function_timeout: float = 300.0
    asynchronous_waits: tuple[int, ...] = (60, 120)
    failure_wait: int | None = None
    concurrency: int = 8


@dataclass(frozen=True)
class Function:
    """One function under the name Chalice would give it, `<app>-<stage>-<function>`, and what triggers it.

    Messages of a `queue`, so many at a time as the decorator or AWS allows; or, where that is empty, objects of a
    `bucket` whose keys begin and end so.
    """

    name: str
    handler: Callable[[Mapping[str, Any], Any], Any]
    queue: str = ""
    concurrency: int = MAXIMUM_CONCURRENCY
    bucket: str = ""
    prefix: str = ""
    suffix: str = ""

    def fires_for(self, bucket: str, key: str) -> bool:
        return bucket == self.bucket and key.startswith(self.prefix) and key.endswith(self.suffix)


def declared_functions(application: Chalice) -> tuple[Function, ...]:
    """Every event handler of the application. Raises ValueError for a source that does not exist here."""
    return tuple(
        Function(
            f"{application.app_name}-{STAGE}-{source.name}", application.handler_map[source.name], **_trigger(source)
        )
        for source in application.event_sources
    )


def _trigger(source: Any) -> dict[str, Any]:
    match source:
        case S3EventConfig():
            return {"bucket": source.bucket, "prefix": source.prefix or "", "suffix": source.suffix or ""}
        case SQSEventConfig(batch_size=1):
            queue = source.queue or str(source.queue_arn).rsplit(":", 1)[-1]
            return {"queue": queue, "concurrency": source.maximum_concurrency or MAXIMUM_CONCURRENCY}
        case SQSEventConfig():
            raise ValueError(f"{source.name}: batch_size {source.batch_size}; the local pump delivers one by one")
    raise ValueError(f"{source.name}: the local pump knows S3 and SQS handlers, not {type(source).__name__}")
