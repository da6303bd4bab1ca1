"""The messages of a Converse request: what is legal, all of its text, and its images."""

import base64
import binascii
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from .catalogue import Able
from .refusal import refused

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
        raise refused("no_messages")
    _check_roles([message["role"] for message in messages], able)
    blocks = [(f"system.{number}", block) for number, block in enumerate(body.get("system", []))]
    for number, message in enumerate(messages):
        if not message["content"]:
            raise refused("no_content", at=f"messages.{number}")
        blocks += [(f"messages.{number}.content.{index}", block) for index, block in enumerate(message["content"])]
    texts = [_text(block, place) for place, block in blocks if "image" not in block]
    images = tuple(_image(block["image"], place) for place, block in blocks if "image" in block)
    if len(images) > MOST_IMAGES:
        raise refused("too_many_images", most=MOST_IMAGES)
    return Conversation("\n".join(texts), images)


def _check_roles(roles: list[Any], able: Able) -> None:
    if roles[0] != "user":
        raise refused("not_user_first")
    if any(role != ("user", "assistant")[number % 2] for number, role in enumerate(roles)):
        raise refused("no_turns")
    if roles[-1] == "assistant" and not able.prefill:
        raise refused("no_prefill")


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
