"""How these tests speak to the stand-in: a real boto3 client over real HTTP, every send counted once."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

CANVAS = "amazon.nova-canvas-v1:0"
TITAN = "amazon.titan-image-generator-v2:0"
CORE = "stability.stable-image-core-v1:1"
ULTRA = "stability.stable-image-ultra-v1:1"
SD35 = "stability.sd3-5-large-v1:0"
NOVA_PRO = "amazon.nova-pro-v1:0"
HAIKU = "us.anthropic.claude-haiku-5-5"

ONCE = Config(read_timeout=20, connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 1})


def client(url: str, region: str = "us-east-1", service: str = "bedrock-runtime", config: Config = ONCE) -> Any:
    """A client that sends each call once."""
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=config,
    )


def amazon_body(text: str = "A lake", negative: str | None = None, **configuration: Any) -> dict[str, Any]:
    """A body for Nova Canvas or Titan; small unless told otherwise."""
    words = {"text": text} | ({"negativeText": negative} if negative is not None else {})
    size = {"width": 320, "height": 320}
    return {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": words,
        "imageGenerationConfig": size | {"seed": 1} | configuration,
    }


def invoke(caller: Any, model: str, body: Mapping[str, Any] | bytes) -> dict[str, Any]:
    """The reply of InvokeModel, as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer: dict[str, Any] = json.loads(caller.invoke_model(modelId=model, body=raw)["body"].read())
    return answer


def images(reply: Mapping[str, Any]) -> list[bytes]:
    """The decoded images of a reply."""
    return [base64.b64decode(image, validate=True) for image in reply.get("images", [])]


def ask(caller: Any, text: str, image: bytes | None = None, model: str = NOVA_PRO, **more: Any) -> dict[str, Any]:
    """The reply of Converse to one message, with one image if given."""
    content: list[dict[str, Any]] = [{"text": text}]
    if image is not None:
        kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
        content.append({"image": {"format": kind, "source": {"bytes": image}}})
    reply: dict[str, Any] = caller.converse(modelId=model, messages=[{"role": "user", "content": content}], **more)
    return reply


def said(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON in a reply, however it is dressed."""
    for block in reply["output"]["message"]["content"]:
        if "toolUse" in block:
            found: dict[str, Any] = block["toolUse"]["input"]
            return found
    text = reply["output"]["message"]["content"][-1]["text"].split("</thinking>")[-1]
    parsed: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return parsed


def refusal(call: Any, *arguments: Any, **named: Any) -> tuple[str, int, str]:
    """Name, HTTP status and message of the error that botocore makes of a refused call."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **named)
    response = caught.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]
