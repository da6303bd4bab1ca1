"""The documented limits of each image family's body, one row a field: field, range, where it was read.

Written down apart from the code under test, so that a slip there meets a second pair of eyes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CANVAS = "Amazon Nova user guide, request and response structure for image generation, 2026-11-22"
TITAN = "Amazon Bedrock user guide, Titan Image Generator models, 2026-11-22"
CORE = "Amazon Bedrock user guide, Stable Image Core request and response, 2026-11-22"
ULTRA = "Amazon Bedrock user guide, Stable Image Ultra request and response, 2026-11-22"
SD35 = "Amazon Bedrock user guide, Stability.ai Stable Diffusion 3.5 Large, 2026-11-22"

NOVA_CANVAS, TITAN_V2 = "amazon.nova-canvas-v1:0", "amazon.titan-image-generator-v2:0"
STABLE_CORE, STABLE_ULTRA = "stability.stable-image-core-v1:1", "stability.stable-image-ultra-v1:1"
SD35_LARGE = "stability.sd3-5-large-v1:0"


@dataclass(frozen=True)
class Row:
    """A field of a body by its path, what it may be (in words and as a check), and whether it may be missing."""

    field: str
    range: str
    allows: Callable[[Any], bool]
    source: str
    optional: bool = False


def _text(shortest: int, longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and shortest <= len(value) <= longest


def _whole(lowest: int, highest: int, step: int = 1) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and lowest <= value <= highest and value % step == 0


def _number(lowest: float, highest: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and lowest <= value <= highest


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


def _amazon(source: str, characters: int) -> tuple[Row, ...]:
    text, configuration = "textToImageParams", "imageGenerationConfig"
    return (
        Row("taskType", "TEXT_IMAGE", _one_of("TEXT_IMAGE"), source),
        Row(f"{text}.text", f"1 to {characters} characters", _text(1, characters), source),
        Row(f"{text}.negativeText", f"1 to {characters} characters", _text(1, characters), source, optional=True),
        Row(f"{configuration}.width", "320 to 4096, divisible by 16", _whole(320, 4096, 16), source),
        Row(f"{configuration}.height", "320 to 4096, divisible by 16", _whole(320, 4096, 16), source),
        Row(f"{configuration}.quality", "standard or premium", _one_of("standard", "premium"), source),
        Row(f"{configuration}.cfgScale", "1.1 to 10", _number(1.1, 10), source),
        Row(f"{configuration}.seed", "0 to 2,147,483,646", _whole(0, 2_147_483_646), source),
        Row(f"{configuration}.numberOfImages", "1 to 5", _whole(1, 5), source),
    )


def _stability(source: str) -> tuple[Row, ...]:
    ratios = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
    return (
        Row("prompt", "1 to 10,000 characters", _text(1, 10_000), source),
        Row("mode", "text-to-image", _one_of("text-to-image"), source),
        Row("aspect_ratio", ", ".join(ratios), _one_of(*ratios), source),
        Row("seed", "0 to 4,294,967,294", _whole(0, 4_294_967_294), source),
        Row("output_format", "png or jpeg", _one_of("png", "jpeg"), source),
        Row("negative_prompt", "at most 10,000 characters", _text(0, 10_000), source, optional=True),
    )


LIMITS: dict[str, tuple[Row, ...]] = {
    NOVA_CANVAS: _amazon(CANVAS, 1024),
    TITAN_V2: _amazon(TITAN, 512),
    STABLE_CORE: _stability(CORE),
    STABLE_ULTRA: _stability(ULTRA),
    SD35_LARGE: _stability(SD35),
}


def breaches(model: str, body: dict[str, Any]) -> list[str]:
    """Every way in which a body breaks the documentation: a field out of range, missing, or not known there."""
    sent = _flat(body)
    rows = {row.field: row for row in LIMITS[model]}
    found = [f"{field} is not documented" for field in sent if field not in rows]
    for field, row in rows.items():
        if field not in sent:
            found += [] if row.optional else [f"{field} is missing ({row.source})"]
        elif not row.allows(sent[field]):
            found.append(f"{field} is {sent[field]!r}, documented as {row.range} ({row.source})")
    return found


def _flat(body: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in body.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
