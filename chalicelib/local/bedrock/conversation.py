"""A Converse request: all of its text, its images, and whatever the model refuses, in the words that are reported.

Types and unknown keys are checked by botocore before a request is sent; what is checked here only the service knows.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from .catalogue import Model
from .refusal import refused

LARGEST_IMAGE = int(3.75 * 1024 * 1024)
LONGEST_SIDE = 8000
MOST_IMAGES = 20
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


@dataclass(frozen=True)
class Conversation:
    """All text, system prompt first, and the images in order; `tool` is the name of the one that will be called.

    `greedy`: the likeliest word is taken each time. `asked`: characters of all messages.
    """

    text: str
    images: tuple[bytes, ...]
    tool: str | None
    greedy: bool
    max_tokens: int
    asked: int


def read(body: Any, model: Model) -> Conversation:
    """The conversation in a body; raises Refusal."""
    blocks = _blocks(body)
    texts = [_text(block, place) for place, block in blocks if "image" not in block]
    images = tuple(_image(block["image"], place) for place, block in blocks if "image" in block)
    if len(images) > MOST_IMAGES:
        raise refused("too_many_images", most=MOST_IMAGES)
    sampling = body.get("inferenceConfig", {})
    _check_sampling(sampling, model)
    top_k = _top_k(body.get("additionalModelRequestFields") or {}, model)
    if "outputConfig" in body:
        raise refused("no_schema")
    tool = _tool(body["toolConfig"], model) if "toolConfig" in body else None
    greedy = sampling.get("temperature") == 0 and top_k == 1
    asked = len(json.dumps(body["messages"])) - sum(len(image) * 4 // 3 for image in images)
    return Conversation("\n".join(texts), images, tool, greedy, sampling.get("maxTokens", model.max_tokens), asked)


def _blocks(body: Any) -> list[tuple[str, Any]]:
    """Each block with its place."""
    messages = body.get("messages") if isinstance(body, dict) else None
    if not messages:
        raise refused("no_messages")
    if messages[0]["role"] != "user":
        raise refused("not_user_first")
    blocks = [(f"system.{number}", block) for number, block in enumerate(body.get("system", []))]
    for number, message in enumerate(messages):
        if not message["content"]:
            raise refused("no_content", at=f"messages.{number}")
        blocks += [(f"messages.{number}.content.{index}", block) for index, block in enumerate(message["content"])]
    return blocks


def _text(block: Any, place: str) -> str:
    text = block.get("text")
    if not isinstance(text, str):
        raise refused("block_kind", at=place)
    if not text.strip():
        raise refused("blank_text", at=place)
    return text


def _image(block: dict[str, Any], place: str) -> bytes:
    declared = _FORMATS[block["format"]]
    try:
        raw = base64.b64decode(block["source"]["bytes"], validate=True)
        with Image.open(BytesIO(raw)) as opened:
            size, actual = opened.size, opened.format
    except (binascii.Error, OSError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused("no_image") from None
    if actual != declared:
        raise refused("image_format", at=place, declared=declared, actual=actual)
    if len(raw) > LARGEST_IMAGE:
        raise refused("image_bytes", at=place, size=len(raw), most=LARGEST_IMAGE)
    if max(size) > LONGEST_SIDE:
        raise refused("image_side", at=place, most=LONGEST_SIDE)
    return raw


def _check_sampling(given: Mapping[str, Any], model: Model) -> None:
    for key, plain in (("temperature", "temperature"), ("topP", "top_p")):
        if key in given and not 0 <= given[key] <= 1:
            raise refused("fraction", value=given[key], key=key)
        if key in given and model.sampling == "none":
            raise refused("deprecated", key=plain)
    if model.sampling == "one" and "temperature" in given and "topP" in given:
        raise refused("one_of_two")
    tokens = given.get("maxTokens", 1)
    if tokens < 1:
        raise refused("few_tokens", value=tokens)
    if tokens > model.max_tokens:
        raise refused("many_tokens", most=model.max_tokens)


def _top_k(given: Any, model: Model) -> int | None:
    """What stands in the model's own place for top-k; nothing else may stand beside it."""
    if not given:
        return None
    if model.sampling == "none":
        raise refused("deprecated", key=next(iter(given)))
    for key in model.top_k_field:
        for other in given:
            if other != key:
                raise refused("extraneous", at="additionalModelRequestFields", key=other)
        given = given[key]
    if type(given) is not int or not 0 <= given <= model.top_k_max:
        raise refused("top_k", at="/".join(model.top_k_field), value=given, most=model.top_k_max)
    return given


def _tool(configuration: Mapping[str, Any], model: Model) -> str:
    """The name of the one that will be called."""
    tools = {tool["toolSpec"]["name"]: tool["toolSpec"]["inputSchema"]["json"] for tool in configuration["tools"]}
    for name, schema in tools.items():
        if schema.get("type") != "object":
            raise refused("tool_object", name=name)
        extra = sorted(set(schema) - {"type", "properties", "required"})
        if model.plain_tool_schema and extra:
            raise refused("extraneous", at="toolConfig/tools/0/toolSpec/inputSchema/json", key=extra[0])
    choice = configuration.get("toolChoice", {"auto": {}})
    if not model.forced_tools and "auto" not in choice:
        raise refused("no_forced_tool")
    name = str(choice.get("tool", {}).get("name", next(iter(tools))))
    if name not in tools:
        raise refused("unknown_tool", name=name)
    return name
