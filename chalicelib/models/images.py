"""An image model as the pipeline sees it: facts, a price, a body out, images or a refusal in.

What differs from family to family is two functions, held as values; a family's module fills them in. Everything is
pure: nothing is sent from here.
"""

import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.errors import Ambiguous, Blocked
from chalicelib.models.types import Drawing, ImageOrder, Pictures, borrowed
from chalicelib.picture import image_format
from chalicelib.text.cutting import cut

_GUARDRAIL = "amazon-bedrock-guardrailAction"  # in the body of any InvokeModel (AWS documentation, 2026-11)


@dataclass(frozen=True)
class ImageModel:
    """One model: `default_region` is None where the stage's own will do, lengths in characters, seeds from 1.

    `prices` are (largest area in pixels, USD an image), dearest last. `behaves_as` names the known model whose facts
    these are, for an id that only the stage's settings know.
    """

    id: str
    default_region: str | None
    prompt_limit: int
    highest_seed: int
    images_per_call: int
    prices: tuple[tuple[int, float], ...]
    guidance: str
    drawing: Callable[["ImageModel", ImageOrder], Drawing]
    reading: Callable[[str, Mapping[str, Any], int], Pictures]
    behaves_as: str | None = None

    def draw(self, order: ImageOrder) -> Drawing:
        """The calls that carry out the order, with a note for everything mapped, cut, moved or left out."""
        prompt, cut_prompt = self._fitted("prompt", order.prompt)
        unwanted, cut_unwanted = self._fitted("negative_prompt", _each_once(order.negative_prompt or ""))
        drawing = self.drawing(self, replace(order, prompt=prompt, negative_prompt=unwanted or None))
        notes = (*borrowed(self.id, self.behaves_as), *drawing.notes, *cut_prompt, *cut_unwanted)
        return replace(drawing, notes=notes)

    def read(self, model_name: str, reply: Mapping[str, Any], wanted: int = 1) -> Pictures:
        """The images of one call's reply, which are taken out of it, so that no text outlives its bytes.

        `model_name` is `region/id` for error texts, `wanted` how many images this call was asked for. Raises Blocked
        when a filter, or a guardrail that the account puts before every model, held all of them back; Ambiguous when
        what came is no image.
        """
        if reply.get(_GUARDRAIL) == "INTERVENED" and not reply.get("images"):
            raise Blocked(model_name, f"a guardrail of the account intervened: {reply.get('output') or ''}", "prompt")
        return self.reading(model_name, reply, wanted)

    def price(self, width: int, height: int) -> float:
        """USD for one image asked for at this size."""
        return next((usd for area, usd in self.prices if width * height <= area), self.prices[-1][1])

    def _fitted(self, field: str, text: str) -> tuple[str, tuple[str, ...]]:
        """The text within the model's limit, and a note when it was cut."""
        short, at = cut(text, self.prompt_limit)
        if at is None:
            return short, ()
        where = "hard, as it has no boundary" if at == "character" else f"after the last {at} that fits"
        lengths = f"{field} of {len(text):,} characters cut to {len(short):,}"
        return short, (f"{lengths}, {where}: {self.id} takes {self.prompt_limit:,}",)


def _each_once(listed: str) -> str:
    """A comma-separated list of unwanted things with each entry once."""
    entries: dict[str, str] = {}
    for entry in filter(None, map(str.strip, listed.split(","))):
        entries.setdefault(entry.casefold(), entry)
    return ", ".join(entries.values())


def decoded(model_name: str, encoded: list[Any]) -> tuple[tuple[bytes, ...], str]:
    """The images among a reply's entries, and what is wrong with the others, in words.

    The entries are taken out one by one, so that text and bytes of all images are never held together. An image that
    can be read is kept, whatever stands beside it. Raises Ambiguous where no entry is one: they were made and charged.
    """
    images: list[bytes] = []
    faults: list[str] = []
    while encoded:
        image = _image(encoded.pop(0))
        if isinstance(image, str):
            faults.append(image)
        else:
            images.append(image)
    words = "; ".join(dict.fromkeys(faults))
    if not images:
        raise Ambiguous(model_name, words)
    return tuple(images), words


def _image(entry: Any) -> bytes | str:
    """The bytes of one base64 image, with a data: head or line breaks or without; else what is wrong with it."""
    if not isinstance(entry, str):
        return f"an image of type {type(entry).__name__} where base64 text belongs"
    if entry.startswith("data:"):
        entry = entry.partition(",")[2]
    try:
        image = binascii.a2b_base64("".join(entry.split()) if "\n" in entry else entry, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        return f"an image that is no base64: {error}"
    return f"{len(image):,} bytes that are no image" if image_format(image) is None else image
