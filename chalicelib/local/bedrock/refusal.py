"""How Bedrock says no: error names, HTTP status codes and wording.

Status codes are those of botocore's service model of bedrock-runtime (1.44, 2026-11); wording as reported in public
issue threads and AWS documentation (2026-11).
"""

STATUS = {
    "ValidationException": 400,
    "ServiceQuotaExceededException": 400,
    "AccessDeniedException": 403,
    "ResourceNotFoundException": 404,
    "ModelTimeoutException": 408,
    "ModelErrorException": 424,
    "ThrottlingException": 429,
    "ModelNotReadyException": 429,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
    "UnknownOperationException": 404,
}

END_OF_LIFE = (
    "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
)
LEGACY = (
    "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the "
    "last 30 days. Please upgrade to an active model on Amazon Bedrock."
)
INVALID_IDENTIFIER = "The provided model identifier is invalid."
NO_ACCESS = "You don't have access to the model with the specified model ID."
NOT_FOR_CONVERSE = (
    "This action doesn't support the model that you provided. Try again with a supported text or chat model."
)
PROMPT_BLOCKED = (
    "This request has been blocked by our content filters. Our filters automatically flagged this prompt because it "
    "may conflict our AUP or AWS Responsible AI Policy. Please adjust your text prompt to submit a new request."
)


class Refusal(Exception):
    """A call refused with one of the names of `STATUS`."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.status = STATUS[name]


def invalid(message: str) -> Refusal:
    """The request can never succeed as it is."""
    return Refusal("ValidationException", message)


def by_model(words: str) -> Refusal:
    """The model's own refusal, as Bedrock passes it on."""
    return invalid(f"The model returned the following errors: {words}")


def malformed(what: str) -> Refusal:
    """The body breaks the model's schema; `what` begins with a JSON pointer such as `#/textToImageParams/text`."""
    return invalid(f"Malformed input request: {what}, please reformat your input and try again.")
