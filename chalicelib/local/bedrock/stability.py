"""Stable Image Core, Stable Image Ultra and SD3.5 Large: text to image, one image of about one megapixel a call.

Body, limits and replies as Stability's and AWS's documentation give them (2026-11). Width, height, count, guidance
and quality do not exist here and are refused like any unknown key.
"""

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from .bodies import Shape, Text, Whole, check
from .order import Order

LONGEST_TEXT = 10_000
HIGHEST_SEED = 4294967294

SIZES = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "2:3": (832, 1216),
    "3:2": (1216, 832),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}

_BODY = Shape(
    {
        "prompt": Text(1, LONGEST_TEXT),
        "mode": Text(allowed=("text-to-image",)),
        "aspect_ratio": Text(allowed=tuple(SIZES)),
        "seed": Whole(0, HIGHEST_SEED),
        "output_format": Text(allowed=("png", "jpeg")),
        "negative_prompt": Text(0, LONGEST_TEXT),
    },
    required=("prompt",),
)


def read(body: Any, family: str) -> Order:
    """The order in a body; a seed of 0, or none, is replaced by a random one, as the reply tells; raises Refusal."""
    check(body, _BODY)
    width, height = SIZES[body.get("aspect_ratio", "1:1")]
    return Order(
        body["prompt"],
        body.get("negative_prompt", ""),
        width,
        height,
        body.get("seed", 0) or 1 + secrets.randbelow(HIGHEST_SEED),
        encoding=body.get("output_format", "png").upper(),
    )


def reply(order: Order, images: Sequence[bytes]) -> dict[str, Any]:
    """What is answered when `images`, one or none, have passed the filter."""
    if not images:
        return _filtered("output image")
    encoded = base64.b64encode(images[0]).decode("ascii")
    return {"seeds": [order.seed], "finish_reasons": [None], "images": [encoded]}


def prompt_blocked() -> dict[str, Any]:
    """The answer to a prompt that the filter stops."""
    return _filtered("prompt")


def _filtered(what: str) -> dict[str, Any]:
    """HTTP 200 without an image."""
    return {"finish_reasons": [f"Filter reason: {what}"]}
