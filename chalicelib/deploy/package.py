"""What Chalice zips: a project directory of its own, built anew for a stage below .chalice/build/<stage>/.

It holds what runs in the cloud and nothing else: app.py, chalicelib/ without `local`, `deploy`, `follow`, `stage`,
`calibration` and what only the command line reads, the packages of requirements.txt with what is never loaded left out,
bytecode for all of it, and the stage's config.json and policies with every name filled in. boto3 is among the packages:
that of Lambda's runtime is another version than the one tested, and reads four hundred services' folders before the
first of three clients.

Why not Chalice's own packaging: it zips no bytecode, so that Lambda compiles every module at each cold start (half of
it, measured 2026-11); and it asks pip for the newest release first and drops a package whose newest has no wheel for
the runtime (pillow 13 on Python 3.11, chalice 1.34), where this asks for the newest that has one.
"""

import compileall
import hashlib
import importlib.util
import json
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.runtime import wheel_platforms
from chalicelib.deploy.service_models import CALLED, keep_what_is_called
from chalicelib.deploy.stage import Stage

STAYS_HERE = (
    *("local", "deploy", "follow", "stage", "calibration", "__main__.py", "__pycache__"),
    *("gallery.*", "sources.py", "files.py", "budget.py", "estimate.py"),  # of report and prompts: the command line's
)
# Never imported by what is deployed. Of Pillow: AVIF, fonts, colour profiles and Tk, with the libraries only they load.
# Of boto3: resources. Of Jinja2: extensions, the sandbox and what looks into templates.
NEVER_LOADED = (
    "*.dist-info",
    "bin",
    "pydantic/v1",
    "pydantic/mypy.py",
    "PIL/_avif.*",
    "PIL/_imagingft.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingtk.*",
    "pillow.libs/libavif*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libpng16*",
    "pillow.libs/liblcms2*",
    "boto3/data",
    "boto3/dynamodb",
    "boto3/ec2",
    "boto3/examples",
    "jinja2/ext.py",
    "jinja2/meta.py",
    "jinja2/nativetypes.py",
    "jinja2/sandbox.py",
    "markupsafe/_speedups.c",
    "**/*.pyi",
)
IN_THE_CLOUD = "/var/task"


def build(project: Path, stage: Stage, runtime: str, policies: Mapping[str, Any], record: Mapping[str, Any]) -> Path:
    """Build the stage's project directory for `runtime`, this Python's; where it is. Raises CannotDeploy."""
    built = project / ".chalice" / "build" / stage.name
    shutil.rmtree(built, ignore_errors=True)
    packages = _packages(project, runtime, stage.value("lambda_architecture"))
    shutil.copytree(packages, built / "vendor")
    shutil.copy(project / "app.py", built)
    shutil.copytree(project / "chalicelib", built / "chalicelib", ignore=shutil.ignore_patterns(*STAYS_HERE))
    _write(built / ".chalice" / "config.json", stage.config)
    _write(built / ".chalice" / "deployed" / f"{stage.name}.json", record)
    for handler, policy in policies.items():
        _write(built / ".chalice" / stage.value("iam_policy_file", handler), policy)
    _compile(built)
    return built


def _packages(project: Path, runtime: str, architecture: str) -> Path:
    """The deployed packages for a runtime and architecture, installed and compiled once, kept below .chalice/build/."""
    requirements = project / "requirements.txt"
    made_of = (requirements.read_bytes(), NEVER_LOADED, CALLED, "bytecode")
    key = hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]
    kept = project / ".chalice" / "build" / f"packages-{runtime}-{architecture}-{key}"
    if kept.exists():
        return kept
    fresh = kept.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _install(requirements, fresh, runtime, architecture)
    for pattern in NEVER_LOADED:
        for path in list(fresh.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    keep_what_is_called(fresh / "botocore")
    _compile_all(fresh, fresh)
    return fresh.rename(kept)


def _deployed(requirements: Path) -> list[str]:
    """The packages of requirements.txt but Chalice, which puts its own runtime into every zip."""
    lines = (line.partition("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("chalice")]


def _install(requirements: Path, target: Path, runtime: str, architecture: str) -> None:
    version = runtime.removeprefix("python")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += [*_deployed(requirements), "--target", str(target), "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", version]
    for platform in wheel_platforms(runtime, architecture):
        command += ["--platform", platform]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["pip gives no reason"])[-1]
        raise CannotDeploy(
            f"pip cannot install requirements.txt for {runtime} on {architecture}: {words}",
            "Check the network (and PIP_INDEX_URL, if you use one), then run this again.",
        )


def _compile(built: Path) -> None:
    """Bytecode for all but the packages, which have theirs, in the places where Python looks for it in the cloud.

    Chalice copies vendor/ to the root of the zip, and adds app.py and two files of its own there.
    """
    vendor = built / "vendor"
    _compile_all(built / "chalicelib", built)
    chalice = Path(str(importlib.util.find_spec("chalice").origin)).parent  # type: ignore[union-attr]
    for source, name in (
        (built / "app.py", "app.py"),
        (chalice / "__init__.py", "chalice/__init__.py"),
        (chalice / "app.py", "chalice/app.py"),
    ):
        py_compile.compile(
            str(source),
            cfile=importlib.util.cache_from_source(str(vendor / name)),
            dfile=f"{IN_THE_CLOUD}/{name}",
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _compile_all(folder: Path, root: Path) -> None:
    """Bytecode that is used without a look at its source; `root` will be IN_THE_CLOUD."""
    compileall.compile_dir(
        folder,
        quiet=2,
        stripdir=str(root),
        prependdir=IN_THE_CLOUD,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
