"""The command line itself: its help, its version, what it says of a wrong use, and of a Python that lacks things."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from chalicelib.__main__ import SECTIONS, command_line, main

ROOT = Path(__file__).parent.parent
COMMANDS = [str(command.name) for commands in SECTIONS.values() for command in commands]


def said(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_every_command_stands_under_a_heading_with_what_it_does(capsys: pytest.CaptureFixture[str]):
    lines = said("--help", capsys=capsys).splitlines()
    assert [line for line in lines if line.endswith(":") and not line.startswith(("Usage", "Options"))] == [
        f"{title}:" for title in SECTIONS
    ]
    listed = {words[0]: words for line in lines if (words := line.split()) and words[0] in COMMANDS}
    assert listed.keys() == set(COMMANDS) == command_line.commands.keys()
    assert all(words[-1].endswith(".") for words in listed.values())
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_each_commands_help_has_an_example_that_is_legal(command: str, capsys: pytest.CaptureFixture[str]):
    lines = [line.strip() for line in said(command, "-h", capsys=capsys).splitlines()]
    examples = [line for line in lines if line.startswith(f"python -m chalicelib {command}")]
    assert examples
    for example in examples:
        arguments = example.partition("<")[0].replace('"', "").split()[4:]
        command_line.commands[command].make_context(command, arguments)


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]):
    version = said("--version", capsys=capsys).removeprefix("retake ").strip()
    assert f'\nversion = "{version}"\n' in (ROOT / "pyproject.toml").read_text()


def test_help_does_not_take_a_second_since_only_click_is_imported():
    code = "import sys\nfrom chalicelib.__main__ import main\nmain(['--help'])\nprint(*sys.modules)"
    began = time.process_time()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert time.process_time() - began < 1
    assert not {"boto3", "botocore", "pydantic", "moto", "rich", "chalice"} & set(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "missing.json"], "missing.json: No such file or directory; name a file or directory"),
        (["run", "README.md"], "README.md: a prompt file's name ends in .json"),
        (["run", "no-file.png"], "no-file.png: No such file or directory; name a file or directory"),
        (["run", __file__], ".py: a prompt file's name ends in .json, .jsonl, .csv, .txt; rename it"),
        (["run", "--out", __file__], "File exists; name a directory that can be written"),
        (["run", "--out"], "Option '--out' requires an argument"),
        (["run", "--set", "max_retry=3"], "did you mean 'max_retry_attempts'?"),
        (["run", "--json", "-q"], "--json and -q exclude each other"),
        (["run", "--max-usd", "0"], "0.0 is not in the range x>0"),
        (["run", "--max-usd", "nan"], "a number of dollars is needed"),
        (["run", "--max-usd", "inf"], "a number of dollars is needed"),
        (["local", "--port", "-1"], "-1 is not in the range 0<=x<=65535"),
        (["up"], "Missing option '--stage'"),
        (["redrive", "--stage", "dev"], "Missing argument 'JOB'"),
        (["send", "--stage", "dev"], "Missing argument 'PROMPT...'"),
        (["send", "a", "--stage", "dev", "--set", "max_retry=3"], "did you mean 'max_retry_attempts'?"),
        (["list", "--stage", "dev", "--limit", "101"], "101 is not in the range 1<=x<=100"),
        (["watch", "--stage", "dev", "--json", "-q"], "--json and -q exclude each other"),
        (["get", "--stage", "dev"], "Missing argument 'JOB...'"),
        (["cancel", "--stage", "dev"], "Missing argument 'JOB...'"),
        (["gallery"], "Missing option '--stage'"),
        ([], "Usage: python -m chalicelib"),
        (["fly"], "No such command 'fly'"),
    ],
)
def test_a_usage_error_is_one_clear_sentence_and_exit_code_two(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_a_python_without_the_packages_says_what_makes_one_that_has_them():
    done = subprocess.run(
        [sys.executable, "-S", "-m", "chalicelib", "run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("click is not installed for this Python; make an environment")
    assert "pip install -qr requirements-local.txt && .venv/bin/python -m chalicelib" in line
