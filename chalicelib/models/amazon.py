"""Nova Canvas and Titan Image Generator v2: one body, two sets of limits. Both ended in 2026; the chain passes them.

Read on 2026-11-22. Both take 1.1 to 10 as guidance scale, seeds from 0 (a fixed default when left out), 1 to 5 images.
Nova Canvas: 1 to 1,024 characters in each field, sides of 320 to 4096 that are multiples of 16, 1:4 to 4:1, at most
4,194,304 pixels (docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html); legacy since 2026-03-30,
ended 2026-09-30. Titan: 1 to 512 characters, fixed pairs of sides
(docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html); ended 2026-06-30. Ends:
docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html; prices, of standard quality:
aws.amazon.com/bedrock/pricing.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import log
from typing import Any

from chalicelib.errors import Ambiguous, Blocked
from chalicelib.models.images import ImageModel, decoded
from chalicelib.models.types import Drawing, ImageOrder, Pictures

HIGHEST_SEED = 2147483646

_GUIDANCE = (
    "Write a caption of the finished picture, not a command: subject, action, environment, light, style, camera, in "
    'this order, the least important last. Never use "no", "not" or "without" in either field: the model draws '
    "whatever it reads. What must not appear goes into negative_prompt as bare nouns, comma-separated. Put words that "
    "are to be drawn in double quotes. English. At most {limit} characters in each field."
)

# Titan draws these sizes only (the ones of at least 320 pixels a side that are multiples of 16).
_TITAN_SIZES = (
    (1024, 1024), (768, 768), (512, 512), (768, 1152), (384, 576), (1152, 768), (576, 384), (768, 1280), (384, 640),
    (1280, 768), (640, 384), (896, 1152), (448, 576), (1152, 896), (576, 448), (768, 1408), (384, 704), (1408, 768),
    (704, 384), (640, 1408), (320, 704), (1408, 640), (704, 320), (1152, 640),
)  # fmt: skip


def draw_canvas(model: ImageModel, order: ImageOrder) -> Drawing:
    """One call for all images; sizes as asked."""
    return _drawing(model, order, order.width, order.height, ())


def draw_titan(model: ImageModel, order: ImageOrder) -> Drawing:
    """One call for all images, at the nearest size that Titan draws."""
    width, height = min(_TITAN_SIZES, key=lambda size: _distance(size, (order.width, order.height)))
    if (width, height) == (order.width, order.height):
        return _drawing(model, order, width, height, ())
    note = f"{order.width} × {order.height} drawn as {width} × {height}: {model.id} draws fixed sizes only"
    return _drawing(model, order, width, height, (note,))


def read_reply(model_name: str, reply: Mapping[str, Any], wanted: int) -> Pictures:
    """Images as PNG in base64; `error` beside or instead of them when a filter held some back."""
    encoded, words = reply.get("images") or [], str(reply.get("error") or "")
    if not isinstance(encoded, list):
        raise Ambiguous(model_name, f"images of type {type(encoded).__name__} where a list belongs")
    if not encoded:
        if "block" in words.lower() or "filter" in words.lower():
            raise Blocked(model_name, words, "image")
        raise Ambiguous(model_name, words or "neither images nor an error")
    images, faults = decoded(model_name, encoded)
    blocked = max(wanted - len(images), 1 if words else 0)
    return Pictures(images, blocked, "; ".join(filter(None, (words, faults))))


def _drawing(model: ImageModel, order: ImageOrder, width: int, height: int, notes: tuple[str, ...]) -> Drawing:
    (seed,) = order.seeds
    body = {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {
            "text": order.prompt,
            **({"negativeText": order.negative_prompt} if order.negative_prompt else {}),
        },
        "imageGenerationConfig": {
            "width": width,
            "height": height,
            "quality": "standard",
            "cfgScale": order.cfg_scale,
            "seed": seed,
            "numberOfImages": order.number_of_images,
        },
    }
    return Drawing(
        bodies=(body,),
        images_per_call=order.number_of_images,
        seeds=order.seeds,
        price_usd=model.price(width, height) * order.number_of_images,
        prompt=order.prompt,
        negative_prompt=order.negative_prompt,
        notes=notes,
    )


def _distance(size: tuple[int, int], wanted: tuple[int, int]) -> tuple[float, int]:
    """Shape first, then area."""
    (width, height), (wanted_width, wanted_height) = size, wanted
    shape = abs(log(width / height) - log(wanted_width / wanted_height))
    return round(shape, 6), abs(width * height - wanted_width * wanted_height)


_CANVAS = ImageModel(
    id="amazon.nova-canvas-v1:0",
    default_region=None,
    prompt_limit=1024,
    highest_seed=HIGHEST_SEED,
    images_per_call=5,
    prices=((1024 * 1024, 0.04), (2048 * 2048, 0.06)),
    guidance=_GUIDANCE.format(limit=1024),
    drawing=draw_canvas,
    reading=read_reply,
)

MODELS = (
    _CANVAS,
    replace(
        _CANVAS,
        id="amazon.titan-image-generator-v2:0",
        prompt_limit=512,
        prices=((768 * 768, 0.008), (2048 * 2048, 0.01)),
        guidance=_GUIDANCE.format(limit=512),
        drawing=draw_titan,
    ),
)
