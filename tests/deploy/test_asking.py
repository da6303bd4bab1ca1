"""What costs money or cannot be undone is asked about first: at a terminal, in advance, or not at all."""

import os
import pty
from pathlib import Path
from typing import Any

import pytest

from chalicelib.deploy.cloud import agreements
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.console import Console
from chalicelib.deploy.found import ModelFound, Offer
from chalicelib.deploy.subscriptions import subscribe, wanting
from chalicelib.models.types import ModelReference
from tests.deploy import projects
from tests.deploy.stubs import Stub, never

CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
UNSUBSCRIBED = ModelFound(CORE, "ACTIVE", subscribed=False)
RATES = [{"price": "0.04", "unit": "Units", "description": f"image {number}"} for number in range(10)]


def offered(rates: list[dict[str, str]]) -> dict[str, Any]:
    terms = {"usageBasedPricingTerm": {"rateCard": rates}, "legalTerm": {"url": "https://x"}, "supportTerm": {}}
    return {"modelId": CORE.id, "offers": [{"offerToken": "token", "termDetails": terms}]}


def available(status: str, **more: str) -> dict[str, Any]:
    return {
        "modelId": CORE.id,
        "agreementAvailability": {"status": status, **more},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "NOT_AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }


def clients(bedrock: Any) -> Clients:
    nothing: Any = None
    return Clients(
        **dict.fromkeys(("cloudformation", "functions", "iam", "s3", "sns", "ask_models", "quotas"), nothing),
        bedrock=lambda region: bedrock,
        sqs_address="",
    )


@pytest.mark.parametrize(
    ("ask", "yes", "agrees"),
    [
        (lambda question: "y", False, True),
        (lambda question: " Yes ", False, True),
        (lambda question: "", False, False),
        (lambda question: "yesterday", False, False),
        (None, False, None),
        (None, True, True),
        (lambda question: "n", True, True),
    ],
)
def test_only_a_plain_yes_agrees_and_without_a_terminal_nobody_does(ask: Any, yes: bool, agrees: bool | None):
    said: list[str] = []
    assert Console(said.append, ask, yes).agrees("Remove it?") is agrees
    assert said == (["Remove it? yes (--yes)"] if yes else [])


@pytest.mark.parametrize(
    ("model", "wants"),
    [
        (UNSUBSCRIBED, True),
        (ModelFound(CORE, "ACTIVE", subscribed=False, pending=True), True),
        (ModelFound(CORE, "ACTIVE"), False),
        (ModelFound(CORE, None, subscribed=False), False),
        (ModelFound(CORE, "ACTIVE", subscribed=False, access="not for this account"), False),
    ],
)
def test_what_could_be_used_and_is_not_subscribed_to_is_offered(model: ModelFound, wants: bool):
    assert bool(wanting([model])) is wants


def told(bedrock: Any, model: ModelFound = UNSUBSCRIBED, answer: str | None = "y", sleep: Any = never) -> list[str]:
    said: list[str] = []
    ask = None if answer is None else lambda question: said.append(question) or answer
    subscribe(clients(bedrock), [model], Console(said.append, ask), sleep, "up --stage dev")
    return said


def test_price_and_terms_come_first_then_the_question_then_it_is_waited_for(stub: Stub):
    client, answers = stub("bedrock")
    answers.add_response(
        "list_foundation_model_agreement_offers", offered(RATES), {"modelId": CORE.id, "offerType": "PUBLIC"}
    )
    answers.add_response(
        "create_foundation_model_agreement", {"modelId": CORE.id}, {"modelId": CORE.id, "offerToken": "token"}
    )
    for status in ("NOT_AVAILABLE", "PENDING", "AVAILABLE"):
        answers.add_response("get_foundation_model_availability", available(status), {"modelId": CORE.id})
    waited: list[float] = []
    said = told(client, sleep=waited.append)
    assert waited == [agreements.POLL_SECONDS] * 2
    assert said[0] == f"{CORE} is sold by another company on AWS Marketplace:"
    assert said[1:9] == [f"    $0.04 Units: image {number}" for number in range(8)]
    assert said[9:12] == [
        "    and 2 prices more",
        "    terms: https://x",
        f"Subscribe this account to {CORE}? Only its use is charged. [y/N] ",
    ]
    assert said[-1] == f"{CORE} is subscribed to."


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        ("n", "    Not subscribed. `up --stage dev` asks again."),
        (None, "    Not subscribed: there is no terminal to ask at. `up --stage dev --yes` agrees to it."),
    ],
)
def test_without_a_yes_nothing_is_bought(stub: Stub, answer: str | None, last: str):
    client, answers = stub("bedrock")
    answers.add_response("list_foundation_model_agreement_offers", offered([]))
    said = told(client, answer=answer)
    assert said[1] == "    the offer names no price: see https://aws.amazon.com/bedrock/pricing/"
    assert said[-1] == last


def test_what_cannot_be_offered_from_here_says_where_it_can(stub: Stub):
    client, answers = stub("bedrock")
    answers.add_response("list_foundation_model_agreement_offers", {"modelId": CORE.id, "offers": []})
    answers.add_client_error("list_foundation_model_agreement_offers", "AccessDeniedException", "no")
    for reason in (
        "Bedrock lists no offer for it.",
        "These credentials may not do ListFoundationModelAgreementOffers: no.",
    ):
        first, then = told(client)
        assert first == f"{CORE} cannot be subscribed to from here: {reason}"
        assert "us-west-2.console.aws.amazon.com/bedrock/home?region=us-west-2#/model-catalog" in then


def test_an_agreement_that_is_refused_stops_nothing(stub: Stub):
    client, answers = stub("bedrock")
    answers.add_response("list_foundation_model_agreement_offers", offered([]))
    answers.add_client_error("create_foundation_model_agreement", "AccessDeniedException", "no Marketplace")
    assert told(client)[-1].startswith(f"{CORE} is not subscribed to: These credentials may not do Create")


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (available("ERROR", errorMessage="no payment method"), f"The subscription to {CORE} failed: no payment method"),
        (available("PENDING"), f"The subscription to {CORE} is still being made; jobs wait for it."),
    ],
)
def test_one_under_way_is_only_waited_for_a_quarter_of_an_hour_at_most(stub: Stub, state: dict[str, Any], last: str):
    client, answers = stub("bedrock")
    looks = (
        1 if "errorMessage" in state["agreementAvailability"] else int(agreements.TAKES / agreements.POLL_SECONDS) + 1
    )
    for _ in range(looks):
        answers.add_response("get_foundation_model_availability", state)
    waited: list[float] = []
    said = told(client, ModelFound(CORE, "ACTIVE", subscribed=False, pending=True), sleep=waited.append)
    assert (len(waited), said[-1]) == (looks - 1, last)


def test_an_offer_is_found_by_the_models_own_id_whatever_the_profile(stub: Stub):
    client, answers = stub("bedrock")
    haiku = ModelReference("us-east-1", "us.anthropic.claude-haiku-5-5")
    expected = {"modelId": "anthropic.claude-haiku-5-5", "offerType": "PUBLIC"}
    answers.add_response("list_foundation_model_agreement_offers", offered(RATES[:1]), expected)
    assert agreements.offer(client, haiku) == Offer(haiku, "token", ("$0.04 Units: image 0",), "https://x")


def at_a_terminal(project: Path, address: str, typed: str, *arguments: str) -> tuple[int, str]:
    """A command with a terminal to ask at; its exit code and what it printed."""
    ours, its = pty.openpty()
    try:
        os.write(ours, typed.encode())
        done = projects.run(project, address, *arguments, stdin=its)
    finally:
        os.close(ours)
        os.close(its)
    return done.returncode, done.stdout


def test_down_removes_a_stage_only_after_a_yes_at_the_terminal(project: Path, address: str):
    assert projects.run(project, address, "up", "--stage", "dev").returncode == 0
    code, said = at_a_terminal(project, address, "n\n", "down", "--stage", "dev")
    assert code == 1
    assert "Remove stage dev of account 123456789012 in us-east-1, with the messages in its queues? [y/N]" in said
    assert said.endswith("Nothing was changed.\n")
    code, said = at_a_terminal(project, address, "y\n", "down", "--stage", "dev")
    assert (code, "delete the stack retake-dev" in said) == (0, True)
    assert "nothing to do" in projects.run(project, address, "down", "--stage", "dev").stdout
