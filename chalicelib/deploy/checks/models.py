"""The models of a stage's default chain and panel, each in its region: alive, allowed, subscribed, answering. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.deploy.checks.line import Check, Mark, unseen
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import ModelFound
from chalicelib.deploy.grants import Profile, is_profile
from chalicelib.deploy.next_step import CATALOGUE
from chalicelib.deploy.stage import Stage
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

Seen = Mapping[ModelReference, ModelFound]
CONFIG = ".chalice/config.json"


def check_models(
    stage: Stage, seen: Seen, profiles: Iterable[Profile] = (), reasons: Mapping[str, CannotDeploy] | None = None
) -> list[Check]:
    """Of the chain one usable model is enough, and the others are notes; of the panel every one must be usable."""
    settings, offered, reasons = stage.settings, tuple(profiles), reasons or {}
    alive = any(_usable(seen.get(model)) for model in settings.chain())
    marks = {"IMAGE_MODELS": Mark.NOTE if alive else Mark.FAIL, "VISION_MODELS": Mark.FAIL}
    lines = []
    for variable, models in (("IMAGE_MODELS", settings.chain()), ("VISION_MODELS", settings.panel())):
        for model in dict.fromkeys(models):
            name = f"{'image' if variable == 'IMAGE_MODELS' else 'vision'} model {model}"
            if found := seen.get(model):
                lines.append(_model(name, found, variable, stage, marks[variable]))
                if f"inference profiles of {model.region}" not in reasons:
                    lines += _address(name, found, offered, marks[variable])
            elif reason := reasons.get(f"model {model}"):
                lines.append(unseen(name, reason))
    return lines


def _usable(model: ModelFound | None) -> bool:
    return model is not None and model.status is not None and model.access is None and model.subscribed


def _model(name: str, model: ModelFound, variable: str, stage: Stage, if_unusable: Mark) -> Check:
    if model.status is None:
        change = f"take it out of {variable} in {CONFIG}, then `up`"
        return Check(if_unusable, f"{name} has ended or is not offered in {model.reference.region}", change)
    if model.access is not None:
        where = CATALOGUE.format(region=model.reference.region)
        return Check(if_unusable, f"{name} may not be invoked: {model.access}", f"see what it asks for at {where}")
    if model.pending:
        waits = f"{name}: the account's subscription to it is being made; jobs wait for it"
        return Check(Mark.NOTE, waits, "wait some 15 minutes, then ask again")
    if not model.subscribed:
        sold = f"{name} is sold by another company, and this account has not subscribed to it"
        return Check(if_unusable, sold, f"python -m chalicelib up --stage {stage.name}: it says the price and asks")
    until = f", ends on {model.end_of_life}" if model.end_of_life else ""
    if model.status == "LEGACY":
        return Check(Mark.NOTE, f"{name} is legacy{until}", f"put its successor into {variable} in {CONFIG}")
    return Check(Mark.OK, f"{name} is {model.status.lower()}{until}")


def _address(name: str, model: ModelFound, profiles: tuple[Profile, ...], mark: Mark) -> Iterator[Check]:
    """A line where the id that is used does not answer in its region, whatever models/profiles.py says of it."""
    reference = model.reference
    if model.status is None or reference.id.startswith("arn:"):
        return
    if is_profile(reference) and reference.id not in offered_in(reference.region, profiles):
        yield Check(mark, no_such_profile(reference), other_profiles(reference, profiles))
    if not is_profile(reference) and model.on_demand is False:
        yield Check(
            mark, f"{name} answers through an inference profile only in {reference.region}",
            other_profiles(reference, profiles),
        )  # fmt: skip


def offered_in(region: str, profiles: Iterable[Profile]) -> list[str]:
    """The ids of the profiles of a region."""
    return [profile.id for profile in profiles if profile.region == region]


def no_such_profile(reference: ModelReference) -> str:
    """Said where a profile is named that its region does not have."""
    return f"there is no inference profile {reference.id} in {reference.region}"


def other_profiles(reference: ModelReference, profiles: Iterable[Profile]) -> str:
    """What to name instead."""
    same = [name for name in offered_in(reference.region, profiles) if underlying(name) == underlying(reference.id)]
    listed = f"aws bedrock list-inference-profiles --region {reference.region}"
    if not same:
        return f"name another model in {CONFIG}; what is offered there: {listed}"
    return f"name {' or '.join(sorted(same))} in its place in {CONFIG}"


def refuse_unknown_profiles(stage: Stage, profiles: Iterable[Profile]) -> None:
    """Raises CannotDeploy for a vision model of the default panel whose profile its region does not offer.

    Without its right in the policy, every check would be refused after the first image was paid.
    """
    offered = tuple(profiles)
    for model in stage.settings.panel():
        if not model.id.startswith("arn:") and is_profile(model) and model.id not in offered_in(model.region, offered):
            says = no_such_profile(model)
            then = other_profiles(model, offered)
            raise CannotDeploy(f"{says[:1].upper()}{says[1:]}.", f"{then[:1].upper()}{then[1:]}, then run this again.")
