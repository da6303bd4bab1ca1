"""The README says what the code does: its examples are run, its tables are compared with the code they describe."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.__main__ import main
from chalicelib.job.message import decode
from chalicelib.job.message_attributes import TYPES
from chalicelib.job.request import Request, read_request
from chalicelib.ports import WireMessage
from chalicelib.settings import Settings
from tests.job.stage import stage

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no section {title!r}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of a section's first table, head and rule left out."""
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def blocks(text: str) -> list[str]:
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def code(cell: str) -> str:
    return cell.strip().strip("`")


def test_the_prompt_files_example_is_accepted_as_it_stands():
    example = blocks(section("The prompt file"))[0]
    assert read_request(example.encode(), stage(OUTPUT_BUCKETS="*")).max_retry_attempts == 5


def test_the_table_of_fields_is_the_prompt_files():
    table = {code(row[0]): code(row[1]) for row in rows(section("The prompt file"))}
    assert list(table) == list(Request.model_fields)
    for name, field in Request.model_fields.items():
        if field.is_required():
            assert table[name] == "required"
        elif field.default is None:
            assert table[name] == "none" or table[name].startswith("the stage's")
        else:
            assert table[name] == f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def test_the_table_of_attributes_is_the_messages():
    assert {code(row[0]): row[1] for row in rows(section("The message"))} == TYPES


def test_the_message_example_resumes_a_job():
    words = shlex.split(blocks(section("The message"))[0].replace("\\\n", " "))
    given = dict(zip(words[3::2], words[4::2], strict=True))
    attributes = json.loads(given["--message-attributes"])
    wire = {name: (value["DataType"], value["StringValue"]) for name, value in attributes.items()}
    message = decode(WireMessage(given["--message-body"], wire), stage(), "x")
    assert (message.revision, message.prompt) == (1, "a lighthouse in a storm")


def test_the_table_of_settings_is_the_stages():
    table = {code(row[0]): code(row[1]) for row in rows(section("Settings of a stage"))}
    fields = {name.upper(): field for name, field in Settings.model_fields.items() if name != "aws_region"}
    assert set(table) == set(fields)
    for name, field in fields.items():
        if field.is_required():
            assert table[name] == "required"
        elif isinstance(field.default, tuple) and field.default:
            assert tuple(table[name].split(",")) == field.default
        elif not isinstance(field.default, tuple):
            assert table[name] == ("none" if field.default is None else str(field.default))


def test_the_table_of_models_is_the_catalogues():
    catalogue = stage().catalogue
    named = {code(row[0]) for row in rows(section("Models")) if row[0].startswith("`")}
    assert named == {*catalogue.image_ids, *catalogue.vision_ids}
    for identifier, model in catalogue.images.items():
        (row,) = [row for row in rows(section("Models")) if code(row[0]) == identifier]
        for _, price in model.prices:
            assert f"${price:g}" in row[2], f"{identifier} costs ${price:g}"
    for identifier, vision in catalogue.visions.items():
        (row,) = [row for row in rows(section("Models")) if code(row[0]) == identifier]
        assert f"${vision.price_in:.2f} / ${vision.price_out:.2f}" in row[2]


def shape(line: str) -> str:
    """What kind of line of `run` this is."""
    kinds = {
        "opening": r"^(Stand-in: a script draws and judges the pictures here\. .*|…)$",
        "rejected": r"^stand-in  \w+ +\d{3}-\d{3}  \S+/stability\S+ \(seed \d+\): rejected, .* · \$\d+\.\d{3}$",
        "accepted": r"^stand-in  \w+ +\d{3}-\d{3}  \S+/stability\S+ \(seed \d+\): accepted, .* · \$\d+\.\d{3}$",
        "rewritten": r"^stand-in  \w+ +\d{3}-\d{3}  prompt rewritten: .+$",
        "ended": r"^stand-in  \w+ +SUCCESS after \d+ attempts?, \d+ images?, \$\d+\.\d{3} → \S+\.png$",
        "summary": r"^(stand-in *|jobs +accepted +failed +refused +images .*|[ \d]+\$\d.*|all jobs to look at: .*)$",
    }
    return next((kind for kind, pattern in kinds.items() if re.match(pattern, line)), "other")


def test_the_first_command_prints_what_the_readme_shows(tmp_path: Path):
    first, shown = blocks(README)[1:3]
    command = first.strip().rpartition("&& ")[2]
    assert command == ".venv/bin/python -m chalicelib run"
    run = subprocess.run(
        [sys.executable, *command.split()[1:], "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    promised = {shape(line) for line in shown.splitlines() if line}
    assert promised == {"opening", "rejected", "accepted", "rewritten", "ended", "summary"}
    results = [json.loads(path.read_text()) for path in tmp_path.glob("*/*/result.json")]
    outcomes = {line["outcome"] for result in results for line in result["attempts"]}
    rewritten = {"rewritten"} if any(result["revision"] for result in results) else set()
    assert outcomes | rewritten | {"opening", "ended", "summary"} <= {shape(line) for line in run.stdout.splitlines()}
    (result,) = tmp_path.glob("generated-images/aurora-*/result.json")
    aurora = json.loads(result.read_text(encoding="utf-8"))
    assert aurora["status"] == "SUCCESS"
    assert (result.parent / aurora["image"].rpartition("/")[2]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("block", blocks(README))
def test_commands_of_the_readme_name_modules_that_exist(block: str):
    for module in re.findall(r"-m (chalicelib|pytest)", block):
        assert module in ("chalicelib", "pytest")
    for command in re.findall(r"-m chalicelib (\w+)", block):
        assert main([command, "--help"]) == 0, command
