"""Which models a stage's functions may invoke, as IAM names them. Pure; what Bedrock offers is handed in.

An inference profile needs its own ARN, with the account, and the model's ARN in every region it may route to (AWS
documentation, "Prerequisites for inference profiles", 2026-11). Those regions differ by model and change, so Bedrock is
asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.deploy.stage import Caller
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference
from chalicelib.settings import Settings


@dataclass(frozen=True)
class Profile:
    """An inference profile as Bedrock lists it in a region; `models` are the ARNs it may route to."""

    region: str
    id: str
    arn: str
    models: tuple[str, ...]


def models_of(settings: Settings, profiles: Iterable[Profile] = ()) -> tuple[ModelReference, ...]:
    """Every model a job may use, by default or because a prompt file may name it; sorted, each once.

    Where the stage names no list, that is every known model, and every profile of one that its region offers.
    """
    entries = [*settings.image_models, *settings.allowed_image_models]
    entries += [*settings.vision_models, *settings.allowed_vision_models]
    known: list[str] = []
    if not settings.allowed_image_models:
        known += settings.catalogue.image_ids
    if not settings.allowed_vision_models:
        known += settings.catalogue.vision_ids
    offered = [
        profile.id
        for profile in profiles
        if underlying(profile.id) in known and settings.reference(profile.id).region == profile.region
    ]
    return tuple(sorted({settings.reference(entry) for entry in (*entries, *known, *offered)}, key=str))


def is_profile(model: ModelReference) -> bool:
    """Whether an entry is an inference profile, which needs more than its own ARN."""
    if model.id.startswith("arn:"):
        return ":inference-profile/" in model.id or ":application-inference-profile/" in model.id
    return underlying(model.id) != model.id


def arns(models: Iterable[ModelReference], caller: Caller, profiles: Iterable[Profile]) -> list[str]:
    """The resources of the policy's InvokeModel, sorted; a profile that is not offered in its region is left out."""
    profiles = tuple(profiles)
    return sorted({arn for model in models for arn in _arns(model, caller, profiles)})


def _arns(model: ModelReference, caller: Caller, profiles: tuple[Profile, ...]) -> tuple[str, ...]:
    if is_profile(model):
        offered = (one for one in profiles if model.region == one.region and model.id in (one.id, one.arn))
        return next(((one.arn, *one.models) for one in offered), ())
    if model.id.startswith("arn:"):
        return (model.id,)
    return (f"arn:{caller.partition}:bedrock:{model.region}::foundation-model/{model.id}",)
