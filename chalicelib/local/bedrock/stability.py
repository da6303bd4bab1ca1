"""Stable Image Core, Stable Image Ultra and SD3.5 Large: text to image, one image of about one megapixel a call.

Body, limits and replies as Stability's and AWS's documentation give them (2026-11). Width, height, count, guidance
and quality do not exist here and are refused like any unknown key.
"""

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from .bodies import Rule, Shape, check
from .order import Order

LONGEST_TEXT = 10_000
HIGHEST_SEED = 4294967294

_SIZES = "1:1 1024 1024, 16:9 1344 768, 21:9 1536 640, 2:3 832 1216, 3:2 1216 832, 4:5 896 1088, 5:4 1088 896"
SIZES = {
    ratio: (int(width), int(height))
    for ratio, width, height in (size.split() for size in f"{_SIZES}, 9:16 768 1344, 9:21 640 1536".split(", "))
}

_BODY = Shape(
    {
        "prompt": Rule(str, 1, LONGEST_TEXT),
        "mode": Rule(str, allowed=("text-to-image",)),
        "aspect_ratio": Rule(str, allowed=tuple(SIZES)),
        "seed": Rule(int, 0, HIGHEST_SEED),
        "output_format": Rule(str, allowed=("png", "jpeg")),
        "negative_prompt": Rule(str, 0, LONGEST_TEXT),
    },
    required=("prompt",),
)


def read(body: Any, family: str) -> Order:
    """The order in a body; a seed of 0, or none, is replaced by a random one, as the reply tells; raises Refusal."""
    check(body, _BODY)
    width, height = SIZES[body.get("aspect_ratio", "1:1")]
    seed = body.get("seed", 0) or 1 + secrets.randbelow(HIGHEST_SEED)
    encoding = body.get("output_format", "png").upper()
    return Order(body["prompt"], body.get("negative_prompt", ""), width, height, seed, encoding=encoding)


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
