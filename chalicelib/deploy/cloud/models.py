"""Models, profiles and quotas, as Bedrock and Service Quotas describe them in each model's region."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from chalicelib.deploy.found import ModelFound, Quota
from chalicelib.deploy.grants import Profile
from chalicelib.models.reference import underlying
from chalicelib.models.types import ModelReference

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_service_quotas import ServiceQuotasClient

NOT_OFFERED = ("ResourceNotFoundException", "ValidationException")
REFUSED = ("AccessDeniedException", "AccessDenied")


def profiles(bedrock: Callable[[str], "BedrockClient"], regions: Iterable[str]) -> tuple[Profile, ...]:
    """Every inference profile that Bedrock offers in these regions, AWS's own and the account's."""
    kinds: tuple[Literal["SYSTEM_DEFINED", "APPLICATION"], ...] = ("SYSTEM_DEFINED", "APPLICATION")
    return tuple(
        Profile(
            region,
            one["inferenceProfileId"],
            one["inferenceProfileArn"],
            tuple(model["modelArn"] for model in one["models"] if "modelArn" in model),
        )
        for region in regions
        for kind in kinds
        for page in bedrock(region).get_paginator("list_inference_profiles").paginate(typeEquals=kind)
        for one in page["inferenceProfileSummaries"]
    )


def look(bedrock: Callable[[str], "BedrockClient"], model: ModelReference) -> ModelFound:
    """A model's lifecycle and access in its region."""
    client, identifier = bedrock(model.region), underlying(model.id)
    try:
        details = client.get_foundation_model(modelIdentifier=identifier)["modelDetails"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_OFFERED:
            raise
        return ModelFound(model, None)
    lifecycle = details.get("modelLifecycle", {})
    ends = lifecycle.get("endOfLifeTime")
    return ModelFound(
        model,
        lifecycle.get("status", "ACTIVE"),
        ends.date() if ends else None,
        *_access(client, identifier),
        details.get("modelName", ""),
    )


def _access(client: "BedrockClient", identifier: str) -> tuple[str | None, bool]:
    """Why this account may not invoke the model, or None; and whether it is subscribed already.

    A model sold by others is subscribed to by its first invocation (Bedrock user guide, "Access Amazon Bedrock
    foundation models", 2026-11).
    """
    there = client.get_foundation_model_availability(modelId=identifier)
    agreement = there["agreementAvailability"]
    subscribed = there["entitlementAvailability"] == "AVAILABLE" or agreement["status"] == "AVAILABLE"
    if there["authorizationStatus"] != "AUTHORIZED":
        return "this account is not authorized for it", subscribed
    if there["regionAvailability"] != "AVAILABLE":
        return "it is not available to this account in that region", subscribed
    if agreement["status"] == "ERROR":
        return agreement.get("errorMessage") or "its agreement is in error", subscribed
    return None, subscribed


def quotas(
    service_quotas: Callable[[str], "ServiceQuotasClient"], functions: "LambdaClient", models: Iterable[ModelFound]
) -> list[Quota] | None:
    """Lambda's concurrency, and requests a minute of each model that Service Quotas names; None where refused."""
    try:
        limit = functions.get_account_settings()["AccountLimit"].get("ConcurrentExecutions", 0)
        found = [Quota("Lambda: concurrent executions", limit)]
        for model in models:
            found += _requests_a_minute(service_quotas(model.reference.region), model)
    except ClientError as error:
        if error.response["Error"]["Code"] not in REFUSED:
            raise
        return None
    return found


def _requests_a_minute(client: "ServiceQuotasClient", model: ModelFound) -> list[Quota]:
    pages = client.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock")
    return [
        Quota(f"{model.reference.region}: {quota['QuotaName']}", quota["Value"])
        for page in pages
        for quota in page["Quotas"]
        if model.name and model.name in quota["QuotaName"] and "requests per minute" in quota["QuotaName"]
    ]
