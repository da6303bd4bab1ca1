"""Where a vision model answers under its bare id, and which geographic inference profile stands in for it elsewhere.

A bare id is refused where the model is not offered on demand ("on-demand throughput isn't supported"). Then the id that
works is the one of the profile of the region's own geography, so that data stays in it; the `global.` profile is never
chosen for anybody. Pure; must not know the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Read on 2026-11-27 at https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html:
# Nova Lite on demand in us-east-1 and us-gov-west-1, and its profiles' regions. Nova Pro may be on demand
# in a few more, where its profile answers as well. The lists of Claude and Nova 2 Lite, us-west-1, ap-northeast-3
# and the us-gov profile were not read in a source and want a look on a live account.

_US = ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
_EU = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")
_JP = ("ap-northeast-1", "ap-northeast-3")
_AU = ("ap-southeast-2", "ap-southeast-4")
_APAC = ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2")
_GOVERNMENT = ("us-gov-east-1", "us-gov-west-1")


@dataclass(frozen=True)
class Offer:
    """One model: the regions where its bare id answers, and each geography's profile prefix with its source regions."""

    on_demand: tuple[str, ...]
    profiles: Mapping[str, tuple[str, ...]]

    def prefix(self, region: str) -> str | None:
        """The prefix of the region's own geographic profile, or None where there is none."""
        return next((prefix for prefix, sources in self.profiles.items() if region in sources), None)


_NOVA = Offer(
    ("us-east-1", "us-gov-west-1"),
    MappingProxyType({"us": _US, "eu": _EU, "apac": _APAC, "us-gov": _GOVERNMENT}),
)
_BY_PROFILE_ONLY = Offer((), MappingProxyType({"us": _US, "eu": _EU, "jp": _JP}))
_CLAUDE = Offer((), MappingProxyType({"us": _US, "eu": _EU, "jp": _JP, "au": _AU}))

OFFERS: Mapping[str, Offer] = MappingProxyType(
    {
        "amazon.nova-pro-v1:0": _NOVA,
        "amazon.nova-lite-v1:0": _NOVA,
        "amazon.nova-2-lite-v1:0": _BY_PROFILE_ONLY,
        "anthropic.claude-haiku-4-5-20251001-v1:0": _CLAUDE,
        "anthropic.claude-sonnet-4-6": _CLAUDE,
        "anthropic.claude-haiku-5-5": _CLAUDE,
        "anthropic.claude-sonnet-5-5": _CLAUDE,
        "anthropic.claude-opus-5-5": _CLAUDE,
    }
)


def usable_id(identifier: str, region: str) -> str:
    """The id that answers in `region`: a bare one that only a profile answers for becomes the region's own profile.

    Profiles, ARNs, unknown models and regions without a profile of their own are left as they are: Bedrock answers.
    """
    offer = OFFERS.get(identifier)
    if offer is None or region in offer.on_demand:
        return identifier
    prefix = offer.prefix(region)
    return f"{prefix}.{identifier}" if prefix else identifier
