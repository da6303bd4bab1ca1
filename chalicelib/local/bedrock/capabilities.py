"""What each vision model takes and what it refuses over Converse (documentation and threads, 2026-11). Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Capabilities:
    """`sampling` is any, one (temperature or topP) or none; `top_k_field` is top-k's place in the additional fields."""

    max_tokens: int
    sampling: str
    top_k_field: tuple[str, ...] = ()
    top_k_max: int = 0
    forced_tools: bool = True
    prefill: bool = True
    schema: bool = False
    plain_tool_schema: bool = False


_NOVA = Capabilities(5000, "any", ("inferenceConfig", "topK"), 128, plain_tool_schema=True)
_NOVA_2 = Capabilities(65535, "any", ("inferenceConfig", "topK"), 128, plain_tool_schema=True)
_CLAUDE_4 = Capabilities(64000, "one", ("top_k",), 500, schema=True)
_CLAUDE_5 = Capabilities(64000, "none", forced_tools=False, prefill=False, schema=True)

_BY_FAMILY: Mapping[str, Capabilities] = MappingProxyType(
    {
        "nova": _NOVA,
        "nova2": _NOVA_2,
        "claude-haiku-4-5": _CLAUDE_4,
        "claude-sonnet-4-6": Capabilities(64000, "one", ("top_k",), 500, prefill=False, schema=True),
        "claude-haiku-5-5": _CLAUDE_5,
        "claude-sonnet-5-5": _CLAUDE_5,
        "claude-opus-5-5": _CLAUDE_5,
    }
)


def of(family: str) -> Capabilities:
    """The capabilities of a vision family."""
    return _BY_FAMILY[family]
