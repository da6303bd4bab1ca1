"""The messages of a Converse request: what is legal, all of its text, and its images."""

import base64
import binascii
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from .catalogue import Able
from .refusal import by_model, invalid

LARGEST_IMAGE = int(3.75 * 1024 * 1024)
LONGEST_SIDE = 8000
MOST_IMAGES = 20
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


@dataclass(frozen=True)
class Conversation:
    """All text, system prompt first, and the images in order."""

    text: str
    images: tuple[bytes, ...]


def read(body: Any, able: Able) -> Conversation:
    """The conversation in a body; raises Refusal."""
    messages = body.get("messages") if isinstance(body, dict) else None
    if not messages:
        raise invalid("A conversation must have at least one message. Try again with a conversation that has messages.")
    _check_roles([message["role"] for message in messages], able)
    blocks = [(f"system.{number}", block) for number, block in enumerate(body.get("system", []))]
    for number, message in enumerate(messages):
        if not message["content"]:
            place = f"The content field in the Message object at messages.{number}"
            raise invalid(f"{place} is empty. Add a ContentBlock object to the content field and try again.")
        blocks += [(f"messages.{number}.content.{index}", block) for index, block in enumerate(message["content"])]
    texts = [_text(block, place) for place, block in blocks if "image" not in block]
    images = tuple(_image(block["image"], place) for place, block in blocks if "image" in block)
    if len(images) > MOST_IMAGES:
        raise invalid(f"The model supports up to {MOST_IMAGES} images in a request.")
    return Conversation("\n".join(texts), images)


def _check_roles(roles: list[Any], able: Able) -> None:
    if roles[0] != "user":
        raise invalid("A conversation must start with a user message. Try again with one that does.")
    if any(role != ("user", "assistant")[number % 2] for number, role in enumerate(roles)):
        raise invalid("A conversation must alternate between user and assistant roles.")
    if roles[-1] == "assistant" and not able.prefill:
        told = "This model does not support assistant message prefill."
        raise by_model(f"{told} The conversation must end with a user message.")


def _text(block: Any, place: str) -> str:
    text = block.get("text")
    if not isinstance(text, str):
        raise invalid(f"The content block at {place} is of a kind this model does not take.")
    if not text.strip():
        told = f"The text field in the ContentBlock object at {place} is blank."
        raise invalid(f"{told} Add text to the text field, and try again.")
    return text


def _image(block: dict[str, Any], place: str) -> bytes:
    declared = _FORMATS[block["format"]]
    try:
        raw = base64.b64decode(block["source"]["bytes"], validate=True)
        with Image.open(BytesIO(raw)) as opened:
            size, actual = opened.size, opened.format
    except (binascii.Error, OSError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise by_model("Could not process image") from None
    source = f"{place}.image.source"
    if actual != declared:
        raise by_model(f"{place}: the image was declared as {declared} but appears to be {actual}")
    if len(raw) > LARGEST_IMAGE:
        raise by_model(f"{source}.bytes: image exceeds 3.75 MB maximum: {len(raw)} bytes > {LARGEST_IMAGE} bytes")
    if max(size) > LONGEST_SIDE:
        told = f"exceed max allowed size: {LONGEST_SIDE} pixels"
        raise by_model(f"{source}: At least one of the image dimensions {told}")
    return raw
