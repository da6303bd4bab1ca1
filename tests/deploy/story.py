"""A whole job through the deployed package, and what can befall one: every call on the way is written down.

Three processes as Lambda has them, S3 and SQS by moto, Bedrock by the stand-in; this module is the event source.
"""

import copy
import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from chalicelib.deploy.stage import HANDLERS
from chalicelib.local.bedrock.server import StandIn
from chalicelib.local.engine import Engine
from chalicelib.local.lambda_events import sqs_event
from chalicelib.local.names import Names
from tests.deploy.packages import Package
from tests.deploy.recorder import Call, Recorder
from tests.deploy.stages import stage
from tests.lambda_runtime.sandbox import Sandbox

STAGE = stage()
EVENTS = Path(__file__).parent.parent / "events"
DEMANDING = {
    "prompt": "自然の中から見た夜景で、空にはオーロラと月と流星群があり、地上には海が広がって流氷が流れ、"
    "地平線から太陽が出ている無人の写真。",
    "max_retry_attempts": 2,
    "max_prompt_revisions": 2,
}


@dataclass
class Play:
    """The functions, and the queues they are fed from."""

    engine: Engine
    standin: StandIn
    sandboxes: dict[str, Sandbox] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    def upload(self, name: str, document: Any, *, versioned: bool = True) -> dict[str, Any]:
        """Put a prompt file; the event of it, as of a bucket with or without versions."""
        inbox, key, body = self.engine.names.inbox, f"inbox/{name}.json", json.dumps(document).encode()
        put = self.engine.s3.put_object(Bucket=inbox, Key=key, Body=body)
        return s3_event(inbox, key, put["ETag"].strip('"'), put["VersionId"] if versioned else None)

    def send(self, queue: str, body: str, **attributes: str) -> dict[str, Any]:
        """The event of a message, taken from the queue as the mapping takes it."""
        named: Any = {
            name: {"DataType": "Number" if value.isdecimal() else "String", "StringValue": value}
            for name, value in attributes.items()
        }
        self.engine.sqs.send_message(QueueUrl=self.engine.queue_url(queue), MessageBody=body, MessageAttributes=named)
        event = self.take(queue)
        assert event is not None
        return event

    def take(self, queue: str) -> dict[str, Any] | None:
        """The event of the next message, None where the queue is empty; it is off the queue for good."""
        url = self.engine.queue_url(queue)
        answer = self.engine.sqs.receive_message(
            QueueUrl=url, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
        )
        for message in answer.get("Messages", []):
            self.engine.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return sqs_event(message, queue)
        return None

    def lose(self, queue: str) -> None:
        """Take what is there and deliver none of it."""
        while self.take(queue):
            pass

    def invoke(self, handler: str, event: Any) -> None:
        self.sandboxes[handler].invoke(event)

    def results(self) -> dict[str, Any]:
        """Every result.json by its job, and every key of the outbox."""
        listing = self.engine.s3.list_objects_v2(Bucket=self.engine.names.outbox).get("Contents", [])
        self.keys = [entry["Key"] for entry in listing]
        found = {}
        for key in self.keys:
            if key.endswith("/result.json"):
                body = self.engine.s3.get_object(Bucket=self.engine.names.outbox, Key=key)["Body"].read()
                found[key.split("/")[-2]] = json.loads(body)
        return found


def s3_event(bucket: str, key: str, etag: str, version: str | None) -> dict[str, Any]:
    event = json.loads((EVENTS / "s3_put.json").read_text(encoding="utf-8"))
    record = event["Records"][0]
    record["eventTime"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    record["s3"]["bucket"] |= {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}
    record["s3"]["object"] |= {"key": key, "eTag": etag, "versionId": version}
    if version is None:
        del record["s3"]["object"]["versionId"]
    return copy.deepcopy(event)


def tell(package: Package) -> dict[str, Any]:
    """Play it all; the calls, the results by job, the outbox's keys, the most memory a function had."""
    calls: list[Call] = []
    with ExitStack() as open_:
        engine = open_.enter_context(Engine(Names.from_environment(STAGE.environment)))
        standin = open_.enter_context(StandIn())
        storage = open_.enter_context(Recorder(engine.url, calls))
        bedrock = open_.enter_context(Recorder(standin.url, calls))
        play = Play(engine, standin)
        for handler in HANDLERS:
            environment = {
                "AWS_ACCESS_KEY_ID": handler,
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_ENDPOINT_URL": storage.url,
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url,
            }
            play.sandboxes[handler] = open_.enter_context(package.sandbox(STAGE, handler, environment))
        whole_job(play)
        duplicates_and_refusals(play)
        dead_letters(play)
        results = play.results()
        memory = max(sandbox.peak_memory_mb() for sandbox in play.sandboxes.values())
        log = play.sandboxes["on_attempt"].log()
    return {"calls": [asdict(call) for call in calls], "results": results, "keys": play.keys, "mb": memory, "log": log}


def whole_job(play: Play) -> None:
    """A prompt file is dropped, and every message on the way is delivered."""
    play.invoke("on_prompt", play.upload("aurora", DEMANDING))
    while event := play.take(play.engine.names.queue):
        play.invoke("on_attempt", event)


def duplicates_and_refusals(play: Play) -> None:
    """The same event twice, one of an inbox without versions, one whose file is gone; a message sent by hand."""
    again = play.upload("twice", DEMANDING)
    play.invoke("on_prompt", again)
    play.invoke("on_prompt", again)
    play.invoke("on_prompt", play.upload("plain", {"prompt": "a cat", "max_retry_attempts": 0}, versioned=False))
    play.invoke("on_prompt", s3_event(play.engine.names.inbox, "inbox/gone.json", "0" * 32, None))
    play.invoke("on_attempt", play.send(play.engine.names.queue, json.dumps({"prompt": "the moon"}), job="by-hand"))
    play.lose(play.engine.names.queue)
    further = json.dumps({"prompt": "the moon", "max_prompt_revisions": 2})
    play.invoke("on_attempt", play.send(play.engine.names.queue, further, job="resumed", revision="1"))
    play.lose(play.engine.names.queue)


def dead_letters(play: Play) -> None:
    """A message nobody could process, one of a job that went on, one still being worked on; two failed S3 events."""
    dead, body = play.engine.names.dead_letter_queue, json.dumps(DEMANDING)
    play.invoke("on_dead_letter", play.send(dead, body, job="never-begun"))
    goes_on = json.dumps({**DEMANDING, "requirements": ["a lion that nobody asked to be drawn"]})  # never accepted
    play.invoke("on_attempt", play.send(play.engine.names.queue, goes_on, job="went-on"))
    play.lose(play.engine.names.queue)
    play.invoke("on_dead_letter", play.send(dead, goes_on, job="went-on"))
    play.lose(play.engine.names.queue)
    play.standin.behaviour = slow(play.standin.behaviour)
    under_way = Thread(target=play.invoke, args=("on_attempt", play.send(play.engine.names.queue, body, job="slow")))
    under_way.start()
    wait_until_begun(play, "slow")
    play.invoke("on_dead_letter", play.send(dead, body, job="slow"))
    under_way.join()
    for number, versioned in enumerate((True, False)):
        failed = json.loads((EVENTS / "failed_invocation.json").read_text(encoding="utf-8"))
        failed["requestPayload"] = play.upload(f"failed-{number}", DEMANDING, versioned=versioned)
        play.invoke("on_dead_letter", play.send(dead, json.dumps(failed)))


def slow(behaviour: Any) -> Any:
    from dataclasses import replace

    return replace(behaviour, image_latency=2.0)


def wait_until_begun(play: Play, job: str) -> None:
    """Until the job's first claim is there."""
    deadline = datetime.now(UTC).timestamp() + 20
    while not any(f"/{job}/" in key for key in outbox_keys(play)):
        assert datetime.now(UTC).timestamp() < deadline, f"{job} was never begun"


def outbox_keys(play: Play) -> list[str]:
    listing = play.engine.s3.list_objects_v2(Bucket=play.engine.names.outbox)
    return [entry["Key"] for entry in listing.get("Contents", [])]
