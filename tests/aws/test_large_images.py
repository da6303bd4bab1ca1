"""Images in a Converse body: on the wire as botocore would have put them, in memory far fewer times."""

import base64
import json
import os
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from botocore.awsrequest import AWSResponse

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from tests.fakes.sessions import core_session

REPLY = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "{}"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }
).encode()


class Raw(BytesIO):
    """An answer's body as botocore reads it."""

    def stream(self, **_: object):
        yield self.read()


class Wire:
    """A client whose requests are answered at once and, if asked for, kept."""

    def __init__(self, keeps: bool = True) -> None:
        self.bodies: list[bytes] = []
        self.keeps = keeps
        session = core_session()
        session.set_credentials("AKIDEXAMPLE", "secret")
        self.client = session.create_client("bedrock-runtime", region_name="us-east-1", config=paid_call_config(5))
        self.client.meta.events.register("before-send.bedrock-runtime.Converse", self._answer)

    def _answer(self, request, **_: object) -> AWSResponse:
        assert int(request.headers["Content-Length"]) == len(request.body)
        if self.keeps:
            self.bodies.append(request.body)
        return AWSResponse(request.url, 200, {}, Raw(REPLY))

    def caller(self) -> BedrockCaller:
        return BedrockCaller(lambda region, timeout: self.client, "us-east-1")


def question(*content):
    return {
        "system": [{"text": "Look."}],
        "messages": [{"role": "user", "content": list(content)}],
        "inferenceConfig": {"maxTokens": 5},
    }


def image(data: bytes):
    return {"image": {"format": "png", "source": {"bytes": data}}}


@pytest.mark.parametrize(
    "content",
    [
        [{"text": "no image"}],
        [image(b"one"), {"text": "what is it?"}],
        [image(b""), {"text": "nothing"}],
        [image(b"one"), image(b"two"), image(b"one"), {"text": "compare — 海"}],
        [image(os.urandom(100_000))],
    ],
)
def test_the_body_is_the_same_as_botocores_own(content):
    ours, own = Wire(), Wire()
    ours.caller().converse("us-east-1", "amazon.nova-pro-v1:0", question(*content), 5)
    own.client.converse(modelId="amazon.nova-pro-v1:0", **question(*content))
    assert ours.bodies == own.bodies


def test_one_call_leaves_nothing_behind_for_the_next():
    wire = Wire()
    caller = wire.caller()
    caller.converse("us-east-1", "m", question(image(b"one"), {"text": "a"}), 5)
    caller.converse("us-east-1", "m", question({"text": "b"}), 5)
    caller.converse("us-east-1", "m", question(image(b"three"), {"text": "c"}), 5)
    sent = [json.loads(body)["messages"][0]["content"] for body in wire.bodies]
    assert [block[0].get("image", {}).get("source", {}).get("bytes") for block in sent] == [
        base64.b64encode(b"one").decode(),
        None,
        base64.b64encode(b"three").decode(),
    ]


def test_calls_side_by_side_keep_their_own_images():
    wire = Wire()
    caller = wire.caller()
    pictures = [os.urandom(50_000) for _ in range(40)]

    def ask(number: int) -> None:
        caller.converse("us-east-1", "m", question(image(pictures[number]), {"text": str(number)}), 5)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(len(pictures))))
    for body in wire.bodies:
        shown, said = json.loads(body)["messages"][0]["content"]
        assert base64.b64decode(shown["image"]["source"]["bytes"]) == pictures[int(said["text"])]
    assert len(wire.bodies) == len(pictures)


def test_an_image_is_held_at_most_three_times_over():
    wire = Wire(keeps=False)
    caller = wire.caller()
    caller.converse("us-east-1", "m", question(image(b"warm")), 5)
    tracemalloc.start()
    try:
        picture = os.urandom(3_000_000)
        caller.converse("us-east-1", "m", question(image(picture), {"text": "?"}), 5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    reply = len(base64.b64encode(picture))
    assert peak < 2.9 * reply
