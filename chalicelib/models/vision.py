"""A vision model as the pipeline sees it: a Converse request out, a text with its cost in; one code for all.

What differs is a table of capabilities. Nothing optional is sent that a model refuses. JSON is asked for in words, or
by a forced tool where the model takes one together with the user's sampling. Converse's own schema field
(`outputConfig.textFormat`) is used for none: Bedrock refuses it for Claude 4.7 and later ("output_config.format: Extra
inputs are not permitted") and for Haiku 4.5 in some accounts, Sonnet 4.6 strays from larger schemas under it, and Nova
does not know it (issues vercel/ai 19988, vercel/ai 14773 and vectorize-io/hindsight 3300, read 2026-11-22). Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from chalicelib.errors import Unusable
from chalicelib.models.questions import Question
from chalicelib.models.types import Answered, Sampling, borrowed
from chalicelib.picture import for_check

TOOL_NAME = "answer"
_FINISHED = ("end_turn", "tool_use", "stop_sequence")
_FILTERED = "blocked by our content filters"
# Bounds of a question whose text is not given yet, in tokens: no tokenizer makes more tokens than bytes.
_LARGEST_TEXT = 60_000
_OVERHEAD = 1_000


@dataclass(frozen=True)
class VisionModel:
    """One model: prices in USD per million tokens, sizes in bytes and pixels a side, `image_tokens` an upper bound.

    `sampling`: `all` (temperature, top-p, top-k), `temperature` (temperature and top-k: top-p is refused beside it),
    or `none`. `top_k_field`: where top-k goes in `additionalModelRequestFields`. `long_prompt`: (input tokens, factor)
    above which all prices are multiplied. `geographic`: the factor of all prices at any other address than the
    `global.` profile, whose prices the table has. `flex`: the factor in the flex tier, 1 where there is none.
    `behaves_as`: the known model whose facts these are, for an id that only the stage's settings know.
    """

    id: str
    price_in: float
    price_out: float
    max_tokens: int
    answers: Literal["words", "tool"]
    sampling: Literal["all", "temperature", "none"]
    top_k_field: tuple[str, ...]
    highest_top_k: int
    image_tokens: int
    default_region: str | None = None
    image_bytes: int = 3_750_000
    image_pixels: int = 8_000
    long_prompt: tuple[int, float] | None = None
    geographic: float = 1.0
    flex: float = 1.0
    behaves_as: str | None = None

    def priced_at(self, identifier: str) -> "VisionModel":
        """The same at the prices of an address: an id, a profile or an ARN; one that hides its reach is the dearer."""
        if self.geographic == 1.0 or identifier.rpartition("/")[2].startswith("global."):
            return self
        factor = self.geographic
        return replace(self, price_in=self.price_in * factor, price_out=self.price_out * factor, geographic=1.0)

    def ask(
        self, question: Question, sampling: Sampling, image: bytes | None
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """A Converse request without `modelId`, and a note for everything clamped, left out or re-encoded.

        Raises picture.NotAnImage for an image that is too large and cannot be decoded.
        """
        content, image_notes = self._content(question, image)
        request: dict[str, Any] = {
            "system": [{"text": question.system}],
            "messages": [{"role": "user", "content": content}],
        }
        configuration, extra, notes = self._sampled(sampling)
        request["inferenceConfig"] = configuration
        if extra:
            request["additionalModelRequestFields"] = extra
        if self.answers == "tool":
            request["toolConfig"] = _forced_tool(question)
        return request, (*borrowed(self.id, self.behaves_as), *notes, *image_notes)

    def read(self, model_name: str, reply: Mapping[str, Any]) -> Answered:
        """The reply's text, or its tool call's input as JSON text, with what it cost. Raises Unusable with the cost."""
        tokens_in, tokens_out, cost = self._usage(reply)
        reason = reply.get("stopReason")
        if reason not in _FINISHED:
            raise Unusable(model_name, f"a reply that stopped because of {reason}", cost)
        text = _text_of(reply)
        if not text:
            raise Unusable(model_name, "a reply without text", cost)
        if _FILTERED in text and "{" not in text:
            raise Unusable(model_name, text[:500], cost)
        return Answered(text, tokens_in, tokens_out, cost)

    def worst_price(self, max_tokens: int, question: Question | None = None, image: bool = True) -> float:
        """USD that one call can cost at most: every byte of the text a token, and all of the answer used."""
        text = _LARGEST_TEXT if question is None else question.size
        tokens_in = text + _OVERHEAD + (self.image_tokens if image else 0)
        return self._price(tokens_in, min(max_tokens, self.max_tokens))

    def _price(self, tokens_in: int, tokens_out: int) -> float:
        factor = self.long_prompt[1] if self.long_prompt and tokens_in > self.long_prompt[0] else 1.0
        return (tokens_in * self.price_in + tokens_out * self.price_out) * factor / 1_000_000

    def _usage(self, reply: Mapping[str, Any]) -> tuple[int, int, float]:
        """Input and output tokens and their cost; a reply that hides its usage is taken at its worst."""
        usage = reply.get("usage")
        if not isinstance(usage, Mapping) or "inputTokens" not in usage or "outputTokens" not in usage:
            return 0, 0, self.worst_price(self.max_tokens)
        cached = int(usage.get("cacheReadInputTokens") or 0) + int(usage.get("cacheWriteInputTokens") or 0)
        tokens_in, tokens_out = int(usage["inputTokens"]) + cached, int(usage["outputTokens"])
        tier = reply.get("serviceTier")
        factor = self.flex if isinstance(tier, Mapping) and tier.get("type") == "flex" else 1.0
        return tokens_in, tokens_out, self._price(tokens_in, tokens_out) * factor

    def _content(self, question: Question, image: bytes | None) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        if image is None:
            return [{"text": question.text}], ()
        checked, found = for_check(image, self.image_bytes, self.image_pixels)
        picture = {"image": {"format": found, "source": {"bytes": checked}}}
        if checked is image:
            return [picture, {"text": question.text}], ()
        note = (
            f"image of {len(image):,} bytes checked as a JPEG of {len(checked):,}: {self.id} takes "
            f"{self.image_bytes:,} bytes and {self.image_pixels:,} pixels a side; the saved image is untouched"
        )
        return [picture, {"text": question.text}], (note,)

    def _sampled(self, wanted: Sampling) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
        notes: list[str] = []
        configuration: dict[str, Any] = {"maxTokens": min(wanted.max_tokens, self.max_tokens)}
        if wanted.max_tokens > self.max_tokens:
            notes.append(f"max_tokens {wanted.max_tokens} clamped to {self.max_tokens}: the most {self.id} writes")
        if self.sampling == "none":
            notes.append(f"temperature, top_p and top_k left out: {self.id} refuses them")
            return configuration, {}, tuple(notes)
        configuration["temperature"] = wanted.temperature
        if self.sampling == "all":
            configuration["topP"] = wanted.top_p
        else:
            notes.append(f"top_p {wanted.top_p:g} left out: {self.id} refuses it beside temperature")
        top_k = min(wanted.top_k, self.highest_top_k)
        if top_k < wanted.top_k:
            notes.append(f"top_k {wanted.top_k} clamped to {top_k}: the highest of {self.id}")
        return configuration, _nested(self.top_k_field, top_k), tuple(notes)


def _forced_tool(question: Question) -> dict[str, Any]:
    tool = {"name": TOOL_NAME, "description": "Gives the answer.", "inputSchema": {"json": question.schema}}
    return {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": TOOL_NAME}}}


def _nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for name in reversed(path):
        value = {name: value}
    return dict(value)


def _text_of(reply: Mapping[str, Any]) -> str:
    """What the tool was called with, if it was, else all text blocks; reasoning blocks are passed over."""
    output = reply.get("output")
    message = output.get("message") if isinstance(output, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    blocks = [block for block in content if isinstance(block, Mapping)] if isinstance(content, list) else []
    calls = [call for block in blocks if isinstance(call := block.get("toolUse"), Mapping)]
    if calls:
        return "\n".join(_given(call.get("input")) for call in calls)
    return "\n".join(str(block["text"]) for block in blocks if block.get("text")).strip()


def _given(given: Any) -> str:
    """A tool's input as JSON text; some models write it as such themselves."""
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
