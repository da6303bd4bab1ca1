"""Answers that mean "not yet", "not you", or a content filter, under codes that mean other things; quoted, or ours."""

import pytest

from chalicelib.errors import Ambiguous, Blocked, Declined, ModelError, ModelGone, RequestInvalid
from chalicelib.models.answers import classify

MODEL = "us-west-2/stability.stable-image-core-v1:1"
QUOTED = "quoted by AWS's documentation or public threads, in whole or in the telling part (2026-11-27)"
OURS = "a sentence of our own, of a kind that threads describe"


@pytest.mark.parametrize(
    ("code", "status", "words", "expected", "source"),
    [
        (
            "MPAgreementBeingCreated",
            403,
            "Your AWS Marketplace subscription for this model is still being processed. Try again after 15 minutes.",
            Declined,
            QUOTED,
        ),
        (
            "AccessDeniedException",
            403,
            "Model access is denied: MPAgreementBeingCreated, your agreement is being created",
            Declined,
            QUOTED,
        ),
        (
            "AccessDeniedException",
            403,
            "Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed "
            "this issue, try again after 2 minutes.",
            Declined,
            QUOTED,
        ),
        ("AccessDeniedException", 403, "Access is being set up. Please retry in 10 minutes.", Declined, OURS),
        ("AccessDeniedException", 403, "We are validating your payment instrument.", Declined, OURS),
        ("ValidationException", 400, "Your subscription is still being processed.", Declined, OURS),
        ("AccessDeniedException", 403, "You don't have access to the model with the specified ID.", ModelGone, QUOTED),
        ("AccessDeniedException", 403, "not authorized to perform: bedrock:InvokeModel", ModelGone, QUOTED),
        (
            "AccessDeniedException",
            403,
            "This request has been blocked by our content filters. Try again after 2 minutes.",
            Blocked,
            OURS,
        ),
        ("ValidationException", 400, "Filter reason: prompt", Blocked, OURS),
        ("AccessDeniedException", 403, "Your request was flagged by our content moderation system", Blocked, OURS),
        (
            "ResourceNotFoundException",
            404,
            "Model use case details have not been submitted for this account. Fill out the Anthropic use case details "
            "form before using the model. If you have already filled out the form, try again in 15 minutes.",
            ModelGone,
            QUOTED,
        ),
        (
            "ValidationException",
            400,
            "Access to Anthropic models is not allowed from unsupported countries, regions, or territories.",
            ModelGone,
            QUOTED,
        ),
        (
            "ValidationException",
            400,
            "data retention mode 'default' is not available for this model",
            ModelGone,
            QUOTED,
        ),
        ("ResourceNotFoundException", 404, "This model version has reached the end of its life.", ModelGone, QUOTED),
        (
            "ValidationException",
            400,
            "Malformed input request: #/prompt: expected maxLength: 10000, please reformat your input and try again.",
            RequestInvalid,
            QUOTED,
        ),
        ("ModelErrorException", 424, "An error occurred. Try again in 2 minutes.", Ambiguous, QUOTED),
        ("InternalServerException", 500, "Try again after 2 minutes.", Ambiguous, QUOTED),
    ],
)
def test_the_words_are_looked_at_before_the_code(
    code: str, status: int, words: str, expected: type[ModelError], source: str
) -> None:
    error = classify(MODEL, code, status, words)
    assert type(error) is expected, source
    assert words in error.words
