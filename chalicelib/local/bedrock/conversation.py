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
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


@dataclass(frozen=True)
class Conversation:
    """All text, system prompt first, and the images in order; `tool` is the name of the one that will be called.

    `asked`: characters of all messages.
    """

    text: str
    images: tuple[bytes, ...]
    tool: str | None
    max_tokens: int
    asked: int


def read(body: Any, model: Model) -> Conversation:
    """The conversation in a body; raises Refusal."""
    blocks = [*body.get("system", []), *(block for message in body["messages"] for block in message["content"])]
    texts = [block["text"] for block in blocks if "text" in block]
    if not all(text.strip() for text in texts):
        raise refused("blank_text")
    images = tuple(_image(block["image"]) for block in blocks if "image" in block)
    sampling = body.get("inferenceConfig", {})
    _check_sampling(sampling, model)
    _check_top_k(body.get("additionalModelRequestFields") or {}, model)
    if "toolConfig" in body and not model.forced_tools:
        raise refused("no_forced_tool")
    tool = body["toolConfig"]["tools"][0]["toolSpec"]["name"] if "toolConfig" in body else None
    asked = len(json.dumps(body["messages"])) - sum(len(image) * 4 // 3 for image in images)
    return Conversation("\n".join(texts), images, tool, sampling.get("maxTokens", model.max_tokens), asked)


def _image(block: dict[str, Any]) -> bytes:
    declared = _FORMATS[block["format"]]
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


def _check_sampling(given: Mapping[str, Any], model: Model) -> None:
    for key, plain in (("temperature", "temperature"), ("topP", "top_p")):
        if key in given and model.sampling == "none":
            raise refused("deprecated", key=plain)
    if model.sampling == "one" and "temperature" in given and "topP" in given:
        raise refused("one_of_two")
    if given.get("maxTokens", 1) > model.max_tokens:
        raise refused("many_tokens", most=model.max_tokens)


def _check_top_k(given: Any, model: Model) -> None:
    """In the model's own place, and nothing else beside it."""
    if not given:
        return
    if model.sampling == "none":
        raise refused("deprecated", key=next(iter(given)))
    for key in model.top_k_field:
        for other in given:
            if other != key:
                raise refused("extraneous", at="additionalModelRequestFields", key=other)
        given = given[key]
    if type(given) is not int or not 0 <= given <= model.top_k_max:
        raise refused("top_k", at="/".join(model.top_k_field), value=given, most=model.top_k_max)
