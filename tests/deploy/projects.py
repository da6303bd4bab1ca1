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
from tests.warm import start

# What moto imports of the services that are asked, at the first request for each: 2 s all together.
SERVICES = ("s3", "sqs", "sns", "iam", "awslambda", "logs", "sts", "cloudformation", "bedrock")
MOTO = ("moto.server", "flask_cors", *(f"moto.{service}.responses" for service in SERVICES))
COMMANDS = (*start.PACKAGES, "tests.deploy.described")


def wheels(into: Path) -> Path:
    """A new directory with a wheel of everything that is deployed."""
    made = into / "filled"
    made.mkdir()
    fill(made, ROOT / "requirements.txt")
    return made


def clone(into: Path, wheels: Path, requirements: str | None = None) -> Path:
    """app.py, chalicelib/, requirements.txt and .chalice/ in a new directory, beside `wheels` to build a package from.

    Other `requirements` make another, quicker package, for where it is not run.
    """
    project = into / "project"
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("build", "deploy*"))
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, project)
    if requirements is not None:
        (project / "requirements.txt").write_text(requirements, encoding="utf-8")
    (into / "wheels").symlink_to(wheels)
    return project


def second(used: Path, into: Path, *, packages: bool = True) -> Path:
    """A project of the same content in a new directory: what is only read is linked, all else copied."""
    project = into / "project"
    shutil.copytree(used / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("build"))
    (project / ".chalice" / "build").mkdir()
    for kept in (used / ".chalice" / "build").iterdir() if packages else ():
        (project / ".chalice" / "build" / kept.name).symlink_to(kept)
    for name in ("app.py", "requirements.txt"):
        shutil.copy(used / name, project)
    (project / "chalicelib").symlink_to(used / "chalicelib")
    (into / "wheels").symlink_to(used.parent / "wheels")
    return project


def zipped(project: Path, *arguments: str) -> Path:
    """The zip of a clone; see zipping.py."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(project), **without_registry(project)}
    command = [sys.executable, str(ROOT / "tests" / "deploy" / "zipping.py"), *arguments]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.split()[-1])


def without_registry(project: Path) -> dict[str, str]:
    """Variables for pip: only the clone's wheels."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project.parent / "wheels")}


@contextmanager
def moto() -> Iterator[str]:
    """A running moto; its address."""
    reading, writing = os.pipe()
    command = ["-m", "tests.deploy.moto_process"]
    server = start.start(command, cwd=ROOT, env=os.environ, stdin=reading, modules=MOTO)
    os.close(reading)
    assert server.stdout is not None
    with server.stdout as printed, open(writing, "w"):
        yield printed.readline().strip()
    server.wait(30)


def command(*arguments: str) -> list[str]:
    """`up`, `doctor` or `down`, at moto."""
    return [str(ROOT / "tests" / "deploy" / "at_moto.py"), *arguments]


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


def run(
    project: Path, address: str, *arguments: str, stdin: int | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """`up`, `doctor` or `down` in the clone, at moto, without a terminal but for `stdin`; never fails by itself."""
    given = environment(project, address, **variables)
    return start.run(command(*arguments), cwd=project, env=given, stdin=stdin, modules=COMMANDS)


def run_cold(project: Path, address: str, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The same in an interpreter of its own, started as a user starts it."""
    return subprocess.run(
        [sys.executable, *command(*arguments)],
        cwd=project,
        env=environment(project, address, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
