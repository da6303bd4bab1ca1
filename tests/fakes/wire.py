"""The face for real botocore clients: requests are answered before they leave, so no socket is opened.

`Wire` is a `before-send` hook (botocore's own extension point): it takes the prepared request, with everything the
serialisers and signers made of it, and gives back an HTTP response. An answer that gets lost is botocore's read
timeout.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from tests.fakes import wire_bedrock, wire_s3, wire_sqs
from tests.fakes.aws import InMemoryAws
from tests.fakes.errors import LostAnswer
from tests.fakes.http import Answer
from tests.fakes.sessions import session
from tests.fakes.world import REGION

SERVICES: dict[str, Callable[[InMemoryAws, AWSPreparedRequest], Answer]] = {
    "s3": wire_s3.answer,
    "sqs": wire_sqs.answer,
    "bedrock-runtime": wire_bedrock.answer,
}
ONE_SEND = Config(retries={"mode": "standard", "total_max_attempts": 1})


class _Body(io.BytesIO):
    """As urllib3 gives a body: botocore asks for a stream."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        while chunk := self.read(65_536):
            yield chunk


class Wire:
    """Answers for `aws`, which may be changed between requests: building clients is the slow part."""

    def __init__(self, aws: InMemoryAws) -> None:
        self.aws = aws

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        host = urlsplit(request.url).hostname or ""
        service = next(name for name in SERVICES if name in host.split("."))
        try:
            answer = SERVICES[service](self.aws, request)
        except LostAnswer:
            raise ReadTimeoutError(endpoint_url=request.url) from None
        return AWSResponse(request.url, answer.status, answer.headers, _Body(answer.body))

    def session(self) -> boto3.session.Session:
        """A session whose clients, all of them, talk to this AWS; the keys are no keys."""
        made = session()
        made.events.register("before-send", self)
        return made

    def client(self, service: str, region: str = REGION) -> Any:
        """A client that sends once; who wants retries asks the session."""
        return self.session().client(service, region_name=region, config=ONE_SEND)
