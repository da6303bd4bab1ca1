"""The image families: what a body may hold, the order in it, and how the images are handed back.

Nova Canvas and Titan v2 share one body, with two limits on the text; Stable Image Core, Ultra and SD3.5 Large take
another, in which width, height, count, guidance and quality do not exist (AWS and Stability documentation, 2026-11).
"""

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from .bodies import Rule, Shape, check
from .order import Order
from .refusal import refused

_LONGEST_TEXT = {"canvas": 1024, "titan": 512, "stability": 10_000}
_LARGEST_AREA = 2048 * 2048
_HIGHEST_SEED = 4294967294
_SIZES = "1:1 1024 1024, 16:9 1344 768, 21:9 1536 640, 2:3 832 1216, 3:2 1216 832, 4:5 896 1088, 5:4 1088 896"
SIZES = {
    ratio: (int(width), int(height))
    for ratio, width, height in (size.split() for size in f"{_SIZES}, 9:16 768 1344, 9:21 640 1536".split(", "))
}


def _amazon(longest: int) -> Shape:
    text, size = Rule(str, 1, longest), Rule(int, 320, 4096)
    configuration = {"width": size, "height": size, "quality": Rule(str, allowed=("standard", "premium"))}
    configuration |= {"cfgScale": Rule(float, 1.1, 10.0), "seed": Rule(int, 0, 2147483646)}
    rules: dict[str, Rule | Shape] = {"taskType": Rule(str, allowed=("TEXT_IMAGE",))}
    rules["textToImageParams"] = Shape({"text": text, "negativeText": text}, required=("text",))
    rules["imageGenerationConfig"] = Shape(configuration | {"numberOfImages": Rule(int, 1, 5)})
    return Shape(rules, required=("taskType", "textToImageParams"))


def _stability(longest: int) -> Shape:
    rules = {"prompt": Rule(str, 1, longest), "negative_prompt": Rule(str, 0, longest)}
    rules |= {"mode": Rule(str, allowed=("text-to-image",)), "aspect_ratio": Rule(str, allowed=tuple(SIZES))}
    rules |= {"seed": Rule(int, 0, _HIGHEST_SEED), "output_format": Rule(str, allowed=("png", "jpeg"))}
    return Shape(rules, required=("prompt",))


def read(body: Any, family: str) -> Order:
    """The order in a body; raises Refusal for whatever would not be taken."""
    longest = _LONGEST_TEXT[family]
    if family == "stability":  # a seed of 0, or none, is replaced by a random one, as the reply tells
        check(body, _stability(longest))
        seed = body.get("seed", 0) or 1 + secrets.randbelow(_HIGHEST_SEED)
        size, encoding = SIZES[body.get("aspect_ratio", "1:1")], body.get("output_format", "png").upper()
        return Order(body["prompt"], body.get("negative_prompt", ""), *size, seed, encoding=encoding)
    check(body, _amazon(longest))
    wanted, given = body["textToImageParams"], body.get("imageGenerationConfig", {})
    size = given.get("width", 1024), given.get("height", 1024)
    _check_size(*size)
    count = given.get("numberOfImages", 1)
    return Order(wanted["text"], wanted.get("negativeText", ""), *size, given.get("seed", 12), count)


def _check_size(width: int, height: int) -> None:
    for name, value in (("width", width), ("height", height)):
        if value % 16:
            raise refused("not_by_16", name=name, value=value)
    if max(width, height) > 4 * min(width, height):
        raise refused("aspect", width=width, height=height)
    if width * height > _LARGEST_AREA:
        raise refused("area", width=width, height=height, most=_LARGEST_AREA)


def reply(order: Order, images: Sequence[bytes], family: str) -> dict[str, Any]:
    """What is answered when `images` of those ordered have passed the filter."""
    encoded = [base64.b64encode(image).decode("ascii") for image in images]
    if family == "stability":
        blocked = {"finish_reasons": ["Filter reason: output image"]}
        return {"seeds": [order.seed], "finish_reasons": [None], "images": encoded} if encoded else blocked
    words = "of the generated images have been blocked by our content filters."
    if not encoded:
        return {"error": f"All {words}"}
    return {"images": encoded, "error": f"Some {words}" if len(encoded) < order.count else None}


def prompt_blocked(family: str) -> dict[str, Any]:
    """The answer to a prompt that the filter stops; Amazon's models have none and refuse."""
    if family != "stability":
        raise refused("prompt_blocked")
    return {"finish_reasons": ["Filter reason: prompt"]}
