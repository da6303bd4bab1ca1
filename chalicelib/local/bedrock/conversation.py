"""A Converse request: all of its text, its images, and whatever the model refuses, in the words that are reported.

Types and unknown keys are checked by botocore before a request is sent; what is checked here only the service knows.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from .catalogue import Model
from .refusal import refused

LARGEST_IMAGE = int(3.75 * 1024 * 1024)
LONGEST_SIDE = 8000


@dataclass(frozen=True)
class Conversation:
    """All text, system prompt first, and the images in order; `tool` is the name of the one that will be called."""

    text: str
    images: tuple[bytes, ...]
    tool: str | None
    max_tokens: int


def read(body: Any, model: Model) -> Conversation:
    """The conversation in a body; raises Refusal."""
    blocks = [*body.get("system", []), *(block for message in body["messages"] for block in message["content"])]
    texts = [block["text"] for block in blocks if "text" in block]
    if not all(text.strip() for text in texts):
        raise refused("blank_text")
    images = tuple(_image(block["image"]) for block in blocks if "image" in block)
    _check_sampling(body, model)
    if "toolConfig" in body and not model.forced_tools:
        raise refused("no_forced_tool")
    tool = body["toolConfig"]["tools"][0]["toolSpec"]["name"] if "toolConfig" in body else None
    most = body.get("inferenceConfig", {}).get("maxTokens", model.max_tokens)
    return Conversation("\n".join(texts), images, tool, most)


def _image(block: dict[str, Any]) -> bytes:
    declared = block["format"].upper()
    try:
        raw = base64.b64decode(block["source"]["bytes"], validate=True)
        with Image.open(BytesIO(raw)) as opened:
            size, actual = opened.size, opened.format
    except (binascii.Error, OSError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused("no_image") from None
    if actual != declared:
        raise refused("image_format", declared=declared, actual=actual)
    if len(raw) > LARGEST_IMAGE:
        raise refused("image_bytes", size=len(raw), most=LARGEST_IMAGE)
    if max(size) > LONGEST_SIDE:
        raise refused("image_side", most=LONGEST_SIDE)
    return raw


def _check_sampling(body: Mapping[str, Any], model: Model) -> None:
    """Top-k in the model's own place, and nothing else beside it."""
    given, further = body.get("inferenceConfig", {}), body.get("additionalModelRequestFields") or {}
    plain = {"temperature": "temperature", "topP": "top_p"}
    sampled = [*(name for key, name in plain.items() if key in given), *further]
    if sampled and model.sampling == "none":
        raise refused("deprecated", key=sampled[0])
    if model.sampling == "one" and {*plain} <= {*given}:
        raise refused("one_of_two")
    if given.get("maxTokens", 1) > model.max_tokens:
        raise refused("many_tokens", most=model.max_tokens)
    if not further:
        return
    for key in model.top_k_field:
        if others := further.keys() - {key}:
            told = f"extraneous key [{min(others)}] is not permitted"
            raise refused("malformed", at="additionalModelRequestFields", what=told)
        further = further[key]
    if type(further) is not int or not 0 <= further <= model.top_k_max:
        told = f"{further} is not within 0 and {model.top_k_max}"
        raise refused("malformed", at="/".join(model.top_k_field), what=told)
