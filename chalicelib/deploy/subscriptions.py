"""`up` subscribes the account to the models of the stage that other companies sell: price first, then the question."""

from collections.abc import Callable, Iterable

from chalicelib.deploy.cloud import agreements
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.console import Console
from chalicelib.deploy.found import ModelFound, Offer
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.next_step import CATALOGUE
from chalicelib.models.types import ModelReference

PRICES_SHOWN = 8
QUESTION = "Subscribe this account to {}? Only its use is charged."


def wanting(seen: Iterable[ModelFound]) -> list[ModelFound]:
    """Those that could be used and are not subscribed to."""
    return [model for model in seen if model.status and model.access is None and not model.subscribed]


def subscribe(
    clients: Clients, seen: Iterable[ModelFound], console: Console, sleep: Callable[[float], None], again: str
) -> None:
    """Ask for each, and wait until it is there; `again` is the command that asks again. Nothing here stops `up`."""
    for model in wanting(seen):
        reference, lookups = model.reference, Lookups()
        client = clients.bedrock(reference.region)
        if not model.pending:
            found = lookups.of("offer", None, agreements.offer, client, reference)
            if found is None:
                reasons = [reason.says for reason in lookups.unseen.values()] or ["Bedrock lists no offer for it."]
                console.say(f"{reference} cannot be subscribed to from here: {reasons[0]}")
                console.say(f"    Choose it once at {CATALOGUE.format(region=reference.region)}")
                continue
            if not _agreed(found, console, again):
                continue
            lookups.of("agreement", None, agreements.agree, client, found)
        if not lookups.unseen:
            console.say(f"Waiting until {reference} is subscribed to, 15 minutes at most …")
            state = lookups.of("state", "unknown", agreements.wait, client, reference, sleep)
            console.say(_outcome(reference, state))
        for reason in lookups.unseen.values():
            console.say(f"{reference} is not subscribed to: {reason.in_a_line}")


def _agreed(found: Offer, console: Console, again: str) -> bool:
    console.say(f"{found.model} is sold by another company on AWS Marketplace:")
    for price in found.prices[:PRICES_SHOWN]:
        console.say(f"    {price}")
    if len(found.prices) > PRICES_SHOWN:
        console.say(f"    and {len(found.prices) - PRICES_SHOWN} prices more")
    if not found.prices:
        console.say("    the offer names no price: see https://aws.amazon.com/bedrock/pricing/")
    if found.terms:
        console.say(f"    terms: {found.terms}")
    answer = console.agrees(QUESTION.format(found.model))
    if answer is None:
        console.say(f"    Not subscribed: there is no terminal to ask at. `{again} --yes` agrees to it.")
    elif not answer:
        console.say(f"    Not subscribed. `{again}` asks again.")
    return bool(answer)


def _outcome(model: ModelReference, state: str) -> str:
    if state == "AVAILABLE":
        return f"{model} is subscribed to."
    if state in ("PENDING", "NOT_AVAILABLE"):
        return f"The subscription to {model} is still being made; jobs wait for it."
    return f"The subscription to {model} failed: {state}"
