"""Bedrock over botocore and real HTTP: sent once whatever happens, and every failure told apart."""

import base64
import json
import os
import socket
import tracemalloc
from functools import partial

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.errors import Ambiguous, Blocked, Declined, ModelGone, RequestInvalid, Unusable
from chalicelib.models.answers import parsed
from chalicelib.models.catalogue import Catalogue
from tests.aws.serving import CANVAS, answering, break_off, caller, failing, hang, hang_up, serving, stall
from tests.fakes.sessions import core_session

NAME = f"us-east-1/{CANVAS}"
QUESTION = {"messages": [{"role": "user", "content": [{"text": "?"}]}], "inferenceConfig": {"maxTokens": 5}}


def listed(operation: str) -> dict[str, int]:
    shapes = core_session().get_service_model("bedrock-runtime").operation_model(operation).error_shapes
    return {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in shapes}


MEANINGS = {
    **dict.fromkeys(["AccessDeniedException", "ResourceNotFoundException"], ModelGone),
    **dict.fromkeys(["InternalServerException", "ModelTimeoutException", "ModelErrorException"], Ambiguous),
    "ValidationException": RequestInvalid,
}


def test_a_body_goes_out_and_a_body_comes_back():
    with serving(answering(200, b'{"images": []}')) as server:
        assert caller(server.url).invoke("us-east-1", CANVAS, b'{"a": 1}', 5) == b'{"images": []}'
    assert server.asked == [("/model/amazon.nova-canvas-v1%3A0/invoke", b'{"a": 1}')]


def test_a_question_goes_out_and_its_reply_comes_back():
    reply = {
        "output": {"message": {"role": "assistant", "content": [{"text": "{}"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3},
        "metrics": {"latencyMs": 1},
    }
    with serving(answering(200, json.dumps(reply).encode())) as server:
        answer = caller(server.url).converse("eu-west-1", "eu.amazon.nova-pro-v1:0", QUESTION, 5)
    assert answer["output"] == reply["output"]
    assert answer["usage"]["outputTokens"] == 2
    assert server.asked[0][0] == "/model/eu.amazon.nova-pro-v1%3A0/converse"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [(code, status, MEANINGS.get(code, Declined)) for code, status in listed("InvokeModel").items()],
)
def test_every_error_of_invoke_model_is_sent_once_and_told_apart(code, status, expected):
    with serving(failing(code, status)) as server, pytest.raises(expected) as raised:
        caller(server.url).invoke("us-east-1", CANVAS, b"{}", 5)
    assert type(raised.value) is expected
    assert (raised.value.model, raised.value.words) == (NAME, f"{code}: Some words.")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [(code, status, MEANINGS.get(code, Declined)) for code, status in listed("Converse").items()],
)
def test_every_error_of_converse_is_sent_once_and_told_apart(code, status, expected):
    with serving(failing(code, status)) as server, pytest.raises(expected) as raised:
        caller(server.url).converse("us-east-1", CANVAS, QUESTION, 5)
    assert type(raised.value) is expected
    assert len(server.asked) == 1


def test_a_filtered_prompt_is_an_outcome_of_its_own():
    words = "This request has been blocked by our content filters."
    with serving(failing("ValidationException", 400, words)) as server, pytest.raises(Blocked) as raised:
        caller(server.url).invoke("us-east-1", CANVAS, b"{}", 5)
    assert raised.value.what == "prompt"


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        (answering(500, b"oops"), Ambiguous),
        (answering(502, b"<html>bad gateway</html>"), Ambiguous),
        (answering(503, b""), Declined),
        (answering(429, b""), Declined),
        (hang_up, Ambiguous),
        (hang, Ambiguous),
        (break_off, Ambiguous),
        (stall, Ambiguous),
    ],
)
def test_a_lost_or_wordless_answer_is_never_asked_for_again(handle, expected):
    with serving(handle) as server, pytest.raises(expected) as raised:
        caller(server.url).invoke("us-east-1", CANVAS, b"{}", 0.5)
    assert type(raised.value) is expected
    assert raised.value.model == NAME
    assert len(server.asked) == 1


@pytest.mark.parametrize("handle", [hang_up, hang, stall, answering(500, b"")])
def test_a_vision_models_lost_answer_is_never_asked_for_again_either(handle):
    with serving(handle) as server, pytest.raises(Ambiguous):
        caller(server.url).converse("us-east-1", CANVAS, QUESTION, 0.5)
    assert len(server.asked) == 1


def test_a_vision_reply_that_is_no_json_is_left_to_the_reader():
    with serving(answering(200, b"no JSON")) as server:
        reply = caller(server.url).converse("us-east-1", CANVAS, QUESTION, 5)
    with pytest.raises(Unusable):
        Catalogue.standard().vision("amazon.nova-pro-v1:0").read(NAME, reply)


def test_a_connection_that_could_not_be_opened_was_not_charged():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Declined, match="Could not connect"):
            caller(nobody).invoke("us-east-1", CANVAS, b"{}", 5)


class Broken:
    """A client whose calls end in one of botocore's own errors."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def invoke_model(self, **_: object) -> None:
        raise self.error

    converse = invoke_model


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectTimeoutError(endpoint_url="https://x"), Declined),
        (EndpointConnectionError(endpoint_url="https://x"), Declined),
        (ProxyConnectionError(proxy_url="https://x"), Declined),
        (ReadTimeoutError(endpoint_url="https://x"), Ambiguous),
        (ConnectionClosedError(endpoint_url="https://x"), Ambiguous),
        (ResponseStreamingError(error="reset"), Ambiguous),
        (SSLError(endpoint_url="https://x", error="bad record"), Ambiguous),
        (HTTPClientError(error="anything"), Ambiguous),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), Ambiguous),
        (ResponseParserError("no JSON"), Ambiguous),
        (ParamValidationError(report="a key too many"), RequestInvalid),
        (NoRegionError(), NoRegionError),
        (CredentialRetrievalError(provider="x", error_msg="y"), Declined),
        (MetadataRetrievalError(error_msg="x"), Declined),
        (UnauthorizedSSOTokenError(), Declined),
        (SSOTokenLoadError(error_msg="x"), Declined),
        (TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"), Declined),
    ],
)
def test_each_of_botocores_own_errors_is_told_apart(error, expected):
    bedrock = BedrockCaller(lambda region, timeout: Broken(error), "us-east-1")
    for call in (partial(bedrock.invoke, body=b"{}"), partial(bedrock.converse, request=QUESTION)):
        with pytest.raises(expected) as raised:
            call("us-east-1", CANVAS, timeout=5)
        assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("code", "status"),
    [("UnrecognizedClientException", 403), ("InvalidSignatureException", 403), ("IncompleteSignature", 400)],
)
def test_wrong_credentials_of_our_own_are_no_models_fault(code, status):
    with serving(failing(code, status)) as server, pytest.raises(ClientError, match=code):
        caller(server.url).invoke("us-east-1", CANVAS, b"{}", 5)
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidClientTokenId"])
def test_a_region_that_knows_not_our_good_credentials_is_not_enabled_and_its_model_out_of_reach(code):
    with serving(failing(code, 403)) as server:
        with pytest.raises(ModelGone, match=r"ap-east-1.*is the region enabled"):
            caller(server.url).invoke("ap-east-1", CANVAS, b"{}", 5)
        with pytest.raises(ClientError, match=code):
            caller(server.url).invoke("us-east-1", CANVAS, b"{}", 5)


def test_credentials_that_ran_out_are_a_matter_of_time():
    with serving(failing("ExpiredTokenException", 403)) as server, pytest.raises(Declined):
        caller(server.url).converse("us-east-1", CANVAS, QUESTION, 5)
    assert len(server.asked) == 1


def test_without_credentials_nothing_is_sent_and_the_error_says_so():
    with serving(answering(200, b"{}")) as server, pytest.raises(NoCredentialsError):
        caller(server.url, with_credentials=False).invoke("us-east-1", CANVAS, b"{}", 5)
    assert server.asked == []


def test_a_request_that_botocore_refuses_never_leaves():
    with serving(answering(200, b"{}")) as server, pytest.raises(RequestInvalid, match="Parameter validation"):
        caller(server.url).converse("us-east-1", CANVAS, {**QUESTION, "nonsense": 1}, 5)
    assert server.asked == []


def test_a_paid_call_waits_for_its_own_time_and_is_sent_once():
    config = paid_call_config(300)
    assert (config.read_timeout, config.connect_timeout) == (300, 5)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}


def test_from_the_wire_to_the_image_at_most_three_times_the_reply_is_held():
    image = base64.b64encode(b"\x89PNG\r\n\x1a\n" + os.urandom(3_000_000)).decode()
    reply = json.dumps({"images": [image], "error": None}).encode()
    del image
    size = len(reply)
    with serving(answering(200, reply)) as server:
        bedrock = caller(server.url)
        warm = bedrock.invoke("us-east-1", CANVAS, b"{}", 5)
        del warm
        tracemalloc.start()
        try:
            body = parsed(NAME, bedrock.invoke("us-east-1", CANVAS, b"{}", 5))
            pictures = Catalogue.standard().image(CANVAS).read(NAME, body)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert len(pictures.images[0]) == 3_000_008
    assert peak <= 3 * size
