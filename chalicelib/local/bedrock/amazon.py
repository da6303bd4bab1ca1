"""Nova Canvas and Titan Image Generator v2: one body, two limits on the text (AWS documentation, 2026-11)."""

import base64
from collections.abc import Sequence
from typing import Any

from .bodies import Rule, Shape, check
from .order import Order
from .refusal import REASONS, invalid

LONGEST_TEXT = {"canvas": 1024, "titan": 512}
LARGEST_AREA = 2048 * 2048
DEFAULT_SEED = 12

_CONFIGURATION = Shape(
    {
        **dict.fromkeys(("width", "height"), Rule(int, 320, 4096)),
        "quality": Rule(str, allowed=("standard", "premium")),
        "cfgScale": Rule(float, 1.1, 10.0),
        "seed": Rule(int, 0, 2147483646),
        "numberOfImages": Rule(int, 1, 5),
    }
)


def read(body: Any, family: str) -> Order:
    """The order in a body; raises Refusal for whatever AWS would not take."""
    text = Rule(str, 1, LONGEST_TEXT[family])
    rules: dict[str, Rule | Shape] = {"taskType": Rule(str, allowed=("TEXT_IMAGE",))}
    rules["textToImageParams"] = Shape({"text": text, "negativeText": text}, required=("text",))
    required = tuple(rules)
    check(body, Shape(rules | {"imageGenerationConfig": _CONFIGURATION}, required))
    wanted = body["textToImageParams"]
    configuration = body.get("imageGenerationConfig", {})
    width, height = configuration.get("width", 1024), configuration.get("height", 1024)
    _check_size(width, height)
    seed, count = configuration.get("seed", DEFAULT_SEED), configuration.get("numberOfImages", 1)
    return Order(wanted["text"], wanted.get("negativeText", ""), width, height, seed, count)


def reply(order: Order, images: Sequence[bytes]) -> dict[str, Any]:
    """What is answered when `images` of those ordered have passed the filter."""
    encoded = [base64.b64encode(image).decode("ascii") for image in images]
    blocked = "of the generated images have been blocked by our content filters."
    if not encoded:
        return {"error": f"All {blocked}"}
    return {"images": encoded, "error": f"Some {blocked}" if len(encoded) < order.count else None}


def prompt_blocked() -> dict[str, Any]:
    """Raises the Refusal of a prompt by the filter: Amazon's models have no answer for it."""
    raise invalid(REASONS["prompt_blocked"])


def _check_size(width: int, height: int) -> None:
    for name, value in (("width", width), ("height", height)):
        if value % 16:
            raise invalid(f"Invalid {name}: {value}. The {name} must be divisible by 16.")
    if max(width, height) > 4 * min(width, height):
        raise invalid(f"Invalid image dimensions: {width}x{height}. The aspect ratio must be between 1:4 and 4:1.")
    if width * height > LARGEST_AREA:
        raise invalid(f"Invalid image dimensions: {width}x{height}. At most {LARGEST_AREA} pixels are supported.")
