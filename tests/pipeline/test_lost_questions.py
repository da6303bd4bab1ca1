"""What an owner paid for and did not live to write down, where somebody else ends its job: told, at its worst price."""

import json
from datetime import timedelta

import pytest

from chalicelib.attempt.cancel import Ended, cancel
from tests.pipeline.bench import Bench
from tests.pipeline.test_cancel import PLACE, deliver
from tests.pipeline.test_deliveries import CAT, JOB, Death, Trouble, saving_outcome

NEWER = "amazon.nova-pro-v9:0"
PAID = 0.04  # the image alone
TOLD = "an owner ended before it wrote down what it had asked"


def died_with_its_verdict() -> Bench:
    """A job whose only picture was drawn and judged, and whose process died before it wrote that down."""
    bench = Bench(VISION_MODELS=f"amazon.nova-pro-v1:0,{NEWER}=amazon.nova-pro-v1:0")
    bench.aws.around = Trouble(saving_outcome, Death())
    bench.inject({**CAT, "vision_models": [NEWER]}, **JOB)
    deliver(bench)
    bench.aws.world.now += timedelta(hours=1).total_seconds()
    assert len(bench.models.conversed) == 2
    return bench


def test_a_cancel_counts_it():
    bench = died_with_its_verdict()
    assert isinstance(cancel(bench.services(), PLACE), Ended)
    assert PAID + 0.01 < bench.result["cost_usd"] < 0.2
    notes = bench.document("/000-000.json")["notes"]
    assert any(note.startswith(TOLD) and "worst price" in note for note in notes)


def test_a_dead_letter_counts_it():
    bench = died_with_its_verdict()
    bench.aws.world.messages = dict.fromkeys(bench.aws.world.messages, ())
    bench.aws.sqs.send(bench.settings.dead_letter_queue_name, json.dumps(CAT), tuple(JOB.items()))
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert PAID + 0.01 < bench.result["cost_usd"] < 0.2


@pytest.mark.parametrize("known", [True, False])
def test_what_a_release_cannot_price_keeps_no_job_from_ending(known: bool):
    bench = died_with_its_verdict()
    if not known:
        bench.settings = Bench().settings
    assert isinstance(cancel(bench.services(), PLACE), Ended)
    assert (bench.result["cost_usd"] > PAID) is known
    notes = bench.document("/000-000.json")["notes"]
    assert any(TOLD in note and ("not known here" in note) is not known for note in notes)
