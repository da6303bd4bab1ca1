"""Whatever cannot be accepted leaves a record under rejected/, spends nothing, and is not tried again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import handlers
from chalicelib.handlers import LAST_RECEIVE
from tests.fakes.events import sqs_event
from tests.fakes.world import QueuedMessage, QueueSettings
from tests.job.test_request import REFUSED as BAD_FILES
from tests.pipeline.bench import NO, Bench, Models, asks_for

EVENTS = Path(__file__).parent.parent / "events"

CAT = {"prompt": "a cat", "max_retry_attempts": 3, "max_prompt_revisions": 2}


def only_a_rejection(bench: Bench) -> dict[str, Any]:
    """Nothing but one record under rejected/, nothing spent, nothing waiting."""
    assert [key.split("/")[-2] for key in bench.outbox()] == ["rejected"]
    assert bench.models.invoked == bench.models.conversed == []
    assert list(bench.aws.lambdas.dues()) == []
    assert bench.failures == []
    return bench.document(".json")


BAD_PROMPTS = [row for row in BAD_FILES if not row[1].startswith(b"[")]  # an array is a file of many prompts


@pytest.mark.parametrize(("data", "field"), [row[1:3] for row in BAD_PROMPTS], ids=[row[0] for row in BAD_PROMPTS])
def test_a_bad_file_is_kept_with_its_reason(data: bytes, field: str | None):
    bench = Bench()
    bench.upload(data)
    bench.settle()
    record = only_a_rejection(bench)
    assert record["field"] == field
    assert record["error"]
    assert record["source"] == "s3://retake-inbox/inbox/cat.json"
    assert record["received"] == data[: 64 * 1024].decode(errors="replace")


@pytest.mark.parametrize(
    ("attribute", "kind", "value"),
    [
        ("attempt", "Number", "-1"),
        ("attempt", "Number", "1.5"),
        ("attempt", "Number", "99"),
        ("colour", "String", "red"),
        ("job", "String", "rejected"),
        ("job", "String", "result.json"),
        ("job", "String", "a/../b"),
    ],
)
def test_a_bad_message_is_kept_with_its_reason(attribute: str, kind: str, value: str):
    bench = Bench()
    bench.inject(CAT, **{attribute: (kind, value)})
    bench.settle()
    record = only_a_rejection(bench)
    assert record["field"] == attribute
    assert json.loads(record["received"]) == CAT
    assert bench.outbox()[0].startswith("generated-images/rejected/message-20261122T081500Z-")


@pytest.mark.parametrize(
    ("fields", "folder"),
    [
        ({"promt": 1}, "generated-images/rejected/"),
        ({"promt": 1, "output_s3_key_prefix": "spring/cats"}, "spring/cats/rejected/"),
        ({"promt": 1, "output_s3_key_prefix": "inbox/x"}, "generated-images/rejected/"),
        ({"promt": 1, "output_s3_key_prefix": "spring", "output_s3_bucket_name": "not-ours"}, "spring/rejected/"),
    ],
)
def test_a_rejection_lies_below_the_files_own_prefix_where_that_is_legal(fields: dict[str, Any], folder: str):
    bench = Bench()
    bench.upload({"prompt": "a cat", **fields})
    bench.settle()
    only_a_rejection(bench)
    assert bench.outbox()[0].startswith(folder)


@pytest.mark.parametrize(
    "key", ["inbox/a b.json", "inbox/a+b.json", "inbox/é.json", "inbox/100%.json", "inbox/日本.json"]
)
def test_keys_of_any_characters_are_read(key: str):
    bench = Bench()
    bench.upload(CAT, key)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"


def test_a_file_gone_before_its_event_arrives_is_told():
    bench = Bench()
    bench.upload(CAT)
    del bench.aws.world.objects["retake-inbox", "inbox/cat.json"]
    bench.settle()
    assert "gone before it was read" in only_a_rejection(bench)["error"]


def test_a_file_overwritten_before_its_event_arrives_is_told_and_the_newer_one_runs():
    bench = Bench()
    bench.upload({**CAT, "prompt": "a dog"})
    bench.upload(CAT)
    bench.settle()
    rejected = bench.document("/rejected/" + next(key for key in bench.outbox() if "/rejected/" in key).split("/")[-1])
    assert "overwritten" in rejected["error"]
    assert bench.result["prompt"] == "a cat"


def test_an_output_bucket_that_does_not_exist_is_refused_before_anything_is_paid():
    bench = Bench(OUTPUT_BUCKETS="retake-elsewhere")
    bench.upload({**CAT, "output_s3_bucket_name": "retake-elsewhere"})
    bench.settle()
    assert only_a_rejection(bench)["field"] == "output_s3_bucket_name"


def test_a_name_that_another_prompt_bears_is_refused_under_the_messages_own_name():
    bench = Bench()
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    bench.inject({**CAT, "prompt": "a dog"}, job=("String", "cats"))
    bench.settle()
    assert bench.result["prompt"] == "a cat"
    (refused,) = [key for key in bench.outbox() if "/rejected/" in key]
    assert "/rejected/message-" in refused
    assert len(bench.models.invoked) == 1


@pytest.mark.parametrize("attempt", ["x", "-1", "99", "1" * 400])
def test_whatever_is_wrong_with_it_no_refusal_stands_under_the_name_of_a_job(attempt: str):
    bench = Bench()
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    bench.inject(CAT, job=("String", "cats"), attempt=("String", attempt))
    bench.settle()
    (refused,) = [key for key in bench.outbox() if "/rejected/" in key]
    assert "/rejected/message-" in refused
    assert bench.document(refused)["field"] == "attempt"


def test_a_job_that_has_its_result_is_not_begun_again_elsewhere():
    bench = Bench()
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    bench.inject(CAT, job=("String", "cats"), revision=("Number", "1"))
    bench.settle()
    (refused,) = [key for key in bench.outbox() if "/rejected/" in key]
    assert "has its result already" in bench.document(refused)["error"]
    assert len(bench.models.invoked) == 1


def test_two_refusals_under_one_name_are_both_kept():
    bench = Bench()
    bench.inject(CAT, job=("String", "cats"), attempt=("Number", "7"))
    bench.inject(CAT, job=("String", "cats"), attempt=("Number", "8"))
    bench.settle()
    assert len([key for key in bench.outbox() if "/rejected/" in key]) == 2


def test_an_injected_revision_resumes_there_and_skips_what_was_before():
    models = Models(on_converse=lambda model, request: NO if asks_for(request) == "verify" else {})
    bench = Bench(models)
    bench.inject({**CAT, "max_retry_attempts": 2}, revision=("Number", "1"), prompt=("String", "a tabby"))
    bench.settle()
    assert [(line["revision"], line["attempt"]) for line in bench.result["attempts"]] == [(1, 0), (1, 1)]
    assert [body["textToImageParams"]["text"] for _, body in models.invoked] == ["a tabby", "a tabby"]


def test_a_test_event_of_s3_is_nothing():
    bench = Bench()
    handlers.on_prompt(bench.services(), {"Service": "Amazon S3", "Event": "s3:TestEvent"}, bench.aws.world.clock())
    assert bench.outbox() == []


@pytest.mark.parametrize(
    "data",
    [b'{"prompt": "a", "\\ud800": 1, "\\ud800": 2}', b'{"prompt": "a", "' + b"x" * 60_000 + b'": 1}'],
    ids=["half a character", "60,000 characters"],
)
def test_a_field_of_any_name_is_told_in_a_line_that_can_be_logged(data: bytes):
    bench = Bench()
    bench.upload(data)
    bench.settle()
    record = only_a_rejection(bench)
    assert len(json.dumps([record["field"], record["error"]], ensure_ascii=False).encode()) < 2_000
    (line,) = bench.journal
    assert json.loads(json.dumps(line, ensure_ascii=False).encode()) == line


@pytest.mark.parametrize("requirements", [["one cat"] * 33, ["x" * 501]])
def test_more_requirements_than_a_file_may_have_are_refused_in_a_message_too(requirements: list[str]):
    bench = Bench()
    bench.inject(CAT, requirements=("String", json.dumps(requirements)))
    bench.settle()
    assert only_a_rejection(bench)["field"] == "requirements"


def test_a_name_of_a_custom_type_of_text_is_a_name():
    bench = Bench()
    bench.inject(CAT, job=("String.name", "cats"))
    bench.settle()
    assert bench.result["job"] == "cats"


def test_an_upload_of_another_bucket_than_the_inbox_is_refused_and_costs_nothing():
    bench = Bench()
    event = json.loads((EVENTS / "s3_put.json").read_text(encoding="utf-8"))
    event["Records"][0]["s3"]["bucket"]["name"] = "somebody-elses"
    handlers.on_prompt(bench.services(), event, bench.aws.world.clock() + timedelta(seconds=300))
    (key,) = bench.outbox()
    assert "prompt files are taken from retake-inbox only" in bench.document(key)["error"]
    assert not bench.models.invoked


@pytest.mark.parametrize(("receives", "given_up"), [(LAST_RECEIVE - 1, False), (LAST_RECEIVE, True)])
def test_a_dead_letter_is_given_up_and_told_before_its_queue_forgets_it(receives: int, given_up: bool):
    bench = Bench()
    message = QueuedMessage("id", json.dumps({"prompt": "a cat"}), (), 0.0, 0.0, receives=receives, receipt="r")
    event = sqs_event(QueueSettings("dead"), message)
    deadline = bench.aws.world.clock() + timedelta(seconds=300)
    handlers.on_dead_letter(bench.services(), event, deadline)
    refused = [key for key in bench.outbox() if "/rejected/" in key]
    assert bool(refused) is given_up
    assert any(key.endswith("/result.json") for key in bench.outbox()) is not given_up
    if given_up:
        assert f"handed it out {receives} times" in bench.document(refused[0])["error"]
