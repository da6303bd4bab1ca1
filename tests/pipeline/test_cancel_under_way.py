"""A job that its user ends while an attempt is made: what can follow is marked, and whoever comes to a mark ends it.

Time stands still while an attempt is made here, so the cancel happens inside an answer of its models.
"""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.attempt.cancel import Ended, NotBegun, UnderWay
from tests.fakes.aws import Effect
from tests.pipeline.bench import YES, Bench, Converse, Models, canvas
from tests.pipeline.test_cancel import CAT, JOB, cancelled, deliver, ended, rejecting
from tests.pipeline.test_deliveries import Death, Trouble


class During:
    """A judge or painter during one of whose answers the job is cancelled."""

    def __init__(self, call: int, answer: Callable[[str, Any], Any]) -> None:
        self.left, self.answer = call, answer
        self.bench: Bench | None = None
        self.told: list[NotBegun | UnderWay | Ended] = []

    def __call__(self, model: str, asked: Any) -> Any:
        self.left -= 1
        if self.left == 0 and self.bench:
            self.told.append(cancelled(self.bench))
        return self.answer(model, asked)


def cancelled_while_drawing(attempt: int, on_converse: Converse = rejecting, **fields: Any) -> tuple[Bench, During]:
    during = During(attempt, lambda model, body: canvas(body["imageGenerationConfig"]["numberOfImages"]))
    bench = during.bench = Bench(Models(on_invoke=during, on_converse=on_converse))
    bench.inject({**CAT, **fields}, **JOB)
    return bench, during


@pytest.mark.parametrize("attempt", [1, 2])
def test_an_attempt_under_way_is_the_last(attempt: int):
    bench, during = cancelled_while_drawing(attempt)
    bench.settle()
    (told,) = during.told
    assert isinstance(told, UnderWay)
    assert len(bench.models.invoked) == attempt
    assert bench.result["status"] == "CANCELLED"
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"] * attempt + ["cancelled"]
    assert bench.failures == []


def test_the_mark_that_the_job_never_came_to_stays_and_is_no_part_of_it():
    bench, _ = cancelled_while_drawing(1)
    bench.settle()
    assert bench.document("cats/001-000.json")["status"] == "cancelling"
    assert bench.document("cats/000-001.json")["outcome"] == "cancelled"
    assert [line["revision"] for line in bench.result["attempts"]] == [0, 0]
    assert bench.result["best"]["image"].endswith("000-000.png")


def test_an_attempt_under_way_that_is_accepted_ends_the_job_accepted():
    bench, during = cancelled_while_drawing(1, on_converse=lambda model, request: YES)
    bench.settle()
    assert isinstance(during.told[0], UnderWay)
    assert ended(bench) == ("SUCCESS", [(0, 0, "accepted")])
    again = cancelled(bench)
    assert isinstance(again, Ended)
    assert again.result.status == "SUCCESS"


def test_the_last_attempt_has_nothing_after_it_to_be_marked():
    bench, _ = cancelled_while_drawing(1, max_retry_attempts=1, max_prompt_revisions=1)
    bench.settle()
    assert ended(bench) == ("FAIL", [(0, 0, "rejected")])
    assert [key for key in bench.outbox() if key.endswith(".json")] == [
        f"generated-images/cats/{name}" for name in ("000-000.json", "result.json")
    ]


def test_who_looks_again_ends_it_himself_where_the_pipeline_does_not():
    """The process dies before it can send what follows."""
    bench, _ = cancelled_while_drawing(1)
    bench.aws.around = Trouble(lambda effect: effect.operation == "send", Death())
    deliver(bench)
    told = cancelled(bench)
    assert isinstance(told, Ended)
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])
    before = bench.outbox()
    bench.settle()
    assert (bench.outbox(), len(bench.models.invoked)) == (before, 1)


def test_a_process_that_dies_before_it_sends_does_not_strand_a_job_whose_next_place_is_marked():
    bench, _ = cancelled_while_drawing(1)
    bench.aws.around = Trouble(lambda effect: effect.operation == "send", Death())
    bench.settle()
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])


def test_a_dead_letter_at_a_mark_ends_the_job_as_cancelled():
    bench, _ = cancelled_while_drawing(1)

    def ending(effect: Effect) -> bool:
        return effect.operation == "replace" and effect.target.endswith("000-001.json")

    bench.aws.around = Trouble(ending, Death(), times=5)  # as often as the work queue tries
    bench.settle()
    assert len(bench.failures) == 5
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])


def test_a_message_for_a_marked_place_that_nothing_leads_to_neither_moves_nor_ends_the_job():
    bench, _ = cancelled_while_drawing(1)
    deliver(bench)
    for _ in range(2):
        bench.inject(CAT, **JOB, revision=("Number", "1"))
    bench.settle()
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])
    assert bench.document("cats/001-000.json")["status"] == "cancelling"
    refused = [key for key in bench.outbox() if "/rejected/" in key]
    assert len(refused) == 2
    assert all("/message-" in key for key in refused)
