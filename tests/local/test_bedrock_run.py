"""`run --bedrock`: the models are an account's own, all else is on this machine, and nothing is paid unasked.

"The account" is the stand-in behind a door that takes one pair of keys (real_bedrock.py), asked by boto3 as it asks
AWS. Any other address of AWS would be asked through the trap, which is the proxy for https.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib.local.bedrock.server import StandIn
from tests.local.real_bedrock import KEY, Door, Trap
from tests.local.test_run import ROOT, command
from tests.warm import start

QUICK = ("--set", "max_retry_attempts=3")


class Account:
    """The door and the trap, and the command run between them."""

    def __init__(self, door: Door, trap: Trap) -> None:
        self.door = door
        self.trap = trap

    def run(self, *arguments: str | Path, **variables: str | None) -> "subprocess.CompletedProcess[str]":
        """`run --bedrock`; a variable that is None is taken away."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        given = {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_BEDROCK": self.door.url,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": self.door.url,
            "HTTPS_PROXY": self.trap.url,
            "https_proxy": self.trap.url,
        } | variables
        environment = own | {name: value for name, value in given.items() if value is not None}
        return start.run(command("run", "--bedrock", *arguments), cwd=ROOT, env=environment)

    @property
    def paid(self) -> int:
        """Pictures that were drawn."""
        return len([path for *_, path in self.door.asked if path.endswith("/invoke")]) - self.probed

    @property
    def probed(self) -> int:
        return len({path for *_, path in self.door.asked if path.endswith("/invoke")})


@contextmanager
def account(refuses: Callable[[str], str | None] = lambda path: None) -> Iterator[Account]:
    with StandIn() as stand_in, Door(stand_in, refuses) as door, Trap() as trap:
        yield Account(door, trap)


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1"])
def test_only_bedrock_is_asked_with_the_users_keys_and_all_else_is_here(tmp_path: Path, region: str) -> None:
    with account() as own:
        run = own.run("The moon", *QUICK, "--yes", "--json", "-o", tmp_path, AWS_DEFAULT_REGION=region)
    assert run.returncode == 0, run.stderr  # accepted, within nine attempts
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert {line["models"] for line in lines} == {"real models"}
    assert [line["event"] for line in lines][-2:] == ["job", "summary"]
    assert lines[-1]["images"] >= 1
    assert own.trap.asked == []
    assert {(key, service) for key, _, service, _, _ in own.door.asked} == {(KEY, "bedrock")}
    assert {there for _, there, _, _, _ in own.door.asked} == {region, "us-west-2"}
    assert json.loads((tmp_path / "runs.jsonl").read_text())["models"] == "real models"
    (result,) = tmp_path.rglob("result.json")
    assert json.loads(result.read_text())["notes"][0] == "drawn and judged by: real models"


def test_models_are_looked_up_and_probed_and_the_costs_told_before_the_first_picture(tmp_path: Path) -> None:
    with account() as own:
        run = own.run("The moon", "The sun", *QUICK, "-o", tmp_path)
    assert run.returncode == 2
    draws, judges, passed_over, costs, refused = run.stderr.splitlines()
    assert draws == "real models  draws: us-west-2/stability.stable-image-core-v1:1"
    assert judges == "real models  judges and rewrites: us-east-1/amazon.nova-pro-v1:0"
    assert passed_over.startswith("real models  passed over: us-east-1/amazon.nova-canvas-v1:0 ")
    assert costs.startswith("real models  2 jobs: likely $0.4")
    assert "(3 attempts a job), at most $" in costs
    assert refused == "nobody is there to be asked whether to pay that: nothing was started; --yes answers it"
    assert own.paid == 0
    assert sum(path.endswith("/converse") for *_, path in own.door.asked) == 1
    assert not list(tmp_path.iterdir())


def _no_access(part: str) -> Callable[[str], str | None]:
    return lambda path: "AccessDeniedException" if part in path else None


@pytest.mark.parametrize(
    ("variables", "refuses", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": None}, "", "There are no AWS credentials. Nothing was started. Run `aws configure`"),
        ({"AWS_ACCESS_KEY_ID": "AKIASOMEBODY"}, "", "AWS does not know these credentials. Nothing was started."),
        ({"AWS_DEFAULT_REGION": None}, "", "No AWS region is set. Nothing was started. Run `export AWS_DEFAULT_REGION"),
        ({"AWS_PROFILE": "nobody"}, "", "The config profile (nobody) could not be found. Nothing was started."),
        ({"AWS_ACCESS_KEY_ID": "local"}, "", "these are the exports of `local`, not your own account"),
        ({}, "/converse", "amazon.nova-pro-v1:0 answers: AccessDeniedException: You don't have access to the model"),
        ({}, "/invoke", "Nothing was started: have it enabled at https://us-east-1.console.aws.amazon.com/bedrock/"),
        ({"AWS_ENDPOINT_URL_BEDROCK": "http://127.0.0.1:9"}, "", "AWS cannot be reached"),
    ],
)
def test_what_stands_in_the_way_is_one_sentence_and_nothing_is_started(
    tmp_path: Path, variables: dict[str, str | None], refuses: str, said: str
) -> None:
    with account(_no_access(refuses) if refuses else lambda path: None) as own:
        run = own.run("The moon", "--yes", "-o", tmp_path, **variables)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr.replace("\n", " ")
    assert len(run.stderr.splitlines()) == 1
    assert own.trap.asked == []
    assert own.paid <= 0


def test_who_may_not_look_models_up_may_still_run_them(tmp_path: Path) -> None:
    with account(_no_access("/foundation-model")) as own:
        run = own.run("The moon", *QUICK, "--yes", "-q", "-o", tmp_path)
    assert run.returncode in (0, 1), run.stderr
    assert run.stdout.splitlines()[-1].endswith("gallery.html")


def test_a_cap_ends_the_run_before_it_is_passed_and_says_what_was_not_begun(tmp_path: Path) -> None:
    prompts = [f"The moon over {place}" for place in ("a lake", "the sea", "mountains", "a meadow")]
    with account() as own:
        run = own.run(*prompts, "--yes", "--max-usd", "0.25", "-o", tmp_path)
    assert run.returncode == 1
    assert "at most $0.25 (--max-usd; every attempt of every prompt: $" in run.stderr
    assert "not begun, from “The moon over " in run.stdout
    assert "of --max-usd is left, less than an attempt can cost" in run.stdout
    results = [json.loads(path.read_text()) for path in tmp_path.rglob("result.json")]
    assert 0 < sum(result["cost_usd"] for result in results) <= 0.25


def test_what_a_stand_in_accepted_is_not_skipped_by_real_models(tmp_path: Path) -> None:
    local = start.run(command("run", "The moon", "-q", "-o", tmp_path), cwd=ROOT, env=os.environ)
    assert local.returncode == 0
    with account() as own:
        assert own.run("The moon", "--yes", "--json", "-o", tmp_path).returncode in (0, 1)
        assert own.paid > 0
