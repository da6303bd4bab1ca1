"""The pipeline with one guard taken out, to see that the simulator would notice. Each row names the rule it breaks.

A guard is taken out from outside: by another port, another table of decisions, another chance or other settings handed
in. Nothing of the pipeline is patched.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.attempt.claim import read_record
from chalicelib.attempt.services import Services as Pipeline
from chalicelib.errors import Refused
from chalicelib.job.arrival import Arrival, Resolved
from chalicelib.job.protocol import (
    Acknowledge,
    EndCancelled,
    EndDead,
    Facts,
    GiveUpImage,
    PutBack,
    Step,
    TakeOver,
    decide,
)
from chalicelib.job.record import Status
from chalicelib.ports import Place
from tests.fakes.aws import InMemoryAws
from tests.simulator.canonical import is_record
from tests.simulator.jobs import CANCEL
from tests.simulator.stagehands import CountingChance, Mutate
from tests.simulator.unguarded import Cancels, Named, ReadsOnce, SendsFirst, Unconditional, Uncounted


class SharedNonce(CountingChance):
    """Chance that gives everybody the same nonce."""

    def getrandbits(self, k: int, /) -> int:
        return 7


def _image(place: Place) -> bool:
    return place.key.endswith(".png")


def _record(place: Place) -> bool:
    return is_record(place.key)


def _result(place: Place) -> bool:
    return place.key.endswith("/result.json")


def _unconditional(which: Named) -> Mutate:
    return lambda pipeline, aws: replace(pipeline, store=Unconditional(aws, pipeline.store, which))


def _deciding(table: Callable[[Facts], Step]) -> Mutate:
    return lambda pipeline, aws: replace(pipeline, decide=table)


def _sends_first(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    both = SendsFirst(pipeline.store, pipeline.work)
    return replace(pipeline, store=both, work=both)


def _never_reads_again(facts: Facts) -> Step:
    """Whoever finds a record believes that its owner will see to everything."""
    return Acknowledge() if facts.record else decide(facts)


def _drops_what_another_is_at(facts: Facts) -> Step:
    step = decide(facts)
    return Acknowledge() if isinstance(step, PutBack) else step


def _pays_a_third_time(facts: Facts) -> Step:
    step = decide(facts)
    return TakeOver(step.record, draw=True) if isinstance(step, GiveUpImage) else step


def _buries_outcomes(facts: Facts) -> Step:
    return EndDead(facts.record) if facts.dead else decide(facts)


def _drops_dead_letters(facts: Facts) -> Step:
    return Acknowledge() if facts.dead else decide(facts)


def _believes_marks(facts: Facts) -> Step:
    """Whoever finds the next position marked believes that somebody is at it."""
    marked = facts.successor is not None and facts.successor.status is Status.CANCELLING
    return Acknowledge() if marked else decide(facts)


def _draws_over_marks(facts: Facts) -> Step:
    step = decide(facts)
    return TakeOver(step.record, draw=True) if isinstance(step, EndCancelled) and step.record else step


def _marking_one(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, store=Cancels(aws, pipeline.store, one_mark=True))


def _holding_any_name(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, store=Cancels(aws, pipeline.store, any_name=True))


def _ending_anyway(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, store=Cancels(aws, pipeline.store, anyway=True))


def _cancels(aws: InMemoryAws) -> bool:
    return aws.caller is not None and aws.caller.function.name == CANCEL


def _looks_once(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, store=ReadsOnce(pipeline.store)) if _cancels(aws) else pipeline


def _waits_for_nobody(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """By the clock of who cancels every lease is over."""

    def fast() -> datetime:
        return pipeline.clock() + timedelta(hours=1)

    return replace(pipeline, clock=fast) if _cancels(aws) else pipeline


def _takes_marks_for_state(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """A message for a marked position counts, although nothing leads there."""

    def resolved(services: Pipeline, arrival: Arrival) -> Resolved:
        try:
            return pipeline.resolve(services, arrival)
        except Refused:
            wake_up = arrival.wake_up
            found = wake_up and read_record(services, wake_up.place, *wake_up.position)
            if not found or found[0].status is not Status.CANCELLING:
                raise
            return Resolved(found[0].message(), known=True)

    return replace(pipeline, resolve=resolved)


def _without_money_cap(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, settings=pipeline.settings.model_copy(update={"max_cost_usd": 1000.0}))


def _without_attempts_cap(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    return replace(pipeline, settings=pipeline.settings.model_copy(update={"max_attempts": 10_000}))


def _believes_messages(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """Whoever sends a message is taken at his word."""

    def believed(services: Pipeline, arrival: Arrival) -> Resolved:
        return Resolved(arrival.message(), known=True)

    return replace(pipeline, resolve=believed)


def _refuses_tracing(pipeline: Pipeline, aws: InMemoryAws) -> Pipeline:
    """An attribute that a tracing library added is an unknown one."""

    def refused(services: Pipeline, arrival: Arrival) -> Resolved:
        if "traceparent" in arrival.wire.attributes:
            raise Refused("'traceparent' is no attribute of a message", "traceparent")
        return pipeline.resolve(services, arrival)

    return replace(pipeline, resolve=refused)


@dataclass(frozen=True)
class Mutation:
    """A guard taken out, the stage to look for that on, and the promises (by number) one of which must break."""

    guard: str
    stage: str
    mutate: Mutate
    breaks: str


MUTATIONS = (
    Mutation("claim", "plain", _unconditional(_record), "1235"),
    Mutation(
        "count before paying", "plain", lambda pipeline, aws: replace(pipeline, store=Uncounted(pipeline.store)), "1"
    ),
    Mutation("conditional image write", "single", _unconditional(_image), "5"),
    Mutation("conditional result write", "plain", _unconditional(_result), "3"),
    Mutation("follow before send", "plain", _sends_first, "245"),
    Mutation("owner nonce", "plain", lambda pipeline, aws: replace(pipeline, chance=SharedNonce(aws)), "1"),
    Mutation("read again after a lost race", "plain", _deciding(_never_reads_again), "34"),
    Mutation("acknowledging rule", "plain", _deciding(_drops_what_another_is_at), "34"),
    Mutation("cap on generations", "single", _deciding(_pays_a_third_time), "1"),
    Mutation("cap on money", "poor", _without_money_cap, "6"),
    Mutation("cap on attempts", "strict", _without_attempts_cap, "6"),
    Mutation("dead-letter rule: no FAIL over an outcome", "impatient", _deciding(_buries_outcomes), "5"),
    Mutation("a message of a job that has records is only a wake-up", "plain", _believes_messages, "123456"),
    Mutation("attributes of tracing libraries are passed over", "plain", _refuses_tracing, "34"),
    Mutation("a cancel waits for who is at it", "cancelled", _waits_for_nobody, "8"),
    Mutation("a cancel marks both successors", "cancelled", _marking_one, "8"),
    Mutation("a cancel takes over by condition", "cancelled", _ending_anyway, "235"),
    Mutation("a name is held by condition", "cancelled", _holding_any_name, "5"),
    Mutation("a mark is honoured", "cancelled", _deciding(_draws_over_marks), "8"),
    Mutation("a mark is no state", "left", _takes_marks_for_state, "234"),
    Mutation("dead-letter rule: a job ends", "impatient", _deciding(_drops_dead_letters), "34"),
)

MARK_AS_SUCCESSOR = Mutation("a mark is no successor", "left", _deciding(_believes_marks), "34")
LOOKS_ONCE = Mutation("a cancel looks again after it has marked", "left", _looks_once, "8")
"""For these two three things must come together, which takes long to find: their tests say which."""
