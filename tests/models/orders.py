"""Orders, questions and replies that the tests of the models share."""

import base64
from typing import Any

from chalicelib.models.types import ImageOrder, Sampling

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PNG_TEXT = base64.b64encode(PNG).decode()
SAMPLING = Sampling(temperature=0.7, top_p=0.9, top_k=50, max_tokens=4_000)


def order(images_per_call: int = 5, **changes: Any) -> ImageOrder:
    """A plain order of one image, with as many seeds as it takes calls."""
    wanted: dict[str, Any] = {
        "prompt": "A lake at dawn",
        "negative_prompt": None,
        "width": 1024,
        "height": 1024,
        "cfg_scale": 8,
        "number_of_images": 1,
        **changes,
    }
    calls = -(-wanted["number_of_images"] // images_per_call)
    return ImageOrder(**{"seeds": tuple(range(7, 7 + calls)), **wanted})
