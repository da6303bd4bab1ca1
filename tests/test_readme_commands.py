"""The README's commands, word for word: each fenced block is run by a test, here or elsewhere, or is no command.

The lines for the AWS CLI run in a shell, with the CLI itself, against `python -m chalicelib local`, which is given the
names of buckets and queue that the README has. What that does not prove: that AWS answers as the local one does.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.__main__ import command_line
from tests.job.stage import stage
from tests.local.pumping import eventually
from tests.local.test_local_command import Local
from tests.local.test_run import command
from tests.readme import README, ROOT, block, blocks
from tests.warm import start

NAMES = {
    "INBOX_BUCKET": "retake-dev-inbox-123456789012-us-east-1",
    "OUTBOX_BUCKET": "retake-dev-outbox-123456789012-us-east-1",
    "QUEUE_NAME": "retake-dev",
}
PYTHON = ".venv/bin/python"
INSTALLED = f"python3 -m venv .venv && .venv/bin/pip install -qr requirements-{{}}.txt && {PYTHON} -m "
DEPLOYMENT, JOBS, TESTS = (
    f"{PYTHON} -m chalicelib up",
    f"{PYTHON} -m chalicelib send prompts.csv",
    INSTALLED.format("dev"),
)
HERE = f'{PYTHON} -m chalicelib send "a red fox'
MESSAGE, THREE_LINES = 'aws sqs send-message --queue-url "$(', "aws s3 cp prompt.json s3://retake-dev-inbox"
# Each block by how it begins, and the test that runs it (here, or in another file); None where it is a drawing.
CLAIMED = {
    "aws s3 cp prompt.json s3://INBOX/": None,
    INSTALLED.format("local"): "test_readme.py::test_the_first_command_prints_what_the_readme_shows",
    "Stand-in: ": "test_readme.py::test_the_first_command_prints_what_the_readme_shows",
    '{"prompt": "A serene landscape': "test_readme.py::test_the_prompt_files_example_is_accepted_as_it_stands",
    HERE: "test_a_prompt_is_sent_watched_and_fetched_on_this_machine",
    MESSAGE: "test_the_example_of_a_message_resumes_a_job",
    DEPLOYMENT: "test_the_commands_of_a_deployment_are_understood",
    THREE_LINES: "test_the_three_lines_start_jobs_and_list_what_came_of_them",
    "aws sns subscribe": "deploy/test_told_of_results.py::test_a_queue_hears_of_every_result_and_of_nothing_else",
    JOBS: "test_jobs_are_sent_and_watched",
    TESTS: "test_the_test_command_is_what_is_run_before_a_change_lands",
}


def test_every_fenced_block_is_claimed_by_a_test() -> None:
    claimed = [block(begins) for begins in CLAIMED]
    assert sorted(blocks()) == sorted(claimed)
    for claim in filter(None, CLAIMED.values()):
        file, _, name = claim.rpartition("::")
        assert f"\ndef {name}(" in (ROOT / "tests" / (file or Path(__file__).name)).read_text(encoding="utf-8"), claim


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    running = Local(start.start(command("local", "--port", "0"), cwd=ROOT, env=os.environ | NAMES))
    yield running
    running.close()


def shell(local: Local, directory: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """Run lines of the README as a user of `local` would, in a directory of the user's own.

    Version 1 of the AWS CLI, which is what pip installs, wants `--endpoint-url` for SQS, as the README says.
    """
    tool = directory / "aws"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m awscli --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n')
    tool.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    around = {"PATH": f"{directory}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": python_path}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory,
        env=own | local.exports | around,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def prompt_file(directory: Path, prompt: str) -> None:
    """The README's prompt file with this prompt, its results in the stage's own outbox."""
    fields: dict[str, Any] = json.loads(block('{"prompt": "A serene landscape'))
    kept = {name: value for name, value in fields.items() if not name.startswith("output_s3_")}
    (directory / "prompt.json").write_text(json.dumps(kept | {"prompt": prompt}))


def test_the_three_lines_start_jobs_and_list_what_came_of_them(local: Local, tmp_path: Path) -> None:
    prompt = "A serene landscape with mountains and a lake"
    prompt_file(tmp_path, prompt)
    upload, send, listing = block(THREE_LINES).splitlines()
    begun = shell(local, tmp_path, f"{upload}\n{send}")
    assert begun.returncode == 0, begun.stderr
    assert json.loads(begun.stdout[begun.stdout.index("{") :])["MessageId"]
    assert eventually(lambda: len(local.results(prompt)) == 2, 60)
    assert {result["status"] for result in local.results(prompt)} == {"SUCCESS"}
    listed = shell(local, tmp_path, listing)
    assert listed.returncode == 0, listed.stderr
    for stem in ("prompt", "message"):
        assert re.search(rf" generated-images/{stem}-\d{{8}}T\d{{6}}Z-[0-9a-f]{{8}}/result\.json$", listed.stdout, re.M)


def test_the_example_of_a_message_resumes_a_job(local: Local, tmp_path: Path) -> None:
    sent = shell(local, tmp_path, block(MESSAGE).replace("QUEUE --query", f"{NAMES['QUEUE_NAME']} --query"))
    assert sent.returncode == 0, sent.stderr
    prompt = "a lighthouse in a storm"
    assert eventually(lambda: len(local.results(prompt)) == 1, 60)
    (result,) = local.results(prompt)
    assert result["attempts"][0]["revision"] == 1


def test_jobs_are_sent_and_watched(local: Local, tmp_path: Path) -> None:
    (tmp_path / "prompts.csv").write_text("prompt\nThe moon over a lake\nThe sun over a lake\n")
    lines = block(JOBS).replace(PYTHON, sys.executable).replace("--stage dev", "--stage local")
    done = shell(local, tmp_path, lines)
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = (tmp_path / "jobs").read_text().split()
    assert [re.sub(r"-\d{8}T\d{6}Z-[0-9a-f]{8}$", "", job) for job in jobs] == ["prompts-1", "prompts-2"]
    for prompt in ("The moon over a lake", "The sun over a lake"):
        assert [result["status"] for result in local.results(prompt)] == ["SUCCESS"]


def test_a_prompt_is_sent_watched_and_fetched_on_this_machine(local: Local, tmp_path: Path) -> None:
    done = shell(local, tmp_path, block(HERE).replace(PYTHON, sys.executable))
    assert done.returncode == 0, done.stdout + done.stderr
    job = (tmp_path / "jobs").read_text().strip()
    assert job.startswith("a-red-fox-in-fresh-snow-")
    result = json.loads((tmp_path / "outbox" / "generated-images" / job / "result.json").read_text())
    assert (result["status"], result["initial_prompt"]) == ("SUCCESS", "a red fox in fresh snow")


def test_the_commands_of_a_deployment_are_understood() -> None:
    """Their options only; what they do is run at a local AWS in tests/deploy."""
    lines = block(DEPLOYMENT).splitlines()
    assert [shlex.split(line)[3] for line in lines] == ["up", "up", "doctor"]
    for line in lines:
        program, _, _, command, *options = shlex.split(line)
        assert program == PYTHON
        whole = command_line.make_context("chalicelib", [command, *options])  # without it, a command forgets its -h
        assert command_line.commands[command].make_context(command, options, whole).params["stage"] == "dev"


def test_the_test_command_is_what_is_run_before_a_change_lands() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    pattern = re.search(r"^command=\$\(sed -n 's/\^\\\((.*)\\\)\$/", script, re.MULTILINE)
    assert pattern
    assert re.match(pattern[1], block(TESTS))
    assert (ROOT / "requirements-dev.txt").exists()


def test_every_command_that_is_named_is_one() -> None:
    named = set(re.findall(r"python -m chalicelib ([a-z]+)", README))
    assert {"run", "local", "up", "send"} <= named <= command_line.commands.keys()


def test_a_new_model_is_named_in_the_settings_as_one_that_is_known() -> None:
    (entry,) = re.findall(r'`"IMAGE_MODELS": "([^"]+)"`', README)
    settings = stage(IMAGE_MODELS=entry)
    assert settings.catalogue.image(entry.partition("=")[0].partition("/")[2])
