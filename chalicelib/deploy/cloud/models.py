"""Models, profiles and quotas, as Bedrock and Service Quotas describe them in each model's region."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from chalicelib.deploy.cloud.clients import passing
from chalicelib.deploy.found import ModelFound
from chalicelib.deploy.grants import Profile
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_service_quotas import ServiceQuotasClient

NOT_OFFERED = ("ResourceNotFoundException", "ValidationException")


def profiles(client: "BedrockClient", region: str) -> tuple[Profile, ...]:
    """Every inference profile that Bedrock offers in a region, AWS's own and the account's."""
    kinds: tuple[Literal["SYSTEM_DEFINED", "APPLICATION"], ...] = ("SYSTEM_DEFINED", "APPLICATION")
    return tuple(
        Profile(
            region,
            one["inferenceProfileId"],
            one["inferenceProfileArn"],
            tuple(model["modelArn"] for model in one["models"] if "modelArn" in model),
        )
        for kind in kinds
        for page in client.get_paginator("list_inference_profiles").paginate(typeEquals=kind)
        for one in page["inferenceProfileSummaries"]
    )


def look(bedrock: Callable[[str], "BedrockClient"], model: ModelReference) -> ModelFound:
    """A model's lifecycle and access in its region."""
    client, identifier = bedrock(model.region), underlying(model.id)
    details = None
    with passing(*NOT_OFFERED):
        details = client.get_foundation_model(modelIdentifier=identifier)["modelDetails"]
    if details is None:
        return ModelFound(model, None)
    lifecycle = details.get("modelLifecycle", {})
    ends, kinds = lifecycle.get("endOfLifeTime"), details.get("inferenceTypesSupported", [])
    access, subscribed, pending = _access(client, identifier)
    return ModelFound(
        model,
        lifecycle.get("status", "ACTIVE"),
        ends.date() if ends else None,
        access,
        subscribed,
        details.get("modelName", ""),
        pending,
        "ON_DEMAND" in kinds if kinds else None,
    )


def _access(client: "BedrockClient", identifier: str) -> tuple[str | None, bool, bool]:
    """Why this account may not invoke the model, or None; whether it is subscribed; whether that is under way.

    Amazon's own need no subscription (Bedrock user guide, "Request access to models", 2026-11).
    All may be well here and the call still be refused (public threads, 2026-11): `doctor --probe` asks.
    """
    there = client.get_foundation_model_availability(modelId=identifier)
    agreement = there["agreementAvailability"]
    ready = "AVAILABLE" in (there["entitlementAvailability"], agreement["status"])
    subscribed = ready or identifier.startswith("amazon.")
    pending = agreement["status"] == "PENDING"
    if there["authorizationStatus"] != "AUTHORIZED":
        return "this account is not authorized for it", subscribed, pending
    if there["regionAvailability"] != "AVAILABLE":
        return "it is not available to this account in that region", subscribed, pending
    if agreement["status"] == "ERROR":
        return agreement.get("errorMessage") or "its agreement is in error", subscribed, pending
    return None, subscribed, pending


def concurrency(functions: "LambdaClient") -> int:
    """How many invocations the account may have at once."""
    return functions.get_account_settings()["AccountLimit"].get("ConcurrentExecutions", 0)


def quotas(service_quotas: "ServiceQuotasClient") -> dict[str, float]:
    """Bedrock's quotas of the client's region, by the names they have there."""
    pages = service_quotas.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock")
    return {quota["QuotaName"]: quota["Value"] for page in pages for quota in page["Quotas"]}


def form_sent(client: "BedrockClient") -> bool:
    """Whether Anthropic's use-case form was sent, for the account or by its organization."""
    with passing("ResourceNotFoundException"):
        client.get_use_case_for_model_access()
        return True
    return False
