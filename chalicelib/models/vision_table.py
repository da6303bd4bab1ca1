"""The vision models: what each takes, what each costs. Data only.

Sampling: Claude from 4.7 on refuses temperature, top-p and top-k; 4.5 and 4.6 take temperature or top-p. Forced tools:
Claude Sonnet 5.5 and Opus 5.5 refuse them (`tool_choice: type "tool" and "any" are not supported for this model`); Nova
takes them at temperature 0 and top-k 1 only, so with the user's sampling it is asked in words. Claude 5.5 thinks before
it answers by default, which counts as output and does not go with a forced tool. All but Nova Pro and Nova Lite answer
through inference profiles only.

Read on 2026-11-22, all of them active. Nova: temperature 0 to 1, top-p above 0, top-k 0 to 128
(docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html, for Nova 2 Lite nova2-userguide/
request-response-schema.html). Claude: 64,000 tokens of answer for 4, 128,000 for 5.5, thinking included; top-k 0 to 500
(platform.claude.com/docs/en/about-claude/models/overview). All take images of 3.75 MB and 8,000 pixels a side. Prices:
aws.amazon.com/bedrock/pricing; Claude's are those of `global.`, since a geographic profile (us., eu., jp., au.) costs a
tenth more; Nova 2 Lite's are the geographic ones, the higher; flex is half of Nova's (both read on 2026-11-27).
"""

from dataclasses import replace

from chalicelib.models.vision import VisionModel

_NOVA_PRO = VisionModel(
    id="amazon.nova-pro-v1:0",
    price_in=0.80,
    price_out=3.20,
    max_tokens=5_000,
    answers="words",
    sampling="all",
    top_k_field=("inferenceConfig", "topK"),
    highest_top_k=128,
    image_tokens=8_000,  # about 650 pixels a token in the documentation's table, at most 2,048 × 2,048 pixels here
    flex=0.5,
)
_HAIKU_4 = VisionModel(
    id="anthropic.claude-haiku-4-5-20251001-v1:0",
    price_in=1.00,
    price_out=5.00,
    max_tokens=64_000,
    answers="tool",
    sampling="temperature",
    top_k_field=("top_k",),
    highest_top_k=500,
    image_tokens=2_000,
    geographic=1.1,
)
_SONNET_5 = VisionModel(
    id="anthropic.claude-sonnet-5-5",
    price_in=2.00,
    price_out=10.00,
    max_tokens=128_000,
    answers="words",
    sampling="none",
    top_k_field=(),
    highest_top_k=0,
    image_tokens=6_000,
    geographic=1.1,
)

MODELS = (
    _NOVA_PRO,
    replace(_NOVA_PRO, id="amazon.nova-lite-v1:0", price_in=0.06, price_out=0.24),
    replace(_NOVA_PRO, id="amazon.nova-2-lite-v1:0", price_in=0.33, price_out=2.75, max_tokens=64_000),
    _HAIKU_4,
    replace(_HAIKU_4, id="anthropic.claude-sonnet-4-6", price_in=3.00, price_out=15.00),
    replace(_SONNET_5, id="anthropic.claude-haiku-5-5", price_in=0.10, price_out=0.50, long_prompt=(100_000, 5.0)),
    _SONNET_5,
    replace(_SONNET_5, id="anthropic.claude-opus-5-5", price_in=4.00, price_out=20.00),
)
