"""CPU and memory of one middle attempt beside a bare boto3 script that makes the same calls.

`python -m tests.measures.attempt`. Both sides use real clients whose requests are answered in memory, so that what is
compared is our own work. No thumbnail is made: it is a copy for people, which the bare script has no like of.
"""

import base64
import json
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.awsrequest import AWSResponse

from chalicelib.attempt.deliver import Delivery, deliver
from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Services
from chalicelib.aws.bedrock import BedrockCaller
from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from chalicelib.job.message import Message
from chalicelib.job.request import Request
from tests.fakes.aws import InMemoryAws
from tests.fakes.http import Answer, json_answer
from tests.fakes.wire import Wire, _Body
from tests.job.stage import stage
from tests.pipeline.bench import spoken

ROUNDS, TURNS = 7, 40
IMAGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\4\0" + random.Random(1).randbytes(1_500_000)
REPLY = json.dumps({"images": [base64.b64encode(IMAGE).decode()], "error": None}).encode()
UNMET = {"shows": "a dog", "answers": [{"n": 1, "shows": "a dog", "met": False}], "words": []}
VERDICT = spoken(UNMET)


class FixedBedrock(Wire):
    """Bedrock answers the same bytes at once; S3 and SQS are those in memory, but images are not kept there."""

    def __call__(self, request: Any, **rest: object) -> Any:
        if "bedrock" in request.url:
            answer = Answer(200, REPLY) if request.url.endswith("/invoke") else json_answer(VERDICT)
            return AWSResponse(request.url, answer.status, answer.headers, _Body(answer.body))
        if request.url.endswith(".png"):
            return AWSResponse(request.url, 200, {"ETag": '"0"'}, _Body(b""))
        return super().__call__(request, **rest)


class Sides:
    """The two ways of making an attempt, over one set of clients."""

    def __init__(self) -> None:
        self.settings = stage(IMAGE_MODELS="amazon.nova-canvas-v1:0")
        self.aws = InMemoryAws()
        self.aws.s3.create_bucket(self.settings.outbox_bucket)
        self.aws.sqs.create_queue(self.settings.queue_name)
        wire = FixedBedrock(self.aws)
        self.s3, self.sqs, self.bedrock = (wire.client(name) for name in ("s3", "sqs", "bedrock-runtime"))
        self.url = self.sqs.get_queue_url(QueueName=self.settings.queue_name)["QueueUrl"]
        work = SqsQueue(self.sqs, self.settings.queue_name)
        self.world = Services(
            settings=self.settings,
            store=S3Store(self.s3),
            work=work,
            dead_letters=work,
            models=BedrockCaller(lambda region, timeout: self.bedrock, "us-east-1"),
            clock=lambda: datetime(2026, 11, 22, tzinfo=UTC),
            chance=random.Random(1),
            journal=lambda line: None,
            resolve=resolve,
            side_by_side=lambda call, bodies: [call(body) for body in bodies],
            thumbnail=lambda image: None,
        )
        self.number = 0

    def ours(self) -> None:
        self.number += 1
        message = Message(
            request=Request(prompt="a cat"),
            job=f"job-{self.number}",
            prompt="a cat",
            attempt=1,
            requirements=("a cat",),
            feedback=("no cat",),
        )
        deliver(self.world, Delivery(message, datetime(2026, 11, 22, 0, 5, tzinfo=UTC), message.encode()))

    def bare(self) -> None:
        self.number += 1
        bucket, key = self.settings.outbox_bucket, f"bare/{self.number}"
        record = json.dumps({"prompt": "a cat", "owner": str(self.number)}).encode() * 20
        etag = self.s3.put_object(Bucket=bucket, Key=f"{key}.json", Body=record, IfNoneMatch="*")["ETag"]
        order = {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a cat"}}
        reply = self.bedrock.invoke_model(modelId="amazon.nova-canvas-v1:0", body=json.dumps(order))
        image = base64.b64decode(json.loads(reply["body"].read())["images"][0])
        self.s3.put_object(Bucket=bucket, Key=f"{key}.png", Body=image, IfNoneMatch="*", Metadata={"seed": "1"})
        content = [{"image": {"format": "png", "source": {"bytes": image}}}, {"text": "a cat? " * 300}]
        answer = self.bedrock.converse(modelId="amazon.nova-pro-v1:0", messages=[{"role": "user", "content": content}])
        json.loads(answer["output"]["message"]["content"][0]["text"])
        self.s3.put_object(Bucket=bucket, Key=f"{key}.json", Body=record, IfMatch=etag)
        attributes = {"revision": {"DataType": "Number", "StringValue": "0"}}
        self.sqs.send_message(QueueUrl=self.url, MessageBody="{}", MessageAttributes=attributes)


def cpu_milliseconds(side: Callable[[], None]) -> float:
    began = time.process_time()
    for _ in range(TURNS):
        side()
    return 1000 * (time.process_time() - began) / TURNS


def peak_bytes(side: Callable[[], None]) -> int:
    tracemalloc.start()
    side()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main() -> None:
    sides = Sides()
    sides.ours()
    sides.bare()
    pairs = []
    for _ in range(ROUNDS):
        for versions in list(sides.aws.world.objects):
            del sides.aws.world.objects[versions]
        pairs.append((cpu_milliseconds(sides.ours), cpu_milliseconds(sides.bare)))
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    print(f"CPU of an attempt: {ours:.1f} ms, the same calls bare {bare:.1f} ms, ratio {ratio:.2f}")
    peaks = [peak_bytes(side) / len(REPLY) for side in (sides.ours, sides.bare)]
    print(f"peak memory: {peaks[0]:.2f} x the model's reply, bare {peaks[1]:.2f} x")


if __name__ == "__main__":
    main()
