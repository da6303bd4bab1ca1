"""The kinds of fields that a prompt file has: what each takes, and how that is said to whoever got it wrong.

Must not know the stage.
"""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from chalicelib.settings import BucketName
from chalicelib.text.characters import illegal_character

INBOX_PREFIX = "inbox/"
PREFIX_BYTES = 600  # a key is at most 1,024 bytes; the rest is the job's name and the file's

# What other tools call a field, where its name is not near enough to ours to be guessed.
MEANT = {
    "positive_prompt": "prompt",
    "text": "prompt",
    "negative": "negative_prompt",
    "seed": "nova_canvas_seed",
    "width": "nova_canvas_width",
    "height": "nova_canvas_height",
    "cfg_scale": "nova_canvas_cfg_scale",
    "number_of_images": "nova_canvas_number_of_images",
    "n": "nova_canvas_number_of_images",
    "retries": "max_retry_attempts",
}


def _travels(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    if found := illegal_character(text):
        raise ValueError(f"holds the character {found}, which a message cannot carry")
    return text


def _prefix(text: str) -> str:
    parts = text.removesuffix("/").split("/")
    if text.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise ValueError("has a leading slash, an empty, '.' or '..' part")
    if illegal_character(text) or any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("holds a control character")
    if parts[0] == INBOX_PREFIX.removesuffix("/"):
        raise ValueError("lies below inbox/, where results would start new jobs")
    if len(text.encode()) > PREFIX_BYTES:
        raise ValueError(f"is {len(text.encode())} bytes long")
    return "/".join(parts)


Text = Annotated[str, AfterValidator(_travels)]
Bucket = Annotated[
    BucketName, Field(description="a bucket name of 3 to 63 of a-z, 0-9, '-' and '.' that S3 does not keep")
]
Prefix = Annotated[
    str,
    AfterValidator(_prefix),
    Field(description=f"a key prefix such as catalogue/spring, at most {PREFIX_BYTES} bytes"),
]
Models = Annotated[tuple[str, ...], Field(strict=False, min_length=1, max_length=10)]


def number(low: float, high: float, what: str = "a number") -> Any:
    """A bounded number and its description."""
    return Field(ge=low, le=high, description=f"{what}, {low} to {high}", allow_inf_nan=False)


Whole = Annotated[int, Field(ge=1, description="a whole number, 1 or more")]
Probability = Annotated[float, number(0, 1)]
Share = Annotated[float, Field(gt=0, le=1, description="a number above 0, at most 1")]
TopK = Annotated[int, number(0, 500, "a whole number")]
Tokens = Annotated[int, number(1, 10_000, "a whole number")]
Pixels = Annotated[int, Field(ge=320, le=4096, multiple_of=16, description="a multiple of 16, 320 to 4096")]
