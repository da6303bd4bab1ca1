"""The values that pass between the pipeline and the model families. Pure; knows no family and no pipeline module."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ModelReference:
    """One entry of a chain with its region resolved; printed as `region/id`."""

    region: str
    id: str

    def __str__(self) -> str:
        return f"{self.region}/{self.id}"


@dataclass(frozen=True)
class ImageOrder:
    """What an attempt asks of an image model, before the family's own limits.

    `seeds` has one entry for each call that carries the order out, already derived for the attempt (see
    models/seeds.py); `number_of_images` is 1 to 5.
    """

    prompt: str
    negative_prompt: str | None
    width: int
    height: int
    cfg_scale: float
    number_of_images: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Drawing:
    """The calls that carry out an order, and what was left out, cut or mapped.

    `bodies` and `seeds` have one entry a call, `price_usd` is for all calls together, `prompt` and `negative_prompt`
    are as sent.
    """

    bodies: tuple[Mapping[str, Any], ...]
    images_per_call: int
    seeds: tuple[int, ...]
    price_usd: float
    prompt: str
    negative_prompt: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pictures:
    """What came back: the images in order, and how many a filter held back (with the model's words)."""

    images: tuple[bytes, ...]
    blocked: int = 0
    words: str = ""


@dataclass(frozen=True)
class Sampling:
    """The user's sampling of a vision model: 0–1, above 0 to 1, 0–500, 1–10,000 tokens."""

    temperature: float
    top_p: float
    top_k: int
    max_tokens: int


@dataclass(frozen=True)
class Finding:
    """One requirement as a verifier saw it."""

    requirement: str
    met: bool
    note: str = ""


@dataclass(frozen=True)
class Judgement:
    """One vision model's usable verdict on one image."""

    accepted: bool
    reason: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Revision:
    """A rewritten prompt and what must not appear."""

    prompt: str
    negative_prompt: str | None


@dataclass(frozen=True)
class Answered:
    """A vision model's reply text with what it cost and used."""

    text: str
    input_tokens: int
    output_tokens: int
    cost_usd: float
