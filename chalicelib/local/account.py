"""`--bedrock`: whose account it is, reached only as Bedrock is reached, and the question before money is spent.

Whatever stands in the way is one sentence and the next thing to do, and nothing has been started then.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.deploy.explain import explain
from chalicelib.errors import CannotGoOn

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

# What of the user's own variables is about Bedrock, or about how this machine reaches the network.
BEDROCKS_OWN = (
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL_BEDROCK",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
)


@dataclass(frozen=True)
class Account:
    """The user's own: a session whose credentials are resolved already, and the variables that are Bedrock's own.

    Of all credentials of the user only these are used, and only clients of Bedrock are made with them.
    """

    session: boto3.Session
    region: str
    told: str
    variables: Mapping[str, str]

    @property
    def caller(self) -> BedrockCaller:
        return BedrockCaller(self._client, self.region)

    def bedrock(self, region: str) -> "BedrockClient":
        return self.session.client("bedrock", region_name=region)

    def _client(self, region: str, timeout: float) -> "BedrockRuntimeClient":
        return self.session.client("bedrock-runtime", region_name=region, config=paid_call_config(timeout))


def account_of(environment: Mapping[str, str]) -> Account:
    """The account that boto3 finds, its credentials resolved: afterwards nothing of it is read from the environment.

    Raises CannotGoOn.
    """
    own = {name: environment[name] for name in BEDROCKS_OWN if environment.get(name)}
    if everywhere := environment.get("AWS_ENDPOINT_URL"):  # a general endpoint is Bedrock's too
        own = {name: everywhere for name in BEDROCKS_OWN if name.startswith("AWS_ENDPOINT_URL")} | own
    if environment.get("AWS_ACCESS_KEY_ID") == "local":
        raise CannotGoOn("these are the exports of `local`, not your own account; run this in a shell without them")
    with explained():
        session = boto3.Session()
        found = session.get_credentials()
        if not session.region_name:
            raise NoRegionError()
        if found is not None:
            found.get_frozen_credentials()
        elif "AWS_BEARER_TOKEN_BEDROCK" not in own:
            raise NoCredentialsError()
    profile = f"profile {session.profile_name}" if found and found.method != "env" else "the keys in the environment"
    return Account(session, session.region_name, f"{profile}, {session.region_name}", own)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """What AWS answers inside, as a sentence and what to do. Raises CannotGoOn."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        told = explain(error)
        raise CannotGoOn(f"{told.says} Nothing was started. {told.then}") from error


def ask_to_pay(*, yes: bool, nothing: str) -> None:
    """Return once it is agreed to. Raises CannotGoOn; `nothing` says what was not done, as `nothing was started`."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CannotGoOn(f"nobody is there to be asked whether to pay that: {nothing}; --yes answers it")
    if not click.confirm("Begin?", err=True):
        raise CannotGoOn(nothing)  # not that nothing was paid: the models were asked whether they answer
