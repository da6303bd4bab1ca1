"""Stable Image Core, Stable Image Ultra and SD3.5 Large: one body, one image of about a megapixel a call.

They live in us-west-2 only. There is no width, height, count, guidance scale or quality: sizes become the nearest
aspect ratio, several images several calls, the rest is left out.

Read on 2026-11-22, all of them active: 1 to 10,000 characters of prompt, at most 10,000 of negative prompt, the aspect
ratios below, seeds from 0, which is random (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-:
stable-image-core-text-image-request-response.html, stable-ultra-text-image-request-response.html, 3-5-large.html);
prices: aws.amazon.com/bedrock/pricing, for Ultra other sources say $0.08.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import log
from typing import Any

from chalicelib.errors import Ambiguous, Blocked
from chalicelib.models.images import ImageModel, decoded
from chalicelib.models.types import Drawing, ImageOrder, Pictures

PROMPT_LIMIT = 10_000
HIGHEST_SEED = 4294967294
ASPECT_RATIOS = ("1:1", "16:9", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
_ANY_SIZE = 4096 * 4096

_GUIDANCE = (
    "Describe the finished picture: subject, medium, style, composition, light; concrete nouns and adjectives, the "
    "most important first. What must not appear goes into negative_prompt as comma-separated keywords, never as a "
    "sentence. Put words that are to be drawn in double quotes. English. At most 10,000 characters in each field; a "
    "few sentences work best."
)


def draw(model: ImageModel, order: ImageOrder) -> Drawing:
    """One call for each image."""
    ratio = nearest_aspect_ratio(order.width, order.height)
    bodies = tuple(_body(order, ratio, seed) for seed in order.seeds)
    if len(bodies) != order.number_of_images:
        raise ValueError(f"{order.number_of_images} images need as many seeds of {model.id}, not {len(bodies)}")
    return Drawing(
        bodies=bodies,
        images_per_call=1,
        seeds=order.seeds,
        price_usd=model.price(order.width, order.height) * len(bodies),
        prompt=order.prompt,
        negative_prompt=order.negative_prompt,
        notes=_notes(model, order, ratio),
    )


def read_reply(model_name: str, reply: Mapping[str, Any], wanted: int) -> Pictures:
    """One image in base64, or the reason why there is none in `finish_reasons`."""
    encoded, reasons = reply.get("images") or [], reply.get("finish_reasons") or []
    if not isinstance(encoded, list) or not isinstance(reasons, list):
        raise Ambiguous(model_name, "a reply that is not of the documented shape")
    words = "; ".join(str(reason) for reason in reasons if reason is not None)
    if "filter" in words.lower():
        raise Blocked(model_name, words, "prompt" if "prompt" in words.lower() else "image")
    if not encoded:  # "Inference error" may be retried; whether it was charged is not documented
        raise Ambiguous(model_name, words or "neither an image nor a reason")
    try:
        images, faults = decoded(model_name, encoded)
    except Ambiguous as error:
        raise Ambiguous(model_name, words or error.words) from None
    return Pictures(images, max(wanted - len(images), 0), "; ".join(filter(None, (words, faults))))


def nearest_aspect_ratio(width: int, height: int) -> str:
    """The documented ratio nearest in shape."""

    def distance(ratio: str) -> float:
        across, _, down = ratio.partition(":")
        return abs(log(int(across) / int(down)) - log(width / height))

    return min(ASPECT_RATIOS, key=distance)


def _body(order: ImageOrder, ratio: str, seed: int) -> dict[str, Any]:
    body = {
        "prompt": order.prompt,
        "mode": "text-to-image",
        "aspect_ratio": ratio,
        "seed": seed,
        "output_format": "png",
    }
    return {**body, "negative_prompt": order.negative_prompt} if order.negative_prompt else body


def _notes(model: ImageModel, order: ImageOrder, ratio: str) -> tuple[str, ...]:
    notes = [
        f"cfg_scale {order.cfg_scale:g} left out: {model.id} has no such setting",
        f"{order.width} × {order.height} sent as aspect ratio {ratio}: {model.id} draws about one megapixel",
    ]
    if order.number_of_images > 1:
        notes.append(f"{order.number_of_images} images in {order.number_of_images} calls: {model.id} draws one a call")
    return tuple(notes)


_CORE = ImageModel(
    id="stability.stable-image-core-v1:1",
    default_region="us-west-2",
    prompt_limit=PROMPT_LIMIT,
    highest_seed=HIGHEST_SEED,
    images_per_call=1,
    prices=((_ANY_SIZE, 0.04),),
    guidance=_GUIDANCE,
    drawing=draw,
    reading=read_reply,
)

MODELS = (
    _CORE,
    replace(_CORE, id="stability.stable-image-ultra-v1:1", prices=((_ANY_SIZE, 0.14),)),
    replace(_CORE, id="stability.sd3-5-large-v1:0", prices=((_ANY_SIZE, 0.08),)),
)
