"""Who draws and judges while everything else is on this machine: the stand-in, or Bedrock in the user's own account.

The only credentials of the user that are used are those of `Account`, and only clients of Bedrock are made with them.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib import handlers
from chalicelib.attempt.services import Services
from chalicelib.local.bedrock.server import StandIn
from chalicelib.local.bedrock.things import unfamiliar
from chalicelib.local.functions import Function, Rules
from chalicelib.settings import Settings
from chalicelib.wiring import deadline, services

if TYPE_CHECKING:
    import boto3

# What of the user's own variables is about Bedrock, or about how this machine reaches the network.
BEDROCKS_OWN = (
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL_BEDROCK",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
)


MOST_CARDS = 6


class Models(Protocol):
    """`name` stands before every line; `region` is the stage's."""

    name: str
    opening: str
    rules: Rules
    region: str

    def limits(self, prompts: Sequence[str]) -> str:
        """What these models cannot do for these prompts, in a line; empty where nothing is to be said."""
        ...

    def running(self) -> contextlib.AbstractContextManager[Mapping[str, str]]:
        """While they can be asked: the variables by which they are reached."""
        ...

    def functions(self, declared: tuple[Function, ...], settings: Settings) -> tuple[Function, ...]:
        """The declared functions with these models behind them."""
        ...


class StandInModels:
    """A script on this machine."""

    name = "stand-in"
    opening = "Stand-in: a script draws and judges the pictures here. No model is asked, nothing is paid."
    rules = Rules(function_timeout=60, asynchronous_waits=(1, 2), failure_wait=2, concurrency=4)
    region = "us-east-1"

    def limits(self, prompts: Sequence[str]) -> str:
        cards = list(dict.fromkeys(words for prompt in prompts for words in unfamiliar(prompt)))
        more = f" and {len(cards) - MOST_CARDS} more" if len(cards) > MOST_CARDS else ""
        shown = ", ".join(cards[:MOST_CARDS])
        return f"Drawn as cards with their words on them, not as scenery: {shown}{more}." if cards else ""

    @contextlib.contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        with StandIn() as stand_in:
            yield {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": stand_in.url, "AWS_ENDPOINT_URL_BEDROCK": stand_in.url}

    def functions(self, declared: tuple[Function, ...], settings: Settings) -> tuple[Function, ...]:
        return declared


@dataclass(frozen=True)
class Account:
    """The user's own: a session whose credentials are resolved already, and the variables that are Bedrock's own."""

    session: "boto3.Session"
    region: str
    signed_in_as: str
    variables: Mapping[str, str]


class RealModels:
    """Bedrock in an account."""

    def limits(self, prompts: Sequence[str]) -> str:
        return ""

    name = "real models"
    rules = Rules(function_timeout=300, asynchronous_waits=(5, 15), failure_wait=10, concurrency=4)

    def __init__(self, account: Account) -> None:
        self._account = account
        self.region = account.region
        self.opening = f"Real models: Bedrock with {account.signed_in_as}. All else is on this machine."

    @contextlib.contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        yield self._account.variables

    def functions(self, declared: tuple[Function, ...], settings: Settings) -> tuple[Function, ...]:
        """Their handlers as app.py has them, but for the session that asks Bedrock."""
        made = services(settings, self._account.session)
        return tuple(replace(function, handler=_handler(function, made)) for function in declared)


def bedrocks_own(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that reach Bedrock as boto3 would by itself; a general endpoint counts for Bedrock too."""
    kept = {name: environment[name] for name in BEDROCKS_OWN if environment.get(name)}
    if everywhere := environment.get("AWS_ENDPOINT_URL"):
        kept = {name: everywhere for name in BEDROCKS_OWN if name.startswith("AWS_ENDPOINT_URL")} | kept
    return kept


def _handler(function: Function, made: Services) -> Any:
    act = getattr(handlers, function.name.rpartition("-")[2])
    return lambda event, context: act(made, event, deadline(context))
