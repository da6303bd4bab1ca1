"""Lambda's two ways of invoking, over real HTTP: what is tried again, when, and where it ends."""

import json
import time
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from chalice import Chalice

from chalicelib.follow.job_events import Undelivered
from chalicelib.local.engine import Engine
from chalicelib.local.functions import Rules, declared_functions
from chalicelib.local.invocation import Invocation, log_line
from chalicelib.local.names import EVENTS_QUEUE
from tests.local.pumping import eventually, fail, left_in, pumping, send, upload
from tests.local.test_lambda_events import recorded, shape
from tests.local.throwaway import Throwaway


def test_a_message_that_is_done_leaves_the_queue(engine: Engine) -> None:
    with pumping(engine) as application:
        send(engine, "a")
        assert eventually(lambda: bool(application.events("on_attempt")))
        assert eventually(lambda: left_in(engine, engine.names.queue) == 0)
    assert len(application.events("on_attempt")) == 1


def test_a_message_that_fails_comes_back_after_its_visibility_timeout(engine: Engine) -> None:
    rules = Rules(function_timeout=5, failure_wait=None)
    began = time.monotonic()
    with pumping(engine, _fail_first("on_attempt"), rules) as application:
        send(engine, "a")
        assert eventually(lambda: len(application.events("on_attempt")) == 2)
    assert time.monotonic() - began >= 1
    attributes = [event["Records"][0]["attributes"] for event in application.events("on_attempt")]
    assert [one["ApproximateReceiveCount"] for one in attributes] == ["1", "2"]


def test_a_message_that_always_fails_ends_in_the_dead_letter_queue_after_five_receives(engine: Engine) -> None:
    with pumping(engine, _fail_always("on_attempt")) as application:
        message_id = send(engine, "hopeless", job=("String", "j-1"))
        assert eventually(lambda: bool(application.events("on_dead_letter")))
        assert eventually(lambda: left_in(engine, engine.names.dead_letter_queue) == 0)
    letter = application.events("on_dead_letter")[0]["Records"][0]
    assert len(application.events("on_attempt")) == 5
    assert (letter["messageId"], letter["body"]) == (message_id, "hopeless")
    assert letter["messageAttributes"]["job"]["stringValue"] == "j-1"
    assert letter["eventSourceARN"].endswith(f":{engine.names.dead_letter_queue}")


def test_a_letter_that_cannot_be_handled_stays_in_the_dead_letter_queue(engine: Engine) -> None:
    url = engine.queue_url(engine.names.dead_letter_queue)
    with pumping(engine, fail) as application:
        engine.sqs.send_message(QueueUrl=url, MessageBody="unreadable")
        assert eventually(lambda: len(application.events("on_dead_letter")) > 6)
    assert left_in(engine, engine.names.dead_letter_queue) == 1


def test_an_upload_whose_handler_fails_is_tried_three_times_under_one_request_id(engine: Engine) -> None:
    with pumping(engine, _fail_always("on_prompt")) as application:
        upload(engine, "inbox/hopeless.json")
        assert eventually(lambda: bool(application.events("on_dead_letter")))
    first, *others = application.events("on_prompt")
    assert others == [first, first]
    assert len({context.aws_request_id for context in application.contexts("on_prompt")}) == 1


def test_the_failure_destination_gets_the_invocation_record_that_aws_documents(engine: Engine) -> None:
    with pumping(engine, _fail_always("on_prompt")) as application:
        upload(engine, "inbox/hopeless.json")
        assert eventually(lambda: bool(application.events("on_dead_letter")))
        assert eventually(lambda: left_in(engine, EVENTS_QUEUE) == 0)
    record = json.loads(application.events("on_dead_letter")[0]["Records"][0]["body"])
    expected = recorded("failed_invocation.json")
    for name in ("version", "timestamp", "requestContext", "responseContext"):
        assert shape(record[name]) == shape(expected[name])
    assert record.keys() == expected.keys()
    assert record["requestPayload"] == application.events("on_prompt")[0]
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["responsePayload"]["errorType"] == "RuntimeError"
    assert record["responsePayload"].keys() == expected["responsePayload"].keys()


def test_an_upload_whose_handler_recovers_ends_well(engine: Engine) -> None:
    with pumping(engine, _fail_first("on_prompt")) as application:
        upload(engine, "inbox/once.json")
        assert eventually(lambda: len(application.events("on_prompt")) == 2)
        assert eventually(lambda: left_in(engine, EVENTS_QUEUE) == 0)
    assert application.events("on_dead_letter") == []


def test_the_waits_before_further_tries_are_kept(engine: Engine) -> None:
    began = time.monotonic()
    with pumping(engine, _fail_always("on_prompt"), Rules(5, (1, 0), 0)) as application:
        upload(engine, "inbox/hopeless.json")
        assert eventually(lambda: bool(application.events("on_dead_letter")))
    assert time.monotonic() - began >= 1


def test_a_handler_past_the_functions_timeout_has_failed(engine: Engine) -> None:
    ended: list[Invocation] = []
    rules = Rules(function_timeout=0.1, asynchronous_waits=(0, 0), failure_wait=5)
    with pumping(engine, lambda name, event: time.sleep(0.15), rules, ended):
        send(engine, "slow")
        assert eventually(lambda: bool(ended))
    assert ended[0].failure is not None
    assert ended[0].failure.kind == "Sandbox.Timedout"
    assert left_in(engine, engine.names.queue) == 1


def test_several_messages_are_worked_on_at_once(engine: Engine) -> None:
    together = Barrier(4)
    with pumping(engine, lambda name, event: _wait(together), Rules(5, (0, 0), 0, concurrency=4)) as application:
        for number in range(4):
            send(engine, str(number))
        assert eventually(lambda: left_in(engine, engine.names.queue) == 0)
    assert len(application.events("on_attempt")) == 4


def test_no_more_than_the_allowed_number_are_worked_on_at_once(engine: Engine) -> None:
    together = Barrier(3)
    crowded: list[bool] = []

    def meet(name: str, event: Any) -> None:
        try:
            together.wait(0.3)
            crowded.append(True)
        except BrokenBarrierError:
            crowded.append(False)

    with pumping(engine, meet, Rules(5, (0, 0), 0, concurrency=2)):
        for number in range(3):
            send(engine, str(number))
        assert eventually(lambda: len(crowded) == 3)
    assert crowded == [False] * 3


def test_the_context_counts_down_from_the_functions_timeout(engine: Engine) -> None:
    with pumping(engine) as application:
        send(engine, "a")
        assert eventually(lambda: bool(application.contexts("on_attempt")))
        context = application.contexts("on_attempt")[0]
        first = context.get_remaining_time_in_millis()
        time.sleep(0.05)
        assert 0 < context.get_remaining_time_in_millis() < first <= 5000
    assert context.function_name == "throwaway-local-on_attempt"
    assert len(context.aws_request_id) == 36


def test_a_prompt_deleted_or_overwritten_before_its_event_arrives_still_reaches_the_handler(engine: Engine) -> None:
    versions = [upload(engine, "inbox/over.json", body) for body in (b"{}", b"{ }", b"{}")]
    engine.s3.delete_object(Bucket=engine.names.inbox, Key="inbox/over.json", VersionId=versions[0])
    engine.s3.delete_object(Bucket=engine.names.inbox, Key="inbox/over.json")
    with pumping(engine) as application:
        assert eventually(lambda: len(application.events("on_prompt")) == 3)
    events = application.events("on_prompt")
    things = {one["versionId"]: one["size"] for one in (event["Records"][0]["s3"]["object"] for event in events)}
    assert things == dict(zip(versions, (2, 3, 2), strict=True))


@pytest.mark.parametrize("name", ["a\x01b", "a\x7fb", "桜", " "])
def test_whatever_a_key_holds_its_event_arrives(engine: Engine, name: str) -> None:
    undelivered: list[Undelivered] = []
    with pumping(engine, undelivered=undelivered) as application:
        upload(engine, f"inbox/{name}.json")
        assert eventually(lambda: bool(application.events("on_prompt")))
    assert undelivered == []


def test_an_event_that_cannot_be_delivered_is_told(engine: Engine) -> None:
    undelivered: list[Undelivered] = []
    with pumping(engine, undelivered=undelivered):
        engine.sqs.send_message(QueueUrl=engine.queue_url(EVENTS_QUEUE), MessageBody="no notification")
        assert eventually(lambda: bool(undelivered))
    assert undelivered[0].queue == EVENTS_QUEUE
    assert undelivered[0].why.startswith("JSONDecodeError: ")


def test_a_multipart_upload_is_one_event(engine: Engine) -> None:
    place: Any = {"Bucket": engine.names.inbox, "Key": "inbox/large.json"}
    with pumping(engine) as application:
        whole: Any = place | {"UploadId": engine.s3.create_multipart_upload(**place)["UploadId"]}
        tag = engine.s3.upload_part(**whole, PartNumber=1, Body=b"{}")["ETag"]
        engine.s3.complete_multipart_upload(**whole, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
        upload(engine, "inbox/after.json")
        assert eventually(lambda: len(application.events("on_prompt")) == 2)
        assert eventually(lambda: left_in(engine, EVENTS_QUEUE) == 0)
    things = [event["Records"][0]["s3"]["object"] for event in application.events("on_prompt")]
    assert [(one["key"], one["size"]) for one in things] == [("inbox/large.json", 2), ("inbox/after.json", 2)]
    assert things[0]["versionId"] != things[1]["versionId"]


def test_a_failure_is_one_line_and_a_trace_only_where_asked_for(engine: Engine) -> None:
    ended: list[Invocation] = []
    with pumping(engine, fail, Rules(5, (0, 0), 60), ended):
        send(engine, "a")
        assert eventually(lambda: bool(ended))
    failure = ended[0].failure
    assert failure is not None
    plain, *trace = log_line(ended[0], failure, verbose=True).splitlines()
    where = f"throwaway-local-on_attempt, try 1 of {ended[0].request_id}"
    assert log_line(ended[0], failure, verbose=False) == plain == f"{where}: RuntimeError: on_attempt does not want to"
    assert "throwaway.py" in "".join(trace)


def test_what_the_pump_cannot_trigger_is_loud(engine: Engine) -> None:
    scheduled = Chalice("odd", configure_logs=False, env={})
    scheduled.schedule("rate(1 hour)")(lambda event: None)
    with pytest.raises(ValueError, match="S3 and SQS handlers, not ScheduledEventConfig"):
        declared_functions(scheduled)
    with pytest.raises(ValueError, match="batch_size 10"):
        declared_functions(Throwaway(engine.names, batch_size=10).app)


def test_a_handler_may_name_its_queue_by_arn_and_its_own_concurrency() -> None:
    application = Chalice("arns", configure_logs=False, env={})
    arn = "arn:aws:sqs:us-east-1:123456789012:work"
    application.on_sqs_message(queue_arn=arn, batch_size=1, maximum_concurrency=3)(lambda event: None)
    (function,) = declared_functions(application)
    assert (function.queue, function.concurrency) == ("work", 3)


def _fail_always(which: str) -> Any:
    return lambda name, event: fail(name, event) if name == which else None


def _fail_first(which: str) -> Any:
    tries: list[str] = []

    def react(name: str, event: Any) -> None:
        tries.append(name)
        if name == which and tries.count(name) == 1:
            fail(name, event)

    return react


def _wait(together: Barrier) -> None:
    together.wait(5)
