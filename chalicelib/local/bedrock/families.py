"""The image families: what a body may hold, the order in it, and how the images are handed back.

Nova Canvas and Titan v2 share one body, with two limits on the text; Stable Image Core, Ultra and SD3.5 Large take
another, in which width, height, count, guidance and quality do not exist (AWS and Stability documentation, 2026-11).
What is wrong with a value is told in pydantic's words; here, too, `true` is no number.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic.alias_generators import to_camel

from .refusal import refused

_LONGEST_TEXT = {"canvas": 1024, "titan": 512, "stability": 10_000}
_LARGEST_AREA = 2048 * 2048
_HIGHEST_SEED = 4294967294


@dataclass(frozen=True)
class Order:
    """One image call, read and found legal; sizes in pixels."""

    prompt: str
    negative: str
    width: int
    height: int
    seed: int
    count: int = 1


def _within(text: str, info: ValidationInfo) -> str:
    """The longest text is its family's, handed in beside the body."""
    if len(text) > int(info.context or 0):
        raise ValueError(f"expected maxLength: {info.context}, actual: {len(text)}")
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_within)]
Side = Annotated[int, Field(ge=320, le=4096, multiple_of=16)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=to_camel)


class _Words(_Body):
    text: Text
    negative_text: Text = ""


class _Configuration(_Body):
    width: Side = 1024
    height: Side = 1024
    quality: Literal["standard", "premium"] = "standard"
    cfg_scale: Annotated[float, Field(ge=1.1, le=10.0)] = 6.5
    seed: Annotated[int, Field(ge=0, le=2147483646)] = 12
    number_of_images: Annotated[int, Field(ge=1, le=5)] = 1

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if max(self.width, self.height) > 4 * min(self.width, self.height):
            raise ValueError("the aspect ratio must be between 1:4 and 4:1")
        if self.width * self.height > _LARGEST_AREA:
            raise ValueError(f"at most {_LARGEST_AREA} pixels are supported")
        return self


class _Amazon(_Body):
    task_type: Literal["TEXT_IMAGE"]
    text_to_image_params: _Words
    image_generation_config: _Configuration = _Configuration()

    def order(self) -> Order:
        words, given = self.text_to_image_params, self.image_generation_config
        return Order(words.text, words.negative_text, given.width, given.height, given.seed, given.number_of_images)


class _Stability(_Body):
    model_config = ConfigDict(alias_generator=None)

    prompt: Text
    negative_prompt: Annotated[str, AfterValidator(_within)] = ""
    mode: Literal["text-to-image"] = "text-to-image"
    aspect_ratio: Literal["1:1", "16:9", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"] = "1:1"
    seed: Annotated[int, Field(ge=0, le=_HIGHEST_SEED)] = 0
    output_format: Literal["png"] = "png"  # the others are never asked for

    def order(self) -> Order:
        """Of a megapixel in that ratio, each side as many times 64 as there are whole; for seed 0 a random one."""
        across, down = map(int, self.aspect_ratio.split(":"))
        width, height = 64 * isqrt(256 * across // down), 64 * isqrt(256 * down // across)
        return Order(
            self.prompt, self.negative_prompt, width, height, self.seed or 1 + secrets.randbelow(_HIGHEST_SEED)
        )


def read(body: Any, family: str) -> Order:
    """The order in a body; raises Refusal for whatever would not be taken."""
    kind: type[_Amazon | _Stability] = _Stability if family == "stability" else _Amazon
    try:
        return kind.model_validate(body, context=_LONGEST_TEXT[family]).order()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
    raise refused("malformed", at="/".join(map(str, wrong["loc"])), what=wrong["msg"].removeprefix("Value error, "))


def reply(order: Order, images: Sequence[bytes], family: str) -> dict[str, Any]:
    """What is answered when `images` of those ordered have passed the filter."""
    encoded = [base64.b64encode(image).decode("ascii") for image in images]
    if family == "stability":
        blocked = {"finish_reasons": ["Filter reason: output image"]}
        return {"seeds": [order.seed], "finish_reasons": [None], "images": encoded} if encoded else blocked
    if not encoded:
        return {"error": "All of the generated images have been blocked by our content filters."}
    return {"images": encoded, "error": None}


def prompt_blocked(family: str) -> dict[str, Any]:
    """The answer to a prompt that the filter stops; Amazon's models have none and refuse."""
    if family != "stability":
        raise refused("prompt_blocked")
    return {"finish_reasons": ["Filter reason: prompt"]}
