"""One entry of a chain, `[region/]id`, taken apart; whether the model is known is the catalogue's business.

An id may be a model's, an inference profile's (`us.`, `eu.`, `jp.`, `apac.`, `au.`, `global.` …) or an ARN.
"""

import re
from collections.abc import Callable

from chalicelib.models.types import ModelReference

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d{1,2}")
# What botocore's service model of bedrock-runtime lets pass as modelId (1.44, 2026-11), loosely.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,255}")
_ARN = re.compile(
    r"arn:aws[a-z-]*:bedrock:(?P<region>[a-z0-9-]{1,20}):(?:\d{12})?:"
    r"(?P<kind>[a-z-]+)/(?P<resource>[A-Za-z0-9._:-]{1,255}(?:/[A-Za-z0-9]{1,64})?)"
)
# A geography before a provider's name: two letters, or one of the longer ones (AWS documentation, 2026-11).
_PROFILE = re.compile(r"(?:[a-z]{2}|apac|global|us-gov)\.(?=[a-z0-9-]+\.)")


class BadReference(ValueError):
    """An entry that is no `[region/]id`, or adds no model; the message says what came and what is allowed."""


def parse_reference(
    entry: str, default_region: str, default_region_of: Callable[[str], str | None] | None = None
) -> ModelReference:
    """Resolve an entry's region: its own, else its ARN's, else its family's (`default_region_of`), else the stage's.

    Raises BadReference.
    """
    text = entry.strip()
    region, identifier = _split(text)
    arn = _ARN.fullmatch(identifier)
    if not arn and not _ID.fullmatch(identifier):
        raise BadReference(
            f"model entry {_shown(entry)} is none: give [region/]id, as in us-west-2/stability.stable-image-core-v1:1, "
            "an inference profile's id or an ARN"
        )
    if region is None and arn:
        region = arn["region"]
    if region is None and default_region_of is not None:
        region = default_region_of(identifier)
    return ModelReference(region or default_region, identifier)


def underlying(identifier: str) -> str:
    """The model's own id behind an ARN or a profile's prefix; an opaque ARN gives its resource's name."""
    arn = _ARN.fullmatch(identifier)
    name = arn["resource"] if arn else identifier
    return _PROFILE.sub("", name, count=1)


def _split(text: str) -> tuple[str | None, str]:
    """Region, if one is written in front, and the rest."""
    before, slash, after = text.partition("/")
    if not slash or before.startswith("arn:"):
        return None, text
    if not _REGION.fullmatch(before):
        raise BadReference(f"model entry {_shown(text)}: {_shown(before)} is no region; write one as us-west-2")
    return before, after


def _shown(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:119] + "…")
