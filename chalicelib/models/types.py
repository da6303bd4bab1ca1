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


def borrowed(model_id: str, behaves_as: str | None) -> tuple[str, ...]:
    """The note on a model whose facts are another's; none for one that has its own."""
    return (f"{model_id} is taken to behave as {behaves_as}: the stage's settings say so",) if behaves_as else ()


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
    """What came back: the images in order, and how many are missing (with the model's words): held back, mostly."""

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
class Checklist:
    """A judge's answers by number, requirement 1 first: whether it is met, and what the picture shows there.

    `words` is the text in the picture, as the judge transcribed it.
    """

    met: tuple[bool, ...]
    notes: tuple[str, ...]
    shows: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grade:
    """A judge's grade of a whole picture, 0 to 10, with what it found wrong."""

    grade: float
    faults: tuple[str, ...] = ()
    shows: str = ""


@dataclass(frozen=True)
class Revision:
    """A rewritten prompt, what must not appear, and for each requirement the words of the prompt that carry it."""

    prompt: str
    negative_prompt: str | None
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class TriedPrompt:
    """A prompt that failed: of its pictures the best share (0 to 1) and grade, None where none was graded.

    `missed`: (number of a requirement from 1, pictures that missed it); `held`: the numbers that every picture met.
    """

    prompt: str
    best_share: float
    best_grade: float | None
    missed: tuple[tuple[int, int], ...]
    held: tuple[int, ...]


@dataclass(frozen=True)
class RewriteBrief:
    """What a rewriter is told and held to: requirements numbered from 1, prompts and feedback oldest first.

    `negative_prompt` is what the user excluded, `shown` what the best picture so far shows, `length_limit` in
    characters.
    """

    initial_prompt: str
    negative_prompt: str | None
    requirements: tuple[str, ...]
    tried: tuple[TriedPrompt, ...]
    shown: str
    feedback: tuple[str, ...]
    guidance: str
    length_limit: int


@dataclass(frozen=True)
class Answered:
    """A vision model's reply text with what it cost and used."""

    text: str
    input_tokens: int
    output_tokens: int
    cost_usd: float
