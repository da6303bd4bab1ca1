"""Objects that arrive whole, or count as none: what is cut short on its way, and what is read within a bound."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import ProtocolError

from chalicelib.aws.store import S3Store
from chalicelib.errors import Unavailable
from chalicelib.ports import Place
from tests.aws.test_store import PLACE, store
from tests.fakes.aws import InMemoryAws
from tests.fakes.wire import Wire


def test_no_more_is_read_than_asked_for():
    s3, _, _ = store()
    s3.create(PLACE, b"0123456789", "text/plain")
    stored = s3.read(PLACE, most=4)
    assert stored is not None
    assert stored.body == b"0123"


class Broken:
    """A client none of whose calls comes to an answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def put_object(self, **_: object) -> None:
        raise self.error

    get_object = put_object


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://x"),
        ConnectTimeoutError(endpoint_url="https://x"),
        ProxyConnectionError(proxy_url="https://x"),
        SSLError(endpoint_url="https://x", error="bad record"),
        ConnectionClosedError(endpoint_url="https://x"),
        ReadTimeoutError(endpoint_url="https://x"),
        ResponseStreamingError(error="reset"),
        ResponseParserError("no XML"),
        ProtocolError("a chunk that makes no sense"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("call", ["create", "replace", "read"])
def test_a_connection_that_cannot_be_made_or_breaks_may_be_there_the_next_time(call: str, error: Exception):
    s3: Any = S3Store(Broken(error))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        s3.read(PLACE) if call == "read" else getattr(s3, call)(PLACE, b"", "text/plain", *([""] * (call == "replace")))


class CutShort(Wire):
    """The connection ends before the body does."""

    def __init__(self, aws: InMemoryAws, kept: int) -> None:
        super().__init__(aws)
        self.kept = kept

    def __call__(self, request: AWSPreparedRequest, **more: object) -> AWSResponse:
        response = super().__call__(request, **more)
        if request.method == "GET":
            response.raw.truncate(self.kept)
        return response


@pytest.mark.parametrize("most", [None, 4, 10, 11, 65_537])
@pytest.mark.parametrize("kept", [0, 3])
def test_an_object_that_was_cut_short_on_its_way_is_none(most: int | None, kept: int):
    _, _, aws = store()
    s3 = S3Store(CutShort(aws, kept).client("s3"))
    s3.create(PLACE, b"0123456789", "text/plain")
    with pytest.raises(Unavailable):
        s3.read(PLACE, most=most)


@pytest.mark.parametrize("most", [None, 10, 11])
def test_an_object_within_the_bound_is_read_whole_and_an_empty_one_too(most: int | None):
    s3, _, _ = store()
    s3.create(PLACE, b"0123456789", "text/plain")
    s3.create(Place("outbox", "empty"), b"", "text/plain")
    bodies = [stored.body for key in (PLACE.key, "empty") if (stored := s3.read(Place("outbox", key), most=most))]
    assert bodies == [b"0123456789", b""]
