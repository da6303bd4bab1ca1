"""What can go wrong, as an alphabet: for every effect and every delivery the faults that can befall it.

`crash` ends the invocation on the spot, before or after the effect. `lost`: done, but the answer never arrives.
`twice`: the SDK sent again after a lost answer, and the second answer counts. `duplicate`: the same delivery runs
meanwhile. `pause` and `freeze`: the process stands still for a minute, or until after its lease, and then goes on.
`hang`: it stands still until Lambda kills it. `again-…`: AWS delivers a second time, at once, after any lease, or when
all else is long done; `later`: it delivers late. `added` and `cut`: a message of the work queue arrives with a tracing
library's attribute, or with half its body. `kills`: this effect kills every invocation that comes to it from now on.
`cancel`: all jobs are cancelled meanwhile, begun or not.
The rest are error responses by name.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

from tests.fakes.aws import Effect
from tests.fakes.bedrock import spoken
from tests.fakes.errors import AwsError


class Fault(StrEnum):
    CRASH_BEFORE = "crash-before"
    CRASH_AFTER = "crash-after"
    LOST = "lost"
    TWICE = "twice"
    BUSY = "busy"
    CONFLICT = "conflict"
    SERVER_ERROR = "server-error"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    PAUSE = "pause"
    FREEZE = "freeze"
    HANG = "hang"
    AGAIN_SOON = "again-soon"
    AGAIN_LATER = "again-later"
    AGAIN_LAST = "again-last"
    LATER = "later"
    ADDED = "added"
    CUT = "cut"
    KILLS = "kills"
    CANCEL = "cancel"


DELIVERY = "deliver"
MINUTE = 60.0
PAST_ANY_LEASE = 400.0  # a lease lasts for the function's timeout and 30 s
AFTER_ALL_ELSE = 30_000.0  # any visibility timeout, delay and redrive that a few faults can bring about is over
DEATHS = frozenset({Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.HANG, Fault.KILLS})
IN_TRANSIT = (Fault.ADDED, Fault.CUT)
REFUSALS = frozenset({Fault.BUSY, Fault.CONFLICT, Fault.SERVER_ERROR})
STANDING_STILL = frozenset({Fault.DUPLICATE, Fault.PAUSE, Fault.FREEZE, Fault.HANG, Fault.CANCEL})

_ANYWHERE = (
    Fault.CRASH_BEFORE,
    Fault.CRASH_AFTER,
    Fault.LOST,
    Fault.BUSY,
    Fault.DUPLICATE,
    Fault.PAUSE,
    Fault.FREEZE,
    Fault.HANG,
)
_POSSIBLE: dict[tuple[str, str], tuple[Fault, ...]] = {
    ("s3", "create"): (*_ANYWHERE, Fault.TWICE, Fault.CONFLICT),
    ("s3", "replace"): (*_ANYWHERE, Fault.TWICE, Fault.CONFLICT),
    ("s3", "put"): (*_ANYWHERE, Fault.TWICE),
    ("s3", "read"): tuple(fault for fault in _ANYWHERE if fault is not Fault.CRASH_AFTER),
    ("sqs", "send"): (*_ANYWHERE, Fault.TWICE),
    ("sqs", "queue_url"): (Fault.CRASH_BEFORE, Fault.BUSY),
    ("bedrock", "invoke"): (*_ANYWHERE, Fault.SERVER_ERROR, Fault.UNREADABLE),
    ("bedrock", "converse"): (*_ANYWHERE, Fault.SERVER_ERROR, Fault.UNREADABLE),
    (DELIVERY, DELIVERY): (Fault.AGAIN_SOON, Fault.AGAIN_LATER, Fault.AGAIN_LAST, Fault.LATER),
}


def possible(effect: Effect) -> tuple[Fault, ...]:
    """The faults that can befall an effect or delivery, always in the same order."""
    return (*common(effect), *_rarer(effect))


def common(effect: Effect) -> tuple[Fault, ...]:
    """Those that befall every kind of effect; three of them in one schedule are enough to go through."""
    return _POSSIBLE[effect.service, effect.operation]


def with_one_cancel(
    others: Callable[[Effect], tuple[Fault, ...]], spent: Collection[Fault], left: int
) -> Callable[[Effect], tuple[Fault, ...]]:
    """The alphabet of schedules with one cancel: `left` faults may follow those that are spent, one of them is it."""
    if Fault.CANCEL in spent:
        return others

    def alphabet(effect: Effect) -> tuple[Fault, ...]:
        cancel = (Fault.CANCEL,) if effect.service != DELIVERY else ()
        return cancel if left == 1 else (*cancel, *others(effect))

    return alphabet


def _rarer(effect: Effect) -> tuple[Fault, ...]:
    if (effect.service, effect.target) == (DELIVERY, "work"):
        return IN_TRANSIT
    if effect.service == "bedrock" or (effect.operation == "create" and effect.target.endswith(".png")):
        return (Fault.KILLS,)  # what a job can end without
    return ()


def kind(effect: Effect) -> tuple[str, str, str]:
    """By which an effect is known again."""
    return effect.service, effect.operation, effect.target


def refusal(fault: Fault, effect: Effect) -> AwsError:
    """The error response a fault stands for."""
    match fault:
        case Fault.BUSY if effect.service == "bedrock":
            return AwsError("ThrottlingException", 429, "Too many requests, please wait before trying again.")
        case Fault.BUSY if effect.service == "sqs":
            return AwsError("RequestThrottled", 403, "Request was throttled.")
        case Fault.BUSY:
            return AwsError("SlowDown", 503, "Please reduce your request rate.")
        case Fault.CONFLICT:
            return AwsError("ConditionalRequestConflict", 409, "A conflicting conditional operation is in progress.")
        case _:
            return AwsError("InternalServerException", 500, "An internal server error occurred. Retry your request.")


def unreadable(effect: Effect) -> Any:
    """An answer that arrived and makes no sense."""
    if effect.operation == "invoke":
        return b'{"images": null, "error": null}'
    return spoken("I am sorry, Dave.")
