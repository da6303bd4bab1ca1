"""What went wrong at AWS or in Chalice, as one plain sentence and the next thing to do. Pure."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.next_step import by_organization

AGAIN = "then run this again"
RESUMES = ": it takes up where this left off"  # of `up` and `down`
NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
SIGNED_OUT = (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)
STALE = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}


# What botocore raises before or instead of an answer, the special before the general: what is said, and the next step.
BY_KIND: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (NO_CREDENTIALS, "There are no AWS credentials.", "Run `aws configure` or `aws sso login`"),
    (SIGNED_OUT, "The AWS sign-in has ended.", "Run `aws sso login`"),
    (NoRegionError, "No AWS region is set.", "Run `export AWS_DEFAULT_REGION=us-east-1`"),
    (InvalidRegionError, "{error}.", "Run `export AWS_DEFAULT_REGION=us-east-1`, or another that is one"),
    (ProfileNotFound, "{error}.", "Correct AWS_PROFILE (`aws configure list-profiles` shows them)"),
    (EndpointConnectionError, "AWS cannot be reached: {error}", "Check the network and the region"),
    (BotoCoreError, "AWS could not be asked: {error}", "Remove the cause"),
)


def explain(error: Exception, promise: str = "") -> CannotDeploy:
    """The sentence for an error of botocore, or of Chalice around one of botocore's.

    `promise` is what can be said of another run once the cause is removed.
    """
    cause = getattr(error, "original_error", error)  # of chalice.deploy.deployer.ChaliceDeploymentError, and its causes
    if cause is not error:
        return explain(cause, promise)
    if isinstance(error, ClientError):
        return _answered(error, promise)
    for kind, says, then in BY_KIND:
        if isinstance(error, kind):
            return CannotDeploy(says.format(error=error), f"{then}, {AGAIN}.")
    return CannotDeploy(f"Chalice stopped: {error}", f"Remove the cause, {AGAIN}{promise}.")


def _answered(error: ClientError, promise: str) -> CannotDeploy:
    code, words = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    says = f"AWS answered {error.operation_name} with {code}: {words.rstrip('.')}."
    if step := by_organization(words):
        return CannotDeploy(
            f"{error.operation_name} is refused: {words.rstrip('.')}.", f"{step[:1].upper()}{step[1:]}."
        )
    if code in REFUSED or code == "403":
        return CannotDeploy(
            f"These credentials may not do {error.operation_name}: {words.rstrip('.')}.",
            f"Have that action allowed, or use credentials that have it, {AGAIN}{promise}.",
        )
    if code in STALE:
        return CannotDeploy("The AWS credentials have expired.", f"Renew them (`aws sso login`), {AGAIN}.")
    if code in UNKNOWN:
        return CannotDeploy("AWS does not know these credentials.", f"Check them with `aws configure list`, {AGAIN}.")
    return CannotDeploy(says, f"Remove the cause, {AGAIN}{promise}.")
