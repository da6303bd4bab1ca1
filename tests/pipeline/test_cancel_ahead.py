"""A job that its user ends before it has begun: whoever comes with its first message finds its name held."""

import json

import pytest

from chalicelib.attempt.cancel import Ended, NotBegun, cancel
from chalicelib.events.lambda_events import uploads
from chalicelib.job.outbox_keys import JobPlace, job_name, row_name
from tests.pipeline.bench import Bench, Models
from tests.pipeline.test_cancel import CAT, JOB, PLACE, deliver, ended, rejecting


@pytest.mark.parametrize("way", ["message", "upload", "row"])
def test_kept_from_beginning_it_ends_unpaid_when_its_message_comes(way: str):
    bench = Bench()
    name = job_coming(bench, way)
    place = JobPlace(PLACE.bucket, PLACE.prefix, name)
    assert cancel(bench.services(), place, ahead=True) == NotBegun(marked=True)
    held = bench.outbox()
    assert held == [f"generated-images/{name}/000-000.json"]
    assert cancel(bench.services(), place, ahead=True) == cancel(bench.services(), place) == NotBegun(marked=True)
    assert bench.outbox() == held
    bench.settle()
    result = bench.document(f"{name}/result.json")
    assert (result["status"], result["initial_prompt"], result["cost_usd"]) == ("CANCELLED", "a cat", 0)
    assert [line["outcome"] for line in result["attempts"]] == ["cancelled"]
    others = [key for key in bench.outbox() if key.endswith("/result.json") and name not in key]
    assert [bench.document(key)["status"] for key in others] == (["SUCCESS"] if way == "row" else [])
    assert len(bench.models.invoked) == len(others)
    assert not refusals(bench)


def refusals(bench: Bench) -> list[str]:
    return [key for key in bench.outbox() if "/rejected/" in key]


def job_coming(bench: Bench, way: str) -> str:
    """A job whose message or event is on its way, and its name."""
    if way == "message":
        bench.inject(CAT, **JOB)
        return "cats"
    rows = b'{"prompt": "a dog"}\n{"prompt": "a cat"}\n'
    bench.upload(rows if way == "row" else CAT, f"inbox/spring.json{'l' if way == 'row' else ''}")
    [event] = bench.aws.world.asynchronous
    [upload] = uploads(json.loads(event.payload))
    file = job_name("spring", upload.moment, upload.place.bucket, upload.place.key, upload.etag, upload.sequencer)
    return row_name(file, 2) if way == "row" else file


def test_kept_from_beginning_it_begins_nowhere_else_either():
    bench = Bench()
    cancel(bench.services(), PLACE, ahead=True)
    bench.inject(CAT, **JOB, revision=("Number", "1"))
    bench.settle()
    assert (
        bench.document(refusals(bench)[0])["error"] == "job: 'cats' was cancelled before it began; choose another name"
    )
    assert not bench.models.invoked


def test_kept_from_beginning_it_is_cancelled_where_its_message_dies():
    bench = Bench()
    cancel(bench.services(), PLACE, ahead=True)
    bench.aws.sqs.send(bench.settings.dead_letter_queue_name, json.dumps(CAT), tuple(JOB.items()))
    bench.settle()
    assert ended(bench) == ("CANCELLED", [(0, 0, "cancelled")])


def test_ahead_of_what_has_begun_it_is_a_cancel_like_any_other():
    bench = Bench(Models(on_converse=rejecting))
    bench.inject(CAT, **JOB)
    deliver(bench)
    assert isinstance(cancel(bench.services(), PLACE, ahead=True), Ended)
    assert ended(bench) == ("CANCELLED", [(0, 0, "rejected"), (0, 1, "cancelled")])
