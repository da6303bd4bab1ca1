"""Bedrock's two operations over botocore, with its errors told apart as the pipeline needs them.

There is no client token: every send may be charged, so a call is sent once. `paid_call_config` switches botocore's own
retries off, and a client made with it must be handed in. Must not decide what follows an error.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from chalicelib.aws.large_images import LargeImages
from chalicelib.errors import Ambiguous, Declined, ModelGone, RequestInvalid
from chalicelib.models.answers import OUR_CREDENTIALS, classify
from chalicelib.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

# No connection, so nothing was sent; botocore gives each its own class (botocore 1.44, httpsession.py).
_NO_CONNECTION = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
# Credentials that ran out and could not be renewed: nothing was signed. It goes by once somebody signs in again.
_NOT_RENEWED = (CredentialRetrievalError, MetadataRetrievalError, SSOError, TokenRetrievalError)
_NEVER_SENT = (*_NO_CONNECTION, *_NOT_RENEWED)
# Sent, and no whole answer came back.
# urllib3's own come through while a body is read: TLS that breaks, chunks or an encoding that make no sense.
_PERHAPS_DONE = (HTTPClientError, IncompleteReadError, ResponseParserError, SSLError, HTTPError)
# What a region that the account has not enabled answers to good credentials (public threads, 2026-11).
_NOT_ENABLED = frozenset({"UnrecognizedClientException", "InvalidClientTokenId"})
_FAILURES = (ClientError, BotoCoreError, ResponseParserError, HTTPError)


CONNECT_SECONDS = 5


def paid_call_config(read_timeout: float) -> Config:
    """A client's configuration for calls that are paid for: one send, and `read_timeout` seconds for the answer."""
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": 1},
    )


class BedrockCaller:
    """Implements ports.ModelCaller; `client_for(region, timeout)` gives a client made with `paid_call_config`.

    `home` is the region in which our credentials are known to be good: the functions' own.
    """

    def __init__(self, client_for: "Callable[[str, float], BedrockRuntimeClient]", home: str) -> None:
        self._client_for = client_for
        self._home = home
        self._images = LargeImages()

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> bytes:
        """InvokeModel. Raises ModelError's children; wrong credentials of our own as botocore's own error."""
        client = self._client_for(region, timeout)
        try:
            reply = client.invoke_model(
                modelId=model_id, body=body, contentType="application/json", accept="application/json"
            )
            return reply["body"].read()
        except _FAILURES as error:
            self._translate(region, model_id, error)

    def converse(self, region: str, model_id: str, request: Json, timeout: float) -> Json:
        """Converse. Raises as `invoke`."""
        client = self._client_for(region, timeout)
        try:
            with self._images.marked(client, request) as parameters:
                reply: Json = client.converse(modelId=model_id, **parameters)
        except _FAILURES as error:
            self._translate(region, model_id, error)
        return reply

    def _translate(self, region: str, model_id: str, error: Exception) -> NoReturn:
        """Raises what the error means for the job; what concerns no model (no credentials at all) as it is."""
        model = f"{region}/{model_id}"
        if isinstance(error, ClientError):
            described = error.response.get("Error", {})
            code, message = described.get("Code", ""), described.get("Message", "")
            if code in _NOT_ENABLED and region != self._home:
                raise ModelGone(model, f"{code}: {message} (is the region enabled for this account?)") from error
            if code in OUR_CREDENTIALS:
                raise error
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise classify(model, code, status, message) from error
        if isinstance(error, _NEVER_SENT):
            raise Declined(model, str(error)) from error
        if isinstance(error, _PERHAPS_DONE):
            raise Ambiguous(model, str(error)) from error
        if isinstance(error, ParamValidationError):
            raise RequestInvalid(model, str(error)) from error
        raise error
