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
NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
SIGNED_OUT = (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)
STALE = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}


def explain(error: Exception) -> CannotDeploy:
    """The sentence for an error of botocore, or of Chalice around one of botocore's."""
    cause = getattr(
        error, "original_error", error
    )  # chalice.deploy.deployer.ChaliceDeploymentError, and its own causes
    if cause is not error:
        return explain(cause)
    if isinstance(error, ClientError):
        return _answered(error)
    if isinstance(error, NO_CREDENTIALS):
        return CannotDeploy("There are no AWS credentials.", f"Run `aws configure` or `aws sso login`, {AGAIN}.")
    if isinstance(error, SIGNED_OUT):
        return CannotDeploy("The AWS sign-in has ended.", f"Run `aws sso login`, {AGAIN}.")
    if isinstance(error, NoRegionError):
        return CannotDeploy("No AWS region is set.", f"Run `export AWS_DEFAULT_REGION=us-east-1`, {AGAIN}.")
    if isinstance(error, InvalidRegionError):
        return CannotDeploy(f"{error}.", f"Run `export AWS_DEFAULT_REGION=us-east-1`, or another that is one, {AGAIN}.")
    if isinstance(error, ProfileNotFound):
        return CannotDeploy(f"{error}.", f"Correct AWS_PROFILE (`aws configure list-profiles` shows them), {AGAIN}.")
    if isinstance(error, EndpointConnectionError):
        return CannotDeploy(f"AWS cannot be reached: {error}", f"Check the network and the region, {AGAIN}.")
    if isinstance(error, BotoCoreError):
        return CannotDeploy(f"AWS could not be asked: {error}", f"Remove the cause, {AGAIN}.")
    return CannotDeploy(f"Chalice stopped: {error}", f"Remove the cause, {AGAIN}: it takes up where this left off.")


def _answered(error: ClientError) -> CannotDeploy:
    code, words = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    says = f"AWS answered {error.operation_name} with {code}: {words.rstrip('.')}."
    if step := by_organization(words):
        return CannotDeploy(
            f"{error.operation_name} is refused: {words.rstrip('.')}.", f"{step[:1].upper()}{step[1:]}."
        )
    if code in REFUSED or code == "403":
        return CannotDeploy(
            f"These credentials may not do {error.operation_name}: {words.rstrip('.')}.",
            f"Have that action allowed, or use credentials that have it, {AGAIN}: it takes up where this left off.",
        )
    if code in STALE:
        return CannotDeploy("The AWS credentials have expired.", f"Renew them (`aws sso login`), {AGAIN}.")
    if code in UNKNOWN:
        return CannotDeploy("AWS does not know these credentials.", f"Check them with `aws configure list`, {AGAIN}.")
    return CannotDeploy(says, f"Remove the cause, {AGAIN}: it takes up where this left off.")
