"""The messages of a Converse request: what is legal, all of its text, and its images."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from .catalogue import Able
from .refusal import by_model, invalid

LARGEST_IMAGE = int(3.75 * 1024 * 1024)
LONGEST_SIDE = 8000
MOST_IMAGES = 20
_KEYS = {
    *("messages", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig"),
    *("guardrailConfig", "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata"),
    *("performanceConfig", "serviceTier"),
}
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


@dataclass(frozen=True)
class Conversation:
    """All text, system prompt first, and the images in order."""

    text: str
    images: tuple[bytes, ...]


def read(body: Any, able: Able) -> Conversation:
    """The conversation in a body; raises Refusal."""
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object.")
    unknown = sorted(set(body) - _KEYS)
    if unknown:
        raise invalid(f"Unknown field in request: {unknown[0]}.")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise invalid("A conversation must have at least one message. Try again with a conversation that has messages.")
    _check_roles([message.get("role") for message in messages], able)
    texts = [_text(block, f"system.{number}") for number, block in enumerate(body.get("system", []))]
    images: list[bytes] = []
    for place, block in _blocks(messages):
        if "image" in block:
            images.append(_image(block["image"], place))
        else:
            texts.append(_text(block, place))
    if len(images) > MOST_IMAGES:
        raise invalid(f"The model supports up to {MOST_IMAGES} images in a request.")
    return Conversation("\n".join(texts), tuple(images))


def _check_roles(roles: list[Any], able: Able) -> None:
    if roles[0] != "user":
        raise invalid("A conversation must start with a user message. Try again with one that does.")
    for number, role in enumerate(roles):
        if role != ("user", "assistant")[number % 2]:
            raise invalid("A conversation must alternate between user and assistant roles.")
    if roles[-1] == "assistant" and not able.prefill:
        raise by_model(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _blocks(messages: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, message in enumerate(messages):
        content = message.get("content")
        if not isinstance(content, list) or not content:
            raise invalid(
                f"The content field in the Message object at messages.{number} is empty. Add a ContentBlock object to "
                "the content field and try again."
            )
        for index, block in enumerate(content):
            yield f"messages.{number}.content.{index}", block


def _text(block: Any, place: str) -> str:
    text = block.get("text") if isinstance(block, dict) else None
    if not isinstance(text, str):
        raise invalid(f"The content block at {place} is of a kind this model does not take.")
    if not text.strip():
        raise invalid(
            f"The text field in the ContentBlock object at {place} is blank. Add text to the text field, and try again."
        )
    return text


def _image(block: dict[str, Any], place: str) -> bytes:
    declared = _FORMATS.get(block.get("format", ""))
    encoded = block.get("source", {}).get("bytes")
    if declared is None or not isinstance(encoded, str):
        raise invalid(f"The image at {place} needs a format of {', '.join(_FORMATS)} and its bytes.")
    try:
        raw = base64.b64decode(encoded, validate=True)
        with Image.open(BytesIO(raw)) as opened:
            size, actual = opened.size, opened.format
    except (binascii.Error, OSError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise by_model("Could not process image") from None
    if actual != declared:
        raise by_model(f"{place}: the image was declared as {declared} but appears to be {actual}")
    if len(raw) > LARGEST_IMAGE:
        raise by_model(
            f"{place}.image.source.bytes: image exceeds 3.75 MB maximum: {len(raw)} bytes > {LARGEST_IMAGE} bytes"
        )
    if max(size) > LONGEST_SIDE:
        raise by_model(
            f"{place}.image.source: At least one of the image dimensions exceed max allowed size: {LONGEST_SIDE} pixels"
        )
    return raw
