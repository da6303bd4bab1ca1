"""The vision models: what each takes, what each costs. Data only.

Sampling: Claude from 4.7 on refuses temperature, top-p and top-k; 4.5 and 4.6 take temperature or top-p. Forced tools:
Claude Sonnet 5.5 and Opus 5.5 refuse them (`tool_choice: type "tool" and "any" are not supported for this model`); Nova
takes them at temperature 0 and top-k 1 only, so with the user's sampling it is asked in words. Claude 5.5 thinks before
it answers by default, which counts as output and does not go with a forced tool. All but Nova Pro and Nova Lite answer
through inference profiles only.
"""

from datetime import date

from chalicelib.models.facts import Fact, Lifecycle
from chalicelib.models.vision import VisionModel

_READ = date(2026, 11, 22)
_NOVA_PAGE = "https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html"
_NOVA_2_PAGE = "https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html"
_CLAUDE_PAGE = "https://platform.claude.com/docs/en/about-claude/models/overview"
_LIFECYCLE = Lifecycle(
    "active", None, None, "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html"
)
_PRICE_PAGE = "https://aws.amazon.com/bedrock/pricing/"
# Claude through a geographic profile (us., eu., jp., au.) costs a tenth more than through `global.` (the same page,
# read 2026-11-27); its prices below are those of `global.`. Nova 2 Lite's are the geographic ones, the higher.
_CLAUDE_GEOGRAPHIC = 1.1


def _price_fact(price_in: float, price_out: float) -> Fact:
    return Fact("price", f"${price_in:.2f} in, ${price_out:.2f} out per million tokens", _PRICE_PAGE, _READ)


def _nova(identifier: str, name: str, price_in: float, price_out: float, max_tokens: int, page: str) -> VisionModel:
    return VisionModel(
        id=identifier,
        name=name,
        price_in=price_in,
        price_out=price_out,
        max_tokens=max_tokens,
        answers="words",
        sampling="all",
        top_k_field=("inferenceConfig", "topK"),
        highest_top_k=128,
        image_tokens=8_000,  # about 650 pixels a token in the documentation's table, at most 2,048 × 2,048 pixels here
        lifecycle=_LIFECYCLE,
        flex=0.5,  # of Converse's `serviceTier` (the pricing page, read 2026-11-27)
        facts=(
            Fact("inferenceConfig.maxTokens", f"1 to {max_tokens:,}", page, _READ),
            Fact("inferenceConfig.temperature", "0 to 1", page, _READ),
            Fact("inferenceConfig.topP", "above 0 to 1", page, _READ),
            Fact("additionalModelRequestFields.inferenceConfig.topK", "0 to 128", page, _READ),
            Fact("image", "3.75 MB, 8,000 pixels a side", page, _READ),
            _price_fact(price_in, price_out),
        ),
    )


def _claude_4(identifier: str, name: str, price_in: float, price_out: float) -> VisionModel:
    return VisionModel(
        id=identifier,
        name=name,
        price_in=price_in,
        price_out=price_out,
        max_tokens=64_000,
        answers="tool",
        sampling="temperature",
        top_k_field=("top_k",),
        highest_top_k=500,
        image_tokens=2_000,
        lifecycle=_LIFECYCLE,
        geographic=_CLAUDE_GEOGRAPHIC,
        facts=(
            Fact("inferenceConfig.maxTokens", "1 to 64,000", _CLAUDE_PAGE, _READ),
            Fact("inferenceConfig.temperature", "0 to 1, not beside topP", _CLAUDE_PAGE, _READ),
            Fact("additionalModelRequestFields.top_k", "0 to 500", _CLAUDE_PAGE, _READ),
            Fact("toolConfig.toolChoice.tool", "taken", _CLAUDE_PAGE, _READ),
            Fact("image", "3.75 MB, 8,000 pixels a side", _CLAUDE_PAGE, _READ),
            _price_fact(price_in, price_out),
        ),
    )


def _claude_5(
    identifier: str, name: str, price_in: float, price_out: float, long_prompt: tuple[int, float] | None = None
) -> VisionModel:
    return VisionModel(
        id=identifier,
        name=name,
        price_in=price_in,
        price_out=price_out,
        max_tokens=128_000,
        answers="words",
        sampling="none",
        top_k_field=(),
        highest_top_k=0,
        image_tokens=6_000,
        lifecycle=_LIFECYCLE,
        geographic=_CLAUDE_GEOGRAPHIC,
        long_prompt=long_prompt,
        facts=(
            Fact("inferenceConfig.maxTokens", "1 to 128,000, thinking included", _CLAUDE_PAGE, _READ),
            Fact("inferenceConfig.temperature, topP, top_k", "refused", _CLAUDE_PAGE, _READ),
            Fact("toolConfig.toolChoice.tool", "refused or unreliable", _CLAUDE_PAGE, _READ),
            Fact("image", "3.75 MB, 8,000 pixels a side", _CLAUDE_PAGE, _READ),
            _price_fact(price_in, price_out),
        ),
    )


MODELS = (
    _nova("amazon.nova-pro-v1:0", "Nova Pro", 0.80, 3.20, 5_000, _NOVA_PAGE),
    _nova("amazon.nova-lite-v1:0", "Nova Lite", 0.06, 0.24, 5_000, _NOVA_PAGE),
    _nova("amazon.nova-2-lite-v1:0", "Nova 2 Lite", 0.33, 2.75, 64_000, _NOVA_2_PAGE),
    _claude_4("anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5", 1.00, 5.00),
    _claude_4("anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6", 3.00, 15.00),
    _claude_5("anthropic.claude-haiku-5-5", "Claude Haiku 5.5", 0.10, 0.50, long_prompt=(100_000, 5.0)),
    _claude_5("anthropic.claude-sonnet-5-5", "Claude Sonnet 5.5", 2.00, 10.00),
    _claude_5("anthropic.claude-opus-5-5", "Claude Opus 5.5", 4.00, 20.00),
)
