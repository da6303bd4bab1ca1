"""From what stands in the URL to a model: bare ids, inference profiles and ARNs, each only where it is valid."""

import re

from .catalogue import Model, find
from .refusal import refused

_ARN = re.compile(r"arn:aws(?:-[a-z-]+)?:bedrock:([a-z0-9-]*):(\d{12})?:(foundation-model|inference-profile)/(.+)")
_GEOGRAPHIES = {
    "us": ("us-east-", "us-west-"),
    "eu": ("eu-",),
    "jp": ("ap-northeast-",),
    "au": ("ap-southeast-2", "ap-southeast-4", "ap-southeast-6"),
    "apac": ("ap-",),
    "global": ("",),
}


def resolve(identifier: str, region: str) -> Model:
    """The model meant by `identifier` (unquoted) in `region`; raises Refusal as Bedrock words it."""
    kind, identifier = _strip_arn(identifier, region)
    prefix, _, rest = identifier.partition(".")
    if prefix in _GEOGRAPHIES and kind != "foundation-model":
        return _by_profile(prefix, rest, region)
    model = find(identifier)
    if model is None or kind == "inference-profile" or (model.regions and region not in model.regions):
        raise refused("invalid_identifier")
    if not model.answers_bare(region):
        raise refused("on_demand", model=identifier)
    return model


def described(identifier: str, region: str) -> Model:
    """The model that `GetFoundationModel` is asked for: bare ids and foundation-model ARNs only."""
    kind, bare = _strip_arn(identifier, region)
    model = find(bare)
    if model is None or kind == "inference-profile" or (model.regions and region not in model.regions):
        raise refused("invalid_identifier")
    return model


def _strip_arn(identifier: str, region: str) -> tuple[str, str]:
    match = _ARN.fullmatch(identifier)
    if match is None:
        return "", identifier
    arn_region, account, kind, rest = match.groups()
    wrong_account = (kind == "inference-profile") != bool(account)
    if arn_region != region or wrong_account:
        raise refused("invalid_identifier")
    return kind, rest


def _by_profile(prefix: str, rest: str, region: str) -> Model:
    model = find(rest)
    in_geography = region.startswith(_GEOGRAPHIES[prefix])
    if model is None or prefix not in model.profiles or not in_geography:
        raise refused("invalid_identifier")
    return model
