"""The calls on models, profiles and quotas, which moto does not have. See stubs.py."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.deploy.cloud import models
from chalicelib.deploy.found import ModelFound
from chalicelib.deploy.grants import Profile
from chalicelib.models.types import ModelReference
from tests.deploy.stubs import ACCOUNT, Stub

CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")


def availability(**changes: Any) -> dict[str, Any]:
    return {
        "modelId": CORE.id,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
        **changes,
    }


NOT_YET = {"agreementAvailability": {"status": "NOT_AVAILABLE"}, "entitlementAvailability": "NOT_AVAILABLE"}


@pytest.mark.parametrize(
    ("changes", "access", "subscribed", "pending"),
    [
        ({}, None, True, False),
        (NOT_YET, None, False, False),
        ({**NOT_YET, "agreementAvailability": {"status": "PENDING"}}, None, False, True),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, "this account is not authorized for it", True, False),
        ({"regionAvailability": "NOT_AVAILABLE"}, "it is not available to this account in that region", True, False),
        ({"agreementAvailability": {"status": "ERROR", "errorMessage": "no payment"}}, "no payment", True, False),
    ],
)
def test_a_model_is_seen_with_lifecycle_and_access(
    stub: Stub, changes: Any, access: str | None, subscribed: bool, pending: bool
):
    client, answers = stub("bedrock")
    details = {
        "modelArn": f"arn:aws:bedrock:us-west-2::foundation-model/{CORE.id}",
        "modelId": CORE.id,
        "modelName": "Stable Image Core 1.0",
        "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": datetime(2027, 3, 1, tzinfo=UTC)},
    }
    answers.add_response("get_foundation_model", {"modelDetails": details}, {"modelIdentifier": CORE.id})
    answers.add_response("get_foundation_model_availability", availability(**changes), {"modelId": CORE.id})
    found = models.look(lambda region: client, CORE)
    ends = datetime(2027, 3, 1, tzinfo=UTC).date()
    assert found == ModelFound(CORE, "LEGACY", ends, access, subscribed, "Stable Image Core 1.0", pending)


def test_amazons_own_models_need_no_subscription(stub: Stub):
    client, answers = stub("bedrock")
    nova = ModelReference("us-west-2", "us.amazon.nova-pro-v1:0")
    answers.add_response("get_foundation_model", {"modelDetails": {"modelArn": "arn:aws:bedrock:::x", "modelId": "x"}})
    answers.add_response("get_foundation_model_availability", availability(**NOT_YET))
    assert models.look(lambda region: client, nova).subscribed


@pytest.mark.parametrize(
    ("kinds", "on_demand"), [(["ON_DEMAND"], True), (["INFERENCE_PROFILE"], False), ([], None), (None, None)]
)
def test_whether_the_bare_id_answers_is_seen(stub: Stub, kinds: list[str] | None, on_demand: bool | None):
    client, answers = stub("bedrock")
    details = {"modelArn": f"arn:aws:bedrock:us-west-2::foundation-model/{CORE.id}", "modelId": CORE.id}
    listed = {} if kinds is None else {"inferenceTypesSupported": kinds}
    answers.add_response("get_foundation_model", {"modelDetails": {**details, **listed}})
    answers.add_response("get_foundation_model_availability", availability())
    assert models.look(lambda region: client, CORE).on_demand is on_demand


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException"])
def test_a_model_that_bedrock_does_not_know_has_no_status(stub: Stub, code: str):
    client, answers = stub("bedrock")
    answers.add_client_error("get_foundation_model", code)
    assert models.look(lambda region: client, CORE) == ModelFound(CORE, None)


def test_a_profile_is_looked_up_as_its_model(stub: Stub):
    client, answers = stub("bedrock")
    expected = {"modelIdentifier": "amazon.nova-2-lite-v1:0"}
    answers.add_client_error("get_foundation_model", "ResourceNotFoundException", expected_params=expected)
    models.look(lambda region: client, ModelReference("us-east-1", "us.amazon.nova-2-lite-v1:0"))


def test_profiles_are_seen_with_the_models_they_route_to(stub: Stub):
    client, answers = stub("bedrock")
    arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-2-lite-v1:0"
    routes = [
        f"arn:aws:bedrock:{region}::foundation-model/amazon.nova-2-lite-v1:0" for region in ("us-east-1", "us-west-2")
    ]
    profile = {
        "inferenceProfileName": "US Nova 2 Lite",
        "inferenceProfileArn": arn,
        "models": [{"modelArn": route} for route in routes],
        "inferenceProfileId": "us.amazon.nova-2-lite-v1:0",
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }
    answers.add_response(
        "list_inference_profiles", {"inferenceProfileSummaries": [profile]}, {"typeEquals": "SYSTEM_DEFINED"}
    )
    answers.add_response("list_inference_profiles", {"inferenceProfileSummaries": []}, {"typeEquals": "APPLICATION"})
    found = models.profiles(client, "us-east-1")
    assert found == (Profile("us-east-1", "us.amazon.nova-2-lite-v1:0", arn, tuple(routes)),)


def test_quotas_are_read_by_the_names_they_have(stub: Stub):
    client, answers = stub("service-quotas")
    listed = [{"QuotaName": "On-demand InvokeModel tokens per minute for Amazon Nova Pro", "Value": 1e6}]
    answers.add_response("list_service_quotas", {"Quotas": listed}, {"ServiceCode": "bedrock"})
    assert models.quotas(client) == {"On-demand InvokeModel tokens per minute for Amazon Nova Pro": 1e6}


def test_the_accounts_concurrency_is_read(stub: Stub):
    client, answers = stub("lambda")
    answers.add_response("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}})
    assert models.concurrency(client) == 10


def test_a_form_that_was_never_sent_is_not_there(stub: Stub):
    client, answers = stub("bedrock")
    answers.add_client_error("get_use_case_for_model_access", "ResourceNotFoundException")
    answers.add_response("get_use_case_for_model_access", {"formData": b"0123456789"})
    assert [models.form_sent(client), models.form_sent(client)] == [False, True]
