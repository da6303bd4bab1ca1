"""Errors of bedrock-runtime: each one that botocore lists has its meaning, and a new one fails here."""

import pytest

from chalicelib.errors import Ambiguous, Blocked, Declined, ModelGone, RequestInvalid
from chalicelib.models.answers import BY_CODE, OUR_CREDENTIALS, classify
from tests.fakes.sessions import core_session

MODEL = "us-east-1/amazon.nova-canvas-v1:0"


def listed(operation: str) -> dict[str, int]:
    """Error name → HTTP status, as botocore's service model has it."""
    shapes = core_session().get_service_model("bedrock-runtime").operation_model(operation).error_shapes
    return {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in shapes}


ERRORS = {**listed("InvokeModel"), **listed("Converse")}

# What each error means for the job; whoever meets a new name in botocore decides here first.
MEANINGS = {
    "AccessDeniedException": ModelGone,
    "ResourceNotFoundException": ModelGone,
    "ServiceQuotaExceededException": Declined,
    "ThrottlingException": Declined,
    "ModelNotReadyException": Declined,
    "ServiceUnavailableException": Declined,
    "InternalServerException": Ambiguous,
    "ModelTimeoutException": Ambiguous,
    "ModelErrorException": Ambiguous,
    "ValidationException": RequestInvalid,
}


def test_every_error_that_botocore_lists_for_our_operations_has_a_meaning():
    assert set(ERRORS) == set(MEANINGS)
    assert set(MEANINGS) <= set(BY_CODE)


@pytest.mark.parametrize("code", ERRORS)
def test_each_error_means_what_the_table_says_and_keeps_the_models_words(code):
    error = classify(MODEL, code, ERRORS[code], "Some words.")
    assert type(error) is MEANINGS[code]
    assert str(error) == f"{MODEL} answered: {code}: Some words."


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("This request has been blocked by our content filters. Our filters flagged this prompt.", Blocked),
        ("The provided model identifier is invalid.", ModelGone),
        ("Invocation of model ID amazon.nova-2-lite-v1:0 with on-demand throughput isn’t supported.", ModelGone),
        ("Invocation of model ID x with on-demand throughput isn't supported. Retry with a profile.", ModelGone),
        ("This model version has reached the end of its life.", ModelGone),
        ("The model isn't supported in this Region.", ModelGone),
        ("Operation not allowed", ModelGone),
        ("Malformed input request: #/textToImageParams/text: expected maxLength: 1024, actual: 1100", RequestInvalid),
        ("The model returned the following errors: `temperature` is deprecated for this model.", RequestInvalid),
        ("", RequestInvalid),
    ],
)
def test_a_validation_error_is_told_apart_by_its_words(message, expected):
    error = classify(MODEL, "ValidationException", 400, message)
    assert type(error) is expected
    if isinstance(error, Blocked):
        assert error.what == "prompt"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("TooManyRequestsException", 429, Declined),
        ("SlowDown", 503, Declined),
        ("BadGateway", 502, Ambiguous),
        ("GatewayTimeout", 504, Ambiguous),
        ("SomethingNew", 500, Ambiguous),
        ("RequestTimeout", 408, Ambiguous),
        ("FailedDependency", 424, Ambiguous),
        ("Forbidden", 403, ModelGone),
        ("UnknownOperationException", 404, ModelGone),
        ("ConflictException", 409, RequestInvalid),
        ("413", 413, RequestInvalid),
        ("", 0, RequestInvalid),
        ("ExpiredTokenException", 403, Declined),
        ("ExpiredToken", 400, Declined),
        ("RequestExpired", 400, Declined),
    ],
)
def test_an_error_that_nobody_lists_goes_by_its_status(code, status, expected):
    assert type(classify(MODEL, code, status, "words")) is expected


@pytest.mark.parametrize(
    ("code", "status"), [("ValidationException", 400), ("AccessDeniedException", 403), ("New", 500)]
)
def test_the_models_words_can_be_written_down_whatever_they_hold(code, status):
    error = classify(MODEL, code, status, "Malformed input: \ud83d\x00 cut off \ud83d")
    assert error.words == f"{code}: Malformed input:    cut off"
    assert str(error).encode()


def test_no_error_is_both_the_models_and_our_credentials():
    assert not OUR_CREDENTIALS & set(BY_CODE)
