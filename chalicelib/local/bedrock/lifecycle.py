"""GetFoundationModel: a model's state, for those who ask before they pay."""

from typing import Any

from .address import described
from .behaviour import Behaviour
from .catalogue import Model

_BEGAN = "2024-12-03T00:00:00Z"
_LONG_GONE = "2026-10-31T00:00:00Z"


def details(identifier: str, region: str, behaviour: Behaviour) -> dict[str, Any]:
    """The reply; raises Refusal for what does not exist in the region."""
    model = described(identifier, region)
    lifecycle = {"status": "ACTIVE", "startOfLifeTime": _BEGAN}
    if model.id in behaviour.ended or model.id in behaviour.legacy:
        lifecycle["status"] = "LEGACY"
        lifecycle["legacyTime"] = model.legacy_time or "2026-03-30T00:00:00Z"
    if model.id in behaviour.ended:
        lifecycle["endOfLifeTime"] = model.end_time or _LONG_GONE
    return {
        "modelDetails": {
            "modelArn": f"arn:aws:bedrock:{region}::foundation-model/{model.id}",
            "modelId": model.id,
            "modelName": model.name,
            "providerName": model.provider,
            "inputModalities": ["TEXT", "IMAGE"],
            "outputModalities": ["IMAGE"] if model.draws else ["TEXT"],
            "responseStreamingSupported": not model.draws,
            "customizationsSupported": [],
            "inferenceTypesSupported": _inference_types(model, region),
            "modelLifecycle": lifecycle,
        }
    }


def _inference_types(model: Model, region: str) -> list[str]:
    """How it may be called, as Bedrock lists it."""
    return [
        *(["ON_DEMAND"] if model.answers_bare(region) else []),
        *(["INFERENCE_PROFILE"] if model.profiles else []),
    ]
