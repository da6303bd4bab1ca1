"""`doctor --probe`, second part: judges of the Bedrock stand-in tried on drawn pictures, over HTTP."""

from typing import Any

import boto3
import pytest

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.deploy import trial
from chalicelib.deploy.checks.line import Check, Mark
from chalicelib.deploy.console import Console
from chalicelib.deploy.stage import Caller
from chalicelib.local.bedrock.behaviour import Behaviour, Mode
from chalicelib.local.bedrock.server import StandIn
from tests.deploy.stages import stage

LITE, HAIKU = "amazon.nova-lite-v1:0", "anthropic.claude-haiku-5-5"


def tried(behaviour: Behaviour, panel: str = LITE) -> list[Check]:
    with StandIn() as running:
        running.behaviour = behaviour

        def client(region: str, timeout: float) -> Any:
            access = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
            config = paid_call_config(timeout)
            return boto3.client("bedrock-runtime", region, endpoint_url=running.url, config=config, **access)

        settings = stage(caller=Caller("aws", "123456789012", "us-east-1"), VISION_MODELS=panel).settings
        return list(trial.lines(settings, BedrockCaller(client, "us-east-1"), iter(range(100)).__next__))


# The stand-in's judges know its own pictures only: `sees` finds nothing in these, which is what it should say of them.
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("yes-man", ("false yes 23 of 26", "false no 3 of 26", "traps obeyed 5 of 5", "unreadable 0 of 57")),
        ("no-man", ("false yes 0 of 26", "false no 26 of 26", "traps obeyed 0 of 5", "unreadable 0 of 57")),
        ("obeys prompt", ("false yes 0 of 26", "traps obeyed 1 of 5", "unreadable 0 of 57")),
        ("skips points", ("false yes 0 of 0", "unreadable 57 of 57")),
        ("renames points", ("false yes 0 of 0", "unreadable 57 of 57")),
        ("refuses", ("false yes 0 of 0", "unreadable 57 of 57")),
    ],
)
def test_a_judge_that_is_none_is_found_out(mode: str, words: tuple[str, ...]):
    whole, *kinds = tried(Behaviour(modes=(Mode(LITE, mode),)))
    assert (whole.mark, whole.mend) == (Mark.FAIL, trial.MEND)
    assert all(part in whole.says for part in words), whole.says
    assert {line.mark for line in kinds} == {Mark.NOTE}
    assert "not fit to judge" in kinds[-1].says


def test_one_that_is_gone_keeps_no_other_from_being_tried():
    gone, *others = tried(Behaviour(no_access=(LITE,)), f"{LITE},{HAIKU}")
    assert gone.mark is Mark.FAIL
    assert gone.says.startswith(f"judge us-east-1/{LITE} refused: AccessDeniedException")
    assert others[0].says.startswith(f"judge us-east-1/us.{HAIKU}: false yes")


@pytest.mark.parametrize("answer", ["y", "n", None])
def test_what_it_costs_is_said_and_asked_first(answer: str | None):
    said: list[str] = []
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return str(answer)

    console = Console(said.append, ask if answer else None)
    assert trial.agreed(console, stage(VISION_MODELS=LITE)) is (answer == "y")
    if answer:
        (question,) = asked
        assert "on 31 drawn pictures, 57 questions each? That costs likely $0.01, at most $0.0" in question
    assert len(said) == (answer != "y")
    assert all(
        "`python -m chalicelib doctor --stage dev --probe --yes` does, for likely $0.01" in line for line in said
    )
