"""Clients that answer only what their stubber was given, against the real service models; all that must be asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.stub import Stubber

ACCOUNT = "123456789012"
Stub = Callable[[str], tuple[Any, Stubber]]


@contextmanager
def stubbed() -> Iterator[Stub]:
    """Makes a client and its stubber for each service asked for."""
    stubbers: list[Stubber] = []

    def make(service: str) -> tuple[Any, Stubber]:
        client = boto3.client(service, "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
        stubber = Stubber(client)
        stubber.activate()
        stubbers.append(stubber)
        return client, stubber

    yield make
    for stubber in stubbers:
        stubber.assert_no_pending_responses()


def never(seconds: float) -> None:
    """A sleep that must not be asked for."""
    raise AssertionError("nothing to wait for")
