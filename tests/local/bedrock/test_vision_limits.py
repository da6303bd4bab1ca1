"""What vision models take and refuse over Converse, model by model."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.local.bedrock.calling import HAIKU, NOVA_PRO, ask, refusal, said

LITE = "amazon.nova-lite-v1:0"
NOVA_2 = "us.amazon.nova-2-lite-v1:0"
HAIKU_4 = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
SONNET_4 = "us.anthropic.claude-sonnet-4-6"
SONNET = "us.anthropic.claude-sonnet-5-5"
OPUS = "us.anthropic.claude-opus-5-5"

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"requirements": {"type": "array"}}, "required": []}
QUESTION = "<initial_prompt>mountains and a lake</initial_prompt>"


def sampling(**settings: Any) -> dict[str, Any]:
    return {"inferenceConfig": settings}


def nova_top_k(value: Any) -> dict[str, Any]:
    return {"additionalModelRequestFields": {"inferenceConfig": {"topK": value}}}


def tool(choice: dict[str, Any] | None, schema: dict[str, Any] = SCHEMA) -> dict[str, Any]:
    specification = {"toolSpec": {"name": "answer", "inputSchema": {"json": schema}}}
    return {"toolConfig": {"tools": [specification]} | ({"toolChoice": choice} if choice else {})}


FORCED = {"tool": {"name": "answer"}}
TAKEN = ""


@pytest.mark.parametrize(
    ("model", "more", "expected"),
    [
        (NOVA_PRO, sampling(maxTokens=5000, temperature=1.0, topP=0.9) | nova_top_k(50), TAKEN),
        (NOVA_PRO, sampling(maxTokens=5001), "exceeds the model limit of 5000"),
        (LITE, sampling(maxTokens=5001), "exceeds the model limit of 5000"),
        (NOVA_2, sampling(maxTokens=10_000), TAKEN),
        (NOVA_PRO, nova_top_k(128), TAKEN),
        (NOVA_PRO, nova_top_k(129), "is not within 0 and 128"),
        (NOVA_PRO, {"additionalModelRequestFields": {"top_k": 5}}, "extraneous key [top_k]"),
        (HAIKU_4, sampling(temperature=0.7), TAKEN),
        (HAIKU_4, sampling(topP=0.9), TAKEN),
        (HAIKU_4, sampling(temperature=0.7, topP=0.9), "cannot both be specified"),
        (SONNET_4, sampling(temperature=0.7, topP=0.9), "cannot both be specified"),
        (HAIKU_4, {"additionalModelRequestFields": {"top_k": 50}}, TAKEN),
        (HAIKU_4, nova_top_k(50), "extraneous key [inferenceConfig]"),
        (HAIKU, sampling(maxTokens=5120), TAKEN),
        (HAIKU, sampling(maxTokens=64_001), "exceeds the model limit of 64000"),
        (HAIKU, sampling(temperature=0.7), "`temperature` is deprecated"),
        (SONNET, sampling(topP=0.9), "`top_p` is deprecated"),
        (OPUS, {"additionalModelRequestFields": {"top_k": 50}}, "`top_k` is deprecated"),
        (HAIKU_4, tool(FORCED), TAKEN),
        (SONNET_4, tool({"any": {}}), TAKEN),
        (SONNET, tool(FORCED), 'type "tool" and "any" are not supported'),
        (OPUS, tool({"any": {}}), 'type "tool" and "any" are not supported'),
        (HAIKU_4, tool(FORCED, SCHEMA | {"additionalProperties": False}), TAKEN),
        (NOVA_PRO, tool(FORCED), 'type "tool" and "any" are not supported'),
    ],
)
def test_parameters(east: Any, model: str, more: dict[str, Any], expected: str) -> None:
    if expected == TAKEN:
        assert ask(east, QUESTION, model=model, **more)["stopReason"] in ("end_turn", "tool_use")
    else:
        name, status, message = refusal(ask, east, QUESTION, model=model, **more)
        assert (name, status) == ("ValidationException", 400)
        assert expected in message


def picture(width: int, height: int, format: str = "PNG", **options: Any) -> bytes:
    target = BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(target, format, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (picture(1100, 1100, compress_level=0), TAKEN),
        (picture(1200, 1200, compress_level=0), "image exceeds 3.75 MB maximum"),
        (picture(8000, 16), TAKEN),
        (picture(16, 8001), "exceed max allowed size: 8000 pixels"),
        (b"\x89PNG no picture", "Could not process image"),
    ],
)
@pytest.mark.parametrize("model", [NOVA_PRO, HAIKU])
def test_images(east: Any, model: str, image: bytes, expected: str) -> None:
    if expected == TAKEN:
        assert not any(each["met"] for each in said(ask(east, QUESTION, image, model))["answers"])
    else:
        name, status, message = refusal(ask, east, QUESTION, image, model)
        assert (name, status) == ("ValidationException", 400)
        assert expected in message


def test_an_image_is_what_it_says_it_is(east: Any) -> None:
    block = {"image": {"format": "png", "source": {"bytes": picture(64, 64, "JPEG")}}}
    messages = [{"role": "user", "content": [{"text": QUESTION}, block]}]
    message = refusal(east.converse, modelId=NOVA_PRO, messages=messages)[2]
    assert "declared as PNG but appears to be JPEG" in message


USER = {"role": "user", "content": [{"text": QUESTION}]}


@pytest.mark.parametrize(
    ("model", "messages", "expected"),
    [
        (NOVA_PRO, [{"role": "user", "content": [{"text": " "}]}], "text field in a ContentBlock object is blank"),
        (NOVA_PRO, [USER], TAKEN),
    ],
)
def test_conversations(east: Any, model: str, messages: list[dict[str, Any]], expected: str) -> None:
    if expected == TAKEN:
        assert east.converse(modelId=model, messages=messages)["stopReason"] == "end_turn"
    else:
        assert expected in refusal(east.converse, modelId=model, messages=messages)[2]


def test_a_reply_longer_than_max_tokens_is_cut_off(east: Any) -> None:
    reply = ask(east, QUESTION, inferenceConfig={"maxTokens": 5})
    assert reply["stopReason"] == "max_tokens"
    assert reply["usage"]["outputTokens"] <= 5


def test_usage_counts_text_and_images(east: Any) -> None:
    plain = ask(east, QUESTION)["usage"]
    seen = ask(east, QUESTION, picture(64, 64))["usage"]
    assert seen["inputTokens"] - plain["inputTokens"] == pytest.approx(1300, abs=60)
    assert seen["totalTokens"] == seen["inputTokens"] + seen["outputTokens"]


def test_answers_in_words_come_dressed_in_every_known_way(east: Any) -> None:
    dresses = set()
    for number in range(60):
        text = ask(east, f"{number} {QUESTION}")["output"]["message"]["content"][0]["text"]
        dresses.add("fence" if "```" in text else "thinking" if "<thinking>" in text else text[:4])
    assert dresses == {"fence", "thinking", "Here", '{"re'}
