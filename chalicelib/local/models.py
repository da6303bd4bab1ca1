"""Who draws and judges while everything else is on this machine: the stand-in, or Bedrock in the user's own account."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import boto3

from chalicelib import handlers
from chalicelib.attempt.services import Services
from chalicelib.job.result import MADE_BY
from chalicelib.local.account import Account
from chalicelib.local.bedrock.server import StandIn
from chalicelib.local.bedrock.things import unfamiliar
from chalicelib.local.functions import Function, Rules
from chalicelib.settings import Settings
from chalicelib.wiring import deadline, services

MOST_CARDS = 6


class Models:
    """`name` stands before all that is told; `region` is the stage's, `session` and `variables` are an account's."""

    name: str
    opening: str
    rules: Rules
    region: str
    session: boto3.Session | None = None
    variables: Mapping[str, str]

    def limits_told(self, prompts: Sequence[str]) -> str:
        """What these models cannot do for these prompts, in a line; empty where nothing is to be said."""
        return ""

    def running(self) -> contextlib.AbstractContextManager[Mapping[str, str]]:
        """While they can be asked: the variables by which they are reached."""
        return contextlib.nullcontext(self.variables)

    def functions(self, declared: tuple[Function, ...], settings: Settings) -> tuple[Function, ...]:
        """Their handlers as app.py has them, but for who asks Bedrock, and what every result says of that."""
        made = replace(services(settings, self.session), remarks=(f"{MADE_BY}{self.name}",))
        return tuple(replace(function, handler=_handler(function, made)) for function in declared)


class StandInModels(Models):
    """A script on this machine."""

    name = "stand-in"
    opening = "Stand-in: a script draws and judges the pictures here. No model is asked, nothing is paid."
    rules = Rules(function_timeout=60, asynchronous_waits=(1, 2), failure_wait=2, concurrency=4)
    region = "us-east-1"

    def limits_told(self, prompts: Sequence[str]) -> str:
        cards = list(dict.fromkeys(words for prompt in prompts for words in unfamiliar(prompt)))
        more = f" and {len(cards) - MOST_CARDS} more" if len(cards) > MOST_CARDS else ""
        shown = ", ".join(cards[:MOST_CARDS])
        return f"Drawn as cards with their words on them, not as scenery: {shown}{more}." if cards else ""

    @contextlib.contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        with StandIn() as stand_in:
            yield {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": stand_in.url, "AWS_ENDPOINT_URL_BEDROCK": stand_in.url}


class RealModels(Models):
    """Bedrock in an account."""

    name = "real models"
    rules = Rules(function_timeout=300, asynchronous_waits=(5, 15), failure_wait=10, concurrency=4)

    def __init__(self, account: Account) -> None:
        self.session, self.region, self.variables = account.session, account.region, account.variables
        self.opening = f"Real models: Bedrock with {account.told}. All else is on this machine."


def _handler(function: Function, made: Services) -> Any:
    act = getattr(handlers, function.name.rpartition("-")[2])
    return lambda event, context: act(made, event, deadline(context))
