"""A clone of the repository as a user has it, with what the deployment reads; and commands run in it, at moto."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy.stages import ROOT
from tests.deploy.wheelhouse import fill


def clone(into: Path, requirements: str | None = None) -> Path:
    """app.py, chalicelib/, requirements.txt and .chalice/ in a new directory, and wheels to build a package from.

    Other `requirements` make another, quicker package, for where it is not run.
    """
    project, wheels = into / "project", into / "wheels"
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("build", "deploy*"))
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, project)
    if requirements is not None:
        (project / "requirements.txt").write_text(requirements, encoding="utf-8")
    wheels.mkdir()
    fill(wheels, project / "requirements.txt")
    return project


def without_registry(project: Path) -> dict[str, str]:
    """Variables for pip: only the clone's wheels."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project.parent / "wheels")}


@contextmanager
def moto() -> Iterator[str]:
    """A running moto; its address."""
    command = [sys.executable, "-m", "tests.deploy.moto_process"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.communicate()


def command(*arguments: str) -> list[str]:
    """`up`, `doctor` or `down`, at moto."""
    return [sys.executable, str(ROOT / "tests" / "deploy" / "at_moto.py"), *arguments]


def environment(project: Path, address: str, **variables: str) -> dict[str, str]:
    """What such a command is run with; a variable that is empty is left out."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    access = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": address,
        "AT_MOTO": str(project.parent / "kept_for_moto.json"),
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": str(project),
    }
    everything = {**own, **access, **without_registry(project), **variables}
    return {name: value for name, value in everything.items() if value}


def run(project: Path, address: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`up`, `doctor` or `down` in the clone, at moto, without a terminal; never fails by itself."""
    return subprocess.run(
        command(*arguments),
        cwd=project,
        env=environment(project, address, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
