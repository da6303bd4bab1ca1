"""Subscriptions to models that other companies sell on AWS Marketplace: what is offered, agreed to, waited for.

`ListFoundationModelAgreementOffers` and `CreateFoundationModelAgreement` (Bedrock user guide, "Request access to
models", 2026-11), so that the functions themselves need no right to subscribe.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalicelib.deploy.found import Offer
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

TAKES = 15 * 60  # seconds that a subscription may take (the same page)
POLL_SECONDS = 15.0
NOT_YET = ("PENDING", "NOT_AVAILABLE")  # the latter: asked for just now, and not yet seen


def offer(client: "BedrockClient", model: ModelReference) -> Offer | None:
    """The public offer for a model, or None where there is none to agree to."""
    answer = client.list_foundation_model_agreement_offers(modelId=underlying(model.id), offerType="PUBLIC")
    for one in answer["offers"]:
        terms: dict[str, Any] = dict(one["termDetails"])
        rates = terms.get("usageBasedPricingTerm", {}).get("rateCard", [])
        return Offer(model, one["offerToken"], tuple(map(_price, rates)), terms.get("legalTerm", {}).get("url", ""))
    return None


def _price(rate: dict[str, str]) -> str:
    what = rate.get("description") or rate.get("dimension", "")
    return f"${rate.get('price', '?')} {rate.get('unit', '')}: {what}".replace(" :", ":")


def agree(client: "BedrockClient", found: Offer) -> None:
    """Subscribe the account to the model."""
    client.create_foundation_model_agreement(modelId=underlying(found.model.id), offerToken=found.token)


def wait(client: "BedrockClient", model: ModelReference, sleep: Callable[[float], None]) -> str:
    """Wait until the subscription is no longer being made, a quarter of an hour at most; its last state."""
    for left in reversed(range(int(TAKES / POLL_SECONDS) + 1)):
        agreement = client.get_foundation_model_availability(modelId=underlying(model.id))["agreementAvailability"]
        if agreement["status"] not in NOT_YET or not left:
            break
        sleep(POLL_SECONDS)
    return agreement.get("errorMessage") or agreement["status"]
