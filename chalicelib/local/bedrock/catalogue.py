"""Which models there are, and where they answer under which names: the table of `models.toml`, asked by what a URL has.

Bare ids, inference profiles and ARNs, each only where it is valid; GetFoundationModel, for those who ask before they
pay.
"""

import re
import tomllib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .refusal import refused

_BARE = re.compile(r"(?:arn:aws[a-z-]*:bedrock:([a-z0-9-]+)::foundation-model/)?(.+)")
_PROFILE = re.compile(
    r"(?:arn:aws[a-z-]*:bedrock:([a-z0-9-]+):\d{12}:inference-profile/)?(us|eu|jp|au|apac|global)\.(.+)"
)
_GEOGRAPHIES = {
    "us": ("us-east-", "us-west-"),
    "eu": ("eu-",),
    "jp": ("ap-northeast-",),
    "au": ("ap-southeast-2", "ap-southeast-4", "ap-southeast-6"),
    "apac": ("ap-",),
    "global": ("",),
}


@dataclass(frozen=True)
class Model:
    """One model; no `regions` means every region, `on_demand` where its bare id answers; dates are ISO 8601.

    From `max_tokens` on: what one that looks takes over Converse; one that draws has 0.
    """

    id: str
    name: str
    family: str
    regions: Sequence[str] = ()
    on_demand: Sequence[str] | None = None
    profiles: Sequence[str] = ()
    end_time: str = "2026-10-31T00:00:00Z"
    max_tokens: int = 0
    sampling: str = "any"
    top_k_field: Sequence[str] = ()
    top_k_max: int = 0
    forced_tools: bool = False

    def answers_bare(self, region: str) -> bool:
        """Whether its own id, without a profile, answers in a region."""
        return self.on_demand is None or region in self.on_demand

    @property
    def draws(self) -> bool:
        """Whether it makes images (InvokeModel) rather than looks at them (Converse)."""
        return not self.max_tokens


_OFFERS = tomllib.loads((Path(__file__).parent / "models.toml").read_text("utf-8"))["offers"]
_MODELS = [Model(id, name, **offer) for offer in _OFFERS for id, name in offer.pop("models").items()]


def resolve(identifier: str, region: str) -> Model:
    """The model meant by `identifier` (unquoted) in `region`; raises Refusal as Bedrock words it."""
    if match := _PROFILE.fullmatch(identifier):
        at, geography, name = match.groups()
        found = _find(name) if region.startswith(_GEOGRAPHIES[geography]) else None
        if found is None or geography not in found.profiles or at not in (None, region):
            raise refused("invalid_identifier")
        return found
    model = described(identifier, region)
    if not model.answers_bare(region):
        raise refused("on_demand", model=model.id)
    return model


def described(identifier: str, region: str) -> Model:
    """The model of a bare id or a foundation-model ARN; raises Refusal where its region does not have it."""
    match = _BARE.fullmatch(identifier)
    model = _find(match[2]) if match and match[1] in (None, region) else None
    if model is None or (model.regions and region not in model.regions):
        raise refused("invalid_identifier")
    return model


def _find(model_id: str) -> Model | None:
    for model in _MODELS:
        rest = model_id.removeprefix(model.id)
        if not rest or (model.family == "claude" and rest != model_id and rest[0] in "-:"):
            return replace(model, id=model_id)
    return None


def details(identifier: str, region: str, ended: Container[str]) -> dict[str, Any]:
    """GetFoundationModel's reply; raises Refusal for what does not exist in the region."""
    model = described(identifier, region)
    over = {"status": "LEGACY", "endOfLifeTime": model.end_time}
    ways = {"ON_DEMAND": model.answers_bare(region), "INFERENCE_PROFILE": bool(model.profiles)}
    return {
        "modelDetails": {
            "modelArn": f"arn:aws:bedrock:{region}::foundation-model/{model.id}",
            "modelId": model.id,
            "modelName": model.name,
            "inferenceTypesSupported": [way for way, open_ in ways.items() if open_],
            "modelLifecycle": over if model.id in ended else {"status": "ACTIVE"},
        }
    }
