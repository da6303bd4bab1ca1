"""What can no longer be read still ends somewhere, and is not tried for ever."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.aws import Effect
from tests.fakes.errors import AwsError
from tests.pipeline.bench import NO, Bench, Models, asks_for

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 1}
JOB = {"job": ("String", "cats")}
RECORD = "generated-images/cats/000-000.json"


def the_one_rejection(bench: Bench) -> dict[str, Any]:
    """The only record under rejected/; nothing waits any more."""
    assert list(bench.aws.lambdas.dues()) == []
    (key,) = [key for key in bench.outbox() if "/rejected/" in key]
    return bench.document(key)


@pytest.mark.parametrize(
    "stored",
    [b"no JSON", b"", b"[]", b'{"job": "cats", "status": "resting"}', b"\xff\xfe"],
    ids=["no JSON", "empty", "no object", "of a newer version", "no text"],
)
def test_a_record_that_cannot_be_read_ends_under_rejected_and_costs_nothing(stored: bytes):
    bench = Bench()
    bench.aws.s3.put(bench.settings.outbox_bucket, RECORD, stored, "application/json")
    bench.inject(CAT, **JOB)
    bench.settle()
    assert RECORD in the_one_rejection(bench)["error"]
    assert bench.models.invoked == []
    assert bench.aws.s3.get(bench.settings.outbox_bucket, RECORD).body == stored


def test_an_outcome_that_does_not_say_what_follows_is_such_a_record():
    bench = Bench()
    bench.inject(CAT, **JOB)
    bench.settle()
    record = bench.document("/000-000.json")
    ended = json.dumps({**record, "next": None}).encode()
    bench.aws.s3.put(bench.settings.outbox_bucket, RECORD, ended, "application/json")
    bench.inject(CAT, **JOB)
    bench.settle()
    assert RECORD in the_one_rejection(bench)["error"]


def test_a_prompt_file_that_may_not_be_read_is_told_once_its_tries_are_over():
    def forbidden(effect: Effect, perform: Callable[[], Any]) -> Any:
        if effect.operation == "read" and effect.target.endswith("inbox/cat.json"):
            raise AwsError("AccessDenied", 403, "not authorized to perform: kms:Decrypt")
        return perform()

    bench = Bench()
    bench.aws.around = forbidden
    bench.upload(CAT)
    bench.settle()
    assert len(bench.failures) == 3
    assert "kms:Decrypt" in the_one_rejection(bench)["error"]


@pytest.mark.parametrize(
    "letter",
    [
        {"requestPayload": {}},
        {"requestPayload": {"Records": []}},
        {"requestPayload": None, "requestContext": None},
        {"requestPayload": {"Records": [{"s3": {}}]}},
        {"requestPayload": {"Records": None}},
    ],
)
def test_a_letter_that_only_looks_like_a_failed_invocation_is_kept_under_rejected(letter: dict[str, Any]):
    bench = Bench()
    bench.aws.sqs.send(bench.settings.dead_letter_queue_name, json.dumps(letter))
    bench.settle()
    assert json.loads(the_one_rejection(bench)["received"]) == letter


def test_a_failed_invocation_whose_context_is_odd_still_ends_its_job():
    bench = Bench()
    bench.upload(CAT)
    payload = json.loads(bench.aws.world.asynchronous[0].payload)
    bench.aws.world.asynchronous = ()
    odd = {"requestPayload": payload, "requestContext": None, "responsePayload": "cut off"}
    bench.aws.sqs.send(bench.settings.dead_letter_queue_name, json.dumps(odd))
    bench.settle()
    assert "no error was given" in bench.result["error"]


def full_file() -> bytes:
    """A prompt file of exactly 64 KiB, without a blank between its fields, and with `1` where `1.0` is meant."""
    fields: dict[str, Any] = {
        **CAT,
        "prompt": "猫" * 10_000,
        "negative_prompt": "犬" * 10_000,
        "requirements": ["y"] * 32,
    }
    fields |= {"nova_pro_validate_temperature": 1, "nova_pro_revise_temperature": 1, "max_cost_usd": 1}

    def written() -> bytes:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    for number in range(32):
        room = 64 * 1024 - len(written())
        fields["requirements"][number] += "y" * min(room, 499)
    return written()


def test_a_full_file_goes_on_as_a_message_although_it_is_written_a_little_longer():
    body = full_file()
    assert len(body) == 64 * 1024
    bench = Bench(Models(on_converse=lambda model, request: NO if asks_for(request) == "verify" else {}))
    bench.upload(body)
    bench.settle()
    assert len(bench.result["attempts"]) == 2
