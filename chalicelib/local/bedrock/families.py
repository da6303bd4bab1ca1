"""The image families: what a body may hold, the order in it, and how the images are handed back.

Nova Canvas and Titan v2 share one body, with two limits on the text; Stable Image Core, Ultra and SD3.5 Large take
another, in which width, height, count, guidance and quality do not exist (AWS and Stability documentation, 2026-11).
What is wrong with a value is told in the words of the validator that Bedrock uses; here, too, `true` is no number.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from .refusal import malformed, refused

_LONGEST_TEXT = {"canvas": 1024, "titan": 512, "stability": 10_000}
_LARGEST_AREA = 2048 * 2048
_HIGHEST_SEED = 4294967294
_SIZES = "1:1 1024 1024, 16:9 1344 768, 21:9 1536 640, 2:3 832 1216, 3:2 1216 832, 4:5 896 1088, 5:4 1088 896"
SIZES = {
    ratio: (int(width), int(height))
    for ratio, width, height in (size.split() for size in f"{_SIZES}, 9:16 768 1344, 9:21 640 1536".split(", "))
}
_WRONG = {  # by pydantic's names
    "missing": "required key [{key}] not found",
    "extra_forbidden": "extraneous key [{key}] is not permitted",
    "string_too_short": "expected minLength: {min_length}, actual: {length}",
    "string_too_long": "expected maxLength: {max_length}, actual: {length}",
    "greater_than_equal": "{value} is not greater or equal to {ge}",
    "less_than_equal": "{value} is not less or equal to {le}",
    "literal_error": "{value} is not a valid enum value",
}


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
        raise PydanticCustomError("string_too_long", "too long", {"max_length": info.context})
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_within)]
Side = Annotated[int, Field(ge=320, le=4096)]


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


class _Amazon(_Body):
    task_type: Literal["TEXT_IMAGE"]
    text_to_image_params: _Words
    image_generation_config: _Configuration = _Configuration()

    def order(self) -> Order:
        words, given = self.text_to_image_params, self.image_generation_config
        _check_size(given.width, given.height)
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
        seed = self.seed or 1 + secrets.randbelow(_HIGHEST_SEED)  # a random one for 0, as the reply tells
        return Order(self.prompt, self.negative_prompt, *SIZES[self.aspect_ratio], seed)


def read(body: Any, family: str) -> Order:
    """The order in a body; raises Refusal for whatever would not be taken."""
    kind: type[_Amazon | _Stability] = _Stability if family == "stability" else _Amazon
    try:
        return kind.model_validate(body, context=_LONGEST_TEXT[family]).order()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
    place, value = [str(key) for key in wrong["loc"]], wrong["input"]
    key = place.pop() if wrong["type"] in ("missing", "extra_forbidden") else ""
    told = {"key": key, "value": value, "length": len(str(value)), **wrong.get("ctx", {})}
    raise malformed(f"{'/'.join(['#', *place])}: {_WRONG.get(wrong['type'], wrong['msg']).format(**told)}")


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
    if not encoded:
        return {"error": "All of the generated images have been blocked by our content filters."}
    return {"images": encoded, "error": None}


def prompt_blocked(family: str) -> dict[str, Any]:
    """The answer to a prompt that the filter stops; Amazon's models have none and refuse."""
    if family != "stability":
        raise refused("prompt_blocked")
    return {"finish_reasons": ["Filter reason: prompt"]}
