"""What an error of bedrock-runtime means for a job: one table, in one place.

Every error that botocore's service model lists for InvokeModel and Converse has a row; a test fails when botocore adds
one. What no row knows goes by its HTTP status. Models never name themselves in their errors, so `model` is put in here.
Pure: knows no botocore.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from chalicelib.errors import Ambiguous, Blocked, Declined, ModelError, ModelGone, RequestInvalid
from chalicelib.text.characters import cleaned

_FILTER = ("content filter", "content moderation", "blocked by", "acceptable use", "filter reason", "filtered")
# A model that is not ready for this account yet: a subscription being made, a payment instrument being looked at. It
# clears within minutes (each wording's source: tests/models/test_pending.py).
_NOT_YET = (
    "mpagreementbeingcreated",
    "still being processed",
    "being processed",
    "cannot be completed at this time",
    "payment instrument is being",
    "validating your payment",
)
# A model that will not answer this account before somebody changes something, however soon its words say to try again
# (public threads, 2026-11): a form that nobody sent, a country, a setting of the account.
_NOT_FOR_US = (
    "use case details have not been submitted",
    "not allowed from unsupported countries",
    "data retention mode",
)
_TRY_AGAIN = re.compile(r"\b(?:re)?try\b[^.]{0,40}\b(?:after|in)\s+(?:about\s+)?(?:\d+|a few)\s+(?:second|minute)")
# AWS words for a model that is not there for us, as reported in public issue threads (2026-11). "isn’t supported" comes
# with a typographic apostrophe; "Operation not allowed" is what an account gets that may not use a model at all.
_GONE = (
    "model identifier is invalid",
    "on-demand throughput isn",
    "inference profile",
    "end of its life",
    "marked by provider as legacy",
    "not supported in this region",
    "isn't supported in this region",
    "isn’t supported in this region",
    "operation not allowed",
    "access to the model",
)


def _validation(model: str, words: str) -> ModelError:
    lower = words.lower()
    if any(sign in lower for sign in _GONE):
        return ModelGone(model, words)
    return RequestInvalid(model, words)


BY_CODE: dict[str, Callable[[str, str], ModelError]] = {
    "ValidationException": _validation,
    "AccessDeniedException": ModelGone,
    "ResourceNotFoundException": ModelGone,
    "ServiceQuotaExceededException": Declined,
    "ThrottlingException": Declined,
    "ModelNotReadyException": Declined,
    "ServiceUnavailableException": Declined,
    "InternalServerException": Ambiguous,
    "ModelTimeoutException": Ambiguous,
    "ModelErrorException": Ambiguous,
    # Our credentials ran out while we held them: nothing was done, and the next invocation has fresh ones.
    "ExpiredTokenException": Declined,
    "ExpiredToken": Declined,
    "RequestExpired": Declined,
}

# Our own credentials or clock are wrong: no model of the chain would answer otherwise, so these are no ModelError.
OUR_CREDENTIALS = frozenset(
    {
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
    }
)


# Their words repeat what was asked, or say when to come again: the code alone tells what they mean.
_NEVER_WORDS = frozenset({"ModelErrorException", "ModelTimeoutException"})


def _by_words(model: str, words: str) -> ModelError | None:
    """What the words say whatever the code: a filter, then "not you", then "not yet"; None where they say neither."""
    lower = words.lower()
    if any(sign in lower for sign in _FILTER):
        return Blocked(model, words, "prompt")
    if any(sign in lower for sign in _NOT_FOR_US):
        return ModelGone(model, words)
    if any(sign in lower for sign in _NOT_YET) or _TRY_AGAIN.search(lower):
        return Declined(model, words)
    return None


def classify(model: str, code: str, status: int, message: str) -> ModelError:
    """The error of a job for an error of the service; `model` is `region/id`, `status` the HTTP status.

    The words are looked at before the code: "not yet" comes under AccessDenied too, as older content filters did.
    429 and 503 were refused before any work; other failures of the service may have been charged. The words go into
    records and messages: half a character (a text cut inside a pair) would make them unwritable.
    """
    text = cleaned(message)
    words = f"{code}: {text}" if text else code
    if status < 500 and code not in _NEVER_WORDS and (by_words := _by_words(model, words)):
        return by_words
    if code in BY_CODE:
        return BY_CODE[code](model, words)
    if status in (429, 503):
        return Declined(model, words)
    if status in (408, 424) or status >= 500:
        return Ambiguous(model, words)
    if status in (401, 403, 404):
        return ModelGone(model, words)
    return RequestInvalid(model, words)


def parsed(model: str, body: bytes) -> dict[str, Any]:
    """The JSON object of an InvokeModel reply. Raises Ambiguous: it was charged, and nobody can read it.

    An image reply is large: `body` is let go of as soon as it is text, if the caller kept no name for it.
    """
    try:
        text = body.decode("utf-8")
        del body
        reply = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Ambiguous(model, f"a reply that is no JSON: {error}") from None
    if not isinstance(reply, dict):
        raise Ambiguous(model, f"a reply of type {type(reply).__name__} where a JSON object belongs")
    return reply


# What Converse says of a picture that it cannot decode (public threads, 2026-11).
_UNREADABLE_PICTURE = re.compile(
    r"(could not|unable to|cannot|failed to) (process|decode|read) (the |this )?(input )?image", re.IGNORECASE
)


def speaks_of_the_picture(words: str) -> bool:
    """Whether a refusal is about the picture that was sent along, and not about the question."""
    return _UNREADABLE_PICTURE.search(words) is not None
