"""Whoever may send messages must not own other people's jobs: whose a message is, the outbox says."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.attempt.resolve import resolve
from chalicelib.errors import AlreadyExists, Blocked
from chalicelib.job.arrival import read_arrival
from chalicelib.job.record import Record, Status
from chalicelib.ports import Place, Stored, WireMessage
from tests.pipeline.bench import NO, YES, Bench, Models, Seen, canvas, in_turn

CAT = {"prompt": "a cat on a mat", "max_retry_attempts": 2, "max_prompt_revisions": 2, "output_s3_key_prefix": "mine"}
TRACING = ("traceparent", "tracestate", "baggage", "sentry-trace", "X-Amzn-Trace-Id", "_datadog", "newrelic")


def bench_of(accepted_at: int) -> Bench:
    return Bench(Models(on_converse=in_turn(*[NO] * accepted_at, YES, NO)))


def one_delivery(bench: Bench) -> None:
    due = min(bench.aws.lambdas.dues(), key=lambda each: (each.when, each.order))
    bench.aws.world.now = max(bench.aws.world.now, due.when)
    if invocation := bench.aws.lambdas.begin(due):
        bench.run(invocation)


def told(bench: Bench) -> dict[str, Any]:
    """What the job came to, times and costs of the run apart."""
    result = bench.result
    for line in result["attempts"]:
        del line["seed"]
    return {key: value for key, value in result.items() if key not in ("started_at", "finished_at", "seed")}


BODIES = {
    "the job's own": json.dumps(CAT),
    "another shape": json.dumps({**CAT, "max_retry_attempts": 9, "max_prompt_revisions": 9}),
    "another prompt": json.dumps({**CAT, "prompt": "the attacker's picture"}),
    "more images": json.dumps({**CAT, "nova_canvas_number_of_images": 5}),
    "cut short": json.dumps(CAT)[:60],
    "no JSON": "hello",
}


@pytest.mark.parametrize("spent", ["0", "0.01", "1.99"])
@pytest.mark.parametrize("body", BODIES)
def test_messages_in_a_running_jobs_name_change_nothing_of_it(body: str, spent: str) -> None:
    plain = bench_of(accepted_at=3)
    plain.inject(CAT, job=("String", "cats"))
    plain.settle()
    bench = bench_of(accepted_at=3)
    bench.inject(CAT, job=("String", "cats"))
    one_delivery(bench)
    forged = {"spent_usd": ("Number", spent), "prompt": ("String", "the attacker's"), "feedback": ("String", "[]")}
    for position in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (8, 8)]:
        where = {"revision": ("Number", str(position[0])), "attempt": ("Number", str(position[1]))}
        bench.inject(BODIES[body], job=("String", "cats"), **where, **forged)
        one_delivery(bench)
    bench.settle()
    ours = [key for key in bench.outbox() if key.startswith("mine/cats/")]
    assert ours == [key for key in plain.outbox() if key.startswith("mine/cats/")]
    assert told(bench) == told(plain)
    assert len(bench.models.invoked) == len(plain.models.invoked) == 4
    assert not [key for key in bench.outbox() if key.endswith("rejected/cats.json")]


def test_a_message_beyond_a_finished_jobs_positions_gets_it_no_further_picture() -> None:
    bench = bench_of(accepted_at=0)
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    before = {key: bench.aws.s3.get("retake-outbox", key).body for key in bench.outbox()}
    bench.inject(CAT, job=("String", "cats"), attempt=("Number", "1"), spent_usd=("Number", "0.05"))
    bench.settle()
    assert len(bench.models.invoked) == 1
    assert before.items() <= {key: bench.aws.s3.get("retake-outbox", key).body for key in bench.outbox()}.items()
    (refused,) = [key for key in bench.outbox() if "/rejected/" in key]
    assert "/message-" in refused
    assert "has its result already" in bench.document(refused)["error"]


def test_one_name_in_many_shapes_at_once_is_one_job_within_one_cap() -> None:
    bench = bench_of(accepted_at=99)
    for attempts in (1, 2, 3, 4, 5):
        for revision in range(3):
            shape = {**CAT, "max_retry_attempts": attempts, "max_prompt_revisions": 3, "max_cost_usd": 0.30}
            bench.inject(shape, job=("String", "cats"), revision=("Number", str(revision)))
    bench.settle()
    assert bench.result["cost_usd"] <= 0.30
    assert len(bench.models.invoked) * 0.04 <= 0.30
    chain = [key for key in bench.outbox() if key.startswith("mine/cats/0") and key.endswith(".json")]
    assert len(chain) <= 16


@pytest.mark.parametrize("name", TRACING)
def test_an_attribute_that_a_tracing_library_adds_is_passed_over_and_not_sent_on(name: str) -> None:
    bench = bench_of(accepted_at=2)
    bench.inject(CAT, job=("String", "cats"), **{name: ("String", "00-abc")})
    one_delivery(bench)
    queue = bench.settings.queue_name
    assert bench.aws.world.messages[queue]
    assert all(name not in dict(message.attributes) for message in bench.aws.world.messages[queue])
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 3)


def test_a_dead_letter_is_kept_without_what_a_tracing_library_added() -> None:
    """Some add bytes, which no letter can hold: it could not be sent again."""
    bench = Bench(Models(on_converse=lambda model, request: ArithmeticError("killed each time")))
    bench.inject(CAT, job=("String", "cats"), _datadog=("Binary", "bytes"))
    bench.settle()
    (letter,) = [key for key in bench.outbox() if "/dead-letters/" in key]
    assert bench.document(letter)["attributes"] == {"job": {"DataType": "String", "StringValue": "cats"}}


def test_an_unknown_attribute_on_a_jobs_own_message_costs_it_nothing() -> None:
    bench = bench_of(accepted_at=1)
    bench.inject(CAT, job=("String", "cats"))
    one_delivery(bench)
    queue = bench.settings.queue_name
    (own,) = bench.aws.world.messages[queue]
    bench.aws.world.messages[queue] = ()
    bench.inject(own.body, **dict(own.attributes), of_a_newer_release=("String", "x"))
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 2)


def test_a_job_resumed_elsewhere_goes_on_where_its_prompt_is_blocked() -> None:
    """The next revision is then announced by a record that neither its own place nor the revision's first leads to."""
    drawn = iter([Blocked("m", "content filters", "prompt")])
    bench = Bench(Models(on_invoke=lambda model, body: next(drawn, canvas())))
    asked = {**CAT, "max_retry_attempts": 3, "max_prompt_revisions": 3}
    bench.inject(asked, job=("String", "cats"), attempt=("Number", "1"), revision=("Number", "1"))
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["blocked", "accepted"]
    assert not [key for key in bench.outbox() if "/rejected/" in key]


def test_a_job_resumed_elsewhere_tells_only_of_what_was_attempted() -> None:
    bench = bench_of(accepted_at=0)
    bench.inject(CAT, job=("String", "cats"), revision=("Number", "1"), prompt=("String", "a tabby"))
    bench.settle()
    (line,) = bench.result["attempts"]
    assert (line["revision"], line["attempt"], bench.result["prompt"]) == (1, 0, "a tabby")


class AnnouncedMeanwhile:
    """An outbox whose one record says what follows only once somebody else's name for the job has been tried."""

    def __init__(self, outcome: Record) -> None:
        self.outcome = outcome
        self.now = outcome.with_changes(status=Status.LEASED, outcome=None, next=None)

    def read(self, place: Place, **_: object) -> Stored | None:
        here = place.key.endswith("/000-000.json")
        return Stored(self.now.as_json(), "", datetime(2026, 11, 22, tzinfo=UTC)) if here else None

    def create(self, place: Place, *_: object) -> str:
        self.now = self.outcome
        raise AlreadyExists(place.key)


def test_a_message_that_comes_just_as_its_attempt_is_announced_is_the_announced_one_seed_and_all() -> None:
    bench = Bench(Models(on_converse=in_turn(Seen({4: "x"}))))
    body = json.dumps({**CAT, "max_retry_attempts": 1, "requirements": ["a", "b", "c", "d"]})
    bench.inject(body, job=("String", "cats"))
    one_delivery(bench)
    outcome = Record.model_validate(bench.document("/000-000.json"))
    kept = outcome.next.message.seed
    assert kept == outcome.seeds[0]
    stray = WireMessage(body, {"job": ("String", "cats"), "revision": ("Number", "1")})
    services = replace(bench.services(), store=AnnouncedMeanwhile(outcome))
    message = resolve(services, read_arrival(stray, "message-1", 1, bench.settings)).message
    assert (message.prompt, message.seed) == (outcome.rewrite.prompt, kept)
