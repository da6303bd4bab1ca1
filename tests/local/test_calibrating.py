"""`calibrate --bedrock`: missing looks are taken by the account's models, kept, and never paid for twice."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.calibration.labels import Label
from chalicelib.calibration.recorded import match
from chalicelib.calibration.replay import Replay
from chalicelib.job.judging import Rule
from chalicelib.job.record import Record
from chalicelib.local.bedrock.server import StandIn
from tests.local.real_bedrock import KEY, Door
from tests.local.test_run import ROOT, command
from tests.warm import start


@pytest.fixture
def door() -> Iterator[Door]:
    with StandIn() as stand_in, Door(stand_in, lambda path: None) as running:
        yield running


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two pictures that the stand-in drew and judged, one of them called good."""
    made = start.run(command("run", "a red fox in snow", "a lake", "-q", "-o", tmp_path), cwd=ROOT, env=os.environ)
    assert made.returncode in (0, 1), made.stderr
    results = sorted(tmp_path.glob("*/*/result.json"))
    pictures = [result.parent / "000-000.png" for result in results]
    path = tmp_path / "labels.csv"
    path.write_text("key,good\n" + "".join(f"{one.relative_to(tmp_path)},{n}\n" for n, one in enumerate(pictures)))
    return path


def test_what_handlers_delivered_is_what_the_replay_delivers(tmp_path: Path):
    """Every picture is labelled, the delivered one alone as good: then each job's replay must deliver a good one."""
    prompts = tmp_path / "prompts.txt"
    hard = "an aurora, a moon, meteors, a sea, drift ice, a tower, a boat and six birds"
    prompts.write_text(f"a red fox and two birds\n{hard}\na lake\na blue cat left of a dog\n")
    few = ("--set", "max_retry_attempts=3", "--set", "max_prompt_revisions=1", "--set", "nova_canvas_seed=7")
    outbox = tmp_path / "outbox"
    done = start.run(command("run", prompts, *few, "-q", "-o", outbox), cwd=ROOT, env=os.environ)
    assert done.returncode in (0, 1), done.stderr
    results = [json.loads(path.read_text()) for path in outbox.glob("*/*/result.json")]
    delivered = {result["image"] or result["best"]["image"] for result in results}
    assert len(delivered) == 4
    assert {result["status"] for result in results} == {"SUCCESS", "FAIL"}
    folders = [
        [Record.model_validate_json(path.read_bytes()) for path in result.parent.glob("*-*.json")]
        for result in outbox.glob("*/*/result.json")
    ]
    keys = [image.key for records in folders for record in records for image in record.images]
    matched = match(folders, [Label(0, key, None, key in delivered) for key in keys])
    for job in matched.jobs:
        outcome = Replay(Rule.of("balanced"))(job)
        assert (outcome.good, outcome.images, outcome.missing) == (True, len(job.pictures), 0)


def environment(door: Door) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    account = {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_BEDROCK": door.url,
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": door.url,
    }
    return own | account


def calibrate(door: Door, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return start.run(command("calibrate", *arguments, "--bedrock"), cwd=ROOT, env=environment(door))


def test_what_is_missing_is_asked_once_kept_and_counts(door: Door, labels: Path):
    refused = calibrate(door, labels)
    assert (refused.returncode, door.asked) == (2, [])
    assert "us-east-1/amazon.nova-pro-v1:0: looks at 2 pictures, at most $0." in refused.stderr
    assert "nobody is there to be asked whether to pay that: nothing was asked; --yes answers it" in refused.stderr

    capped = calibrate(door, labels, "--yes", "--max-usd", "0.0001")
    assert (capped.returncode, door.asked) == (0, [])
    assert "another picture may cost more than is left of --max-usd" in capped.stderr
    assert "economy: looks are missing for up to 2 pictures" in capped.stdout

    done = calibrate(door, labels, "--yes")
    assert done.returncode == 0, done.stderr
    assert "looks are missing" not in done.stdout
    kept = [json.loads(line) for line in labels.with_name("looks.jsonl").read_text().splitlines()]
    assert len(kept) == len(door.asked) >= 2
    assert {"both"} <= {one["verdict"]["look"] for one in kept} <= {"both", "grade", "second grade"}
    assert json.loads(labels.with_name("calibration.json").read_text())["chosen"] is not None

    cold = [sys.executable, *command("calibrate", labels, "--bedrock", "--yes")]
    again = subprocess.run(cold, cwd=ROOT, env=environment(door), capture_output=True, text=True, check=False)
    assert (again.returncode, len(door.asked)) == (0, len(kept))
    assert "No look is missing that could be taken." in again.stdout
