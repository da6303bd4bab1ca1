"""What a cold start costs beside boto3 alone, and how large each way of packaging is: the README's figures.

`python -m tests.measures.cold_start` prints the table. A cold start here is a new process that imports app.py and makes
the world of the first event, its three clients with it; CPU time, the least of many runs taken in turn, because other
work on the machine only ever adds.
"""

import resource
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.deploy import projects
from tests.deploy.stages import stage
from tests.lambda_runtime.sandbox import BOTO3, lay_out_runtime

PYTHON = getattr(sys, "_base_executable", sys.executable)
BARE = (
    "import boto3\nsession = boto3.Session()\nfor name in ('s3', 'sqs', 'bedrock-runtime'):\n    session.client(name)\n"
)
OURS = (
    "import app\nfrom chalicelib.wiring import services\nservices(app.settings).models._client_for('us-east-1', 60.0)\n"
)
UNFROZEN = f"import gc\ngc.freeze = lambda: None\n{OURS}"


@dataclass(frozen=True)
class Way:
    """One way of packaging; `folder` None: no package, only Lambda's runtime."""

    name: str
    code: str
    folder: Path | None
    zipped: Path | None = None


def milliseconds(way: Way, runtime: Path) -> float:
    """CPU time of one cold start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    folder = way.folder or runtime
    subprocess.run([PYTHON, "-S", "-c", way.code], cwd=folder, env=variables(runtime), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def variables(runtime: Path) -> Mapping[str, str]:
    access = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1"}
    library = {"PYTHONPATH": str(runtime), "LD_LIBRARY_PATH": sysconfig.get_config_var("LIBDIR") or ""}
    return {
        **stage().environment,
        **access,
        **library,
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def least(ways: list[Way], runtime: Path, rounds: int) -> dict[str, float]:
    """The least of each way's times, the ways taken in turn."""
    times = [{way.name: milliseconds(way, runtime) for way in ways} for _ in range(rounds)]
    return {way.name: min(one[way.name] for one in times) for way in ways}


def unpacked(zipped: Path, into: Path) -> Path:
    with zipfile.ZipFile(zipped) as package:
        package.extractall(into)
    return into


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "runtime").mkdir()
        runtime, project = lay_out_runtime(place / "runtime", BOTO3), projects.clone(place, projects.wheels(place))
        plain, ours = projects.zipped(project, "plain"), projects.zipped(project)
        package = unpacked(ours, place / "ours")
        ways = [
            Way("boto3 alone, three clients, an empty handler", BARE, None),
            Way("plain `chalice deploy`", OURS, unpacked(plain, place / "plain"), plain),
            Way("`up`, without gc.freeze()", UNFROZEN, package, ours),
            Way("`up`", OURS, package, ours),
        ]
        times = least(ways, runtime, rounds)
        for way in ways:
            size = f"{way.zipped.stat().st_size / 1e6:.1f} MB" if way.zipped else "–"
            print(f"| {way.name} | {size} | {times[way.name]:.0f} ms | {times[way.name] / times[ways[0].name]:.2f} × |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
