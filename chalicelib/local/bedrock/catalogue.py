"""Which models there are, where, and how long: the truth of 2026-11 as far as public sources tell.

Nova Canvas was offered in three regions, Titan v2 in two, Stability's text-to-image models in us-west-2 only (AWS
documentation and issue threads, 2026-11). Claude and Nova 2 answer through inference profiles only, Nova Pro and Lite
under their bare ids in us-east-1 and us-gov-west-1 only (Bedrock user guide, 2026-11-27). Written down apart from the
product's own tables, so that a slip in either shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Model:
    """One model; `regions` empty means every region, and so does `on_demand`; dates are ISO 8601."""

    id: str
    name: str
    family: str
    regions: tuple[str, ...] = ()
    on_demand: tuple[str, ...] = ()
    profile_only: bool = False
    profiles: tuple[str, ...] = ()
    legacy_time: str | None = None
    end_time: str | None = None

    def answers_bare(self, region: str) -> bool:
        """Whether its own id, without a profile, answers in a region."""
        return not self.profile_only and (not self.on_demand or region in self.on_demand)

    @property
    def draws(self) -> bool:
        """Whether it makes images (InvokeModel) rather than looks at them (Converse)."""
        return self.family in ("canvas", "titan", "core", "ultra", "sd35")

    @property
    def provider(self) -> str:
        """As Bedrock spells it."""
        return {"amazon": "Amazon", "stability": "Stability AI", "anthropic": "Anthropic"}[self.id.split(".")[0]]


_CANVAS_REGIONS = ("us-east-1", "ap-northeast-1", "eu-west-1")
_NOVA = ("us", "eu", "apac")
_NOVA_ON_DEMAND = ("us-east-1", "us-gov-west-1")
_GLOBAL = ("us", "eu", "jp", "apac", "au", "global")

_MODELS = (
    Model(
        "amazon.nova-canvas-v1:0",
        "Nova Canvas",
        "canvas",
        _CANVAS_REGIONS,
        legacy_time="2026-03-30T00:00:00Z",
        end_time="2026-09-30T00:00:00Z",
    ),
    Model(
        "amazon.titan-image-generator-v2:0",
        "Titan Image G1 v2",
        "titan",
        ("us-east-1", "us-west-2"),
        end_time="2026-06-30T00:00:00Z",
    ),
    Model("stability.stable-image-core-v1:1", "Stable Image Core", "core", ("us-west-2",)),
    Model("stability.stable-image-ultra-v1:1", "Stable Image Ultra", "ultra", ("us-west-2",)),
    Model("stability.sd3-5-large-v1:0", "SD 3.5 Large", "sd35", ("us-west-2",)),
    Model("amazon.nova-pro-v1:0", "Nova Pro", "nova", on_demand=_NOVA_ON_DEMAND, profiles=_NOVA),
    Model("amazon.nova-lite-v1:0", "Nova Lite", "nova", on_demand=_NOVA_ON_DEMAND, profiles=_NOVA),
    Model("amazon.nova-2-lite-v1:0", "Nova 2 Lite", "nova2", profile_only=True, profiles=_GLOBAL),
)

MODELS: Mapping[str, Model] = MappingProxyType({model.id: model for model in _MODELS})

# Claude's ids carry dates and versions that change; what matters is the name before them.
_CLAUDE = {
    "anthropic.claude-haiku-4-5": "Claude Haiku 4.5",
    "anthropic.claude-haiku-5-5": "Claude Haiku 5.5",
    "anthropic.claude-sonnet-4-6": "Claude Sonnet 4.6",
    "anthropic.claude-sonnet-5-5": "Claude Sonnet 5.5",
    "anthropic.claude-opus-5-5": "Claude Opus 5.5",
}


def find(model_id: str) -> Model | None:
    """The model of a bare id (no ARN, no profile prefix), or None."""
    if model_id in MODELS:
        return MODELS[model_id]
    for stem, name in _CLAUDE.items():
        rest = model_id.removeprefix(stem)
        if rest != model_id and (not rest or rest[0] in "-:"):
            return Model(model_id, name, stem.removeprefix("anthropic."), profile_only=True, profiles=_GLOBAL)
    return None
