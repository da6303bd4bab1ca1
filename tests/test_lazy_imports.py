"""What a cold start loads, and what is loaded later by whom: lists, never timings. Each case is its own process."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.job.stage import ENVIRONMENT

ROOT = Path(__file__).parent.parent
ACCESS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
COLD_START = """
import app
from chalicelib.wiring import services
services(app.settings).models._client_for("us-east-1", 60.0)
"""
JOB = """
from chalicelib import handlers
from tests.bench.model import Job, StandIn
from tests.bench.retake import Stage, prompt_file
stage = Stage(StandIn(Job({attempts})), True)
stage.upload({{**prompt_file(stage.model.job), {extra}}})
for _ in range({deliveries}):
    stage.run(stage.aws.lambdas.begin(next(stage.aws.lambdas.dues())))
assert any(key.endswith("/result.json") for key in stage.outbox()) is {ended}
assert any("/rejected/" in key for key in stage.outbox()) is {refused}
"""
TOLD = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
LATE = {"PIL", "jinja2", "markupsafe"}
PACKAGES = {
    *(
        "annotated_types",
        "boto3",
        "botocore",
        "chalice",
        "dateutil",
        "jmespath",
        "pydantic",
        "pydantic_core",
        "s3transfer",
        "six",
    ),
    *("typing_extensions", "typing_inspection", "urllib3"),
}
"""All that a cold start loads beside the standard library and this project."""
WHERE_INSTALLED = {"certifi"}  # botocore asks for it, and does without


def loaded(code: str) -> frozenset[str]:
    """The modules of a process that ran the code, less those that it began with."""
    return _modules(code + TOLD) - _modules(TOLD)


@cache
def _modules(code: str) -> frozenset[str]:
    environment = {**os.environ, **ENVIRONMENT, **ACCESS, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


def tops(modules: frozenset[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.fixture(scope="module")
def cold_start() -> frozenset[str]:
    return loaded(COLD_START)


def test_a_cold_start_loads_these_packages_and_no_other(cold_start: frozenset[str]) -> None:
    others = tops(cold_start) - sys.stdlib_module_names - {"app", "chalicelib"}
    assert {name for name in others if not name.startswith("_")} - WHERE_INSTALLED == PACKAGES


def test_a_cold_start_loads_neither_pictures_nor_pages(cold_start: frozenset[str]) -> None:
    assert not tops(cold_start) & LATE
    later = ("chalicelib.report", "chalicelib.local", "chalicelib.deploy")
    assert not {name for name in cold_start if name.startswith(later)}


def test_a_refused_prompt_loads_nothing_of_the_kind() -> None:
    code = JOB.format(attempts=1, extra='"promt": 1', deliveries=1, ended=False, refused=True)
    assert not tops(loaded(code)) & LATE


@pytest.mark.parametrize(("extra", "refused"), [("", False), ('"promt": 1', True)])
def test_a_file_of_one_prompt_loads_nothing_that_reads_many(extra: str, refused: bool) -> None:
    code = JOB.format(attempts=2, extra=extra, deliveries=1, ended=False, refused=refused)
    assert not {name for name in loaded(code) if name.startswith(("chalicelib.prompts", "chalicelib.intake.batch"))}


def test_an_attempt_that_ends_no_job_loads_pillow_for_its_thumbnail_and_no_page() -> None:
    """Every image gets a thumbnail in its record, and is decoded for it before a judge is paid."""
    code = JOB.format(attempts=2, extra="", deliveries=1, ended=False, refused=False)
    assert tops(loaded(code)) & LATE == {"PIL"}


def test_the_attempt_that_ends_a_job_loads_what_makes_its_page() -> None:
    code = JOB.format(attempts=1, extra="", deliveries=1, ended=True, refused=False)
    assert tops(loaded(code)) & LATE == LATE


def test_what_chalice_asks_questions_with_is_loaded_for_a_deployment_alone() -> None:
    """Its terminal library may question the terminal as it is imported, and wait for an answer that never comes."""
    asking = tops(loaded("import chalicelib.deploy.begin, chalicelib.deploy.runs, chalicelib.stage.where"))
    assert "chalice" in asking
    assert not asking & {"inquirer", "blessed"}
