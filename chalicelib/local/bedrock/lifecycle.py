"""GetFoundationModel: a model's state, for those who ask before they pay."""

from typing import Any

from .address import described
from .behaviour import Behaviour

_PROVIDERS = {"amazon": "Amazon", "stability": "Stability AI", "anthropic": "Anthropic"}


def details(identifier: str, region: str, behaviour: Behaviour) -> dict[str, Any]:
    """The reply; raises Refusal for what does not exist in the region."""
    model = described(identifier, region)
    lifecycle = {"status": "ACTIVE", "startOfLifeTime": "2024-12-03T00:00:00Z"}
    if model.id in (*behaviour.ended, *behaviour.legacy):
        lifecycle |= {"status": "LEGACY", "legacyTime": model.legacy_time or "2026-03-30T00:00:00Z"}
    if model.id in behaviour.ended:
        lifecycle["endOfLifeTime"] = model.end_time or "2026-10-31T00:00:00Z"
    ways = {"ON_DEMAND": model.answers_bare(region), "INFERENCE_PROFILE": bool(model.profiles)}
    return {
        "modelDetails": {
            "modelArn": f"arn:aws:bedrock:{region}::foundation-model/{model.id}",
            "modelId": model.id,
            "modelName": model.name,
            "providerName": _PROVIDERS[model.id.split(".")[0]],
            "inputModalities": ["TEXT", "IMAGE"],
            "outputModalities": ["IMAGE"] if model.draws else ["TEXT"],
            "responseStreamingSupported": not model.draws,
            "customizationsSupported": [],
            "inferenceTypesSupported": [way for way, open_ in ways.items() if open_],
            "modelLifecycle": lifecycle,
        }
    }
