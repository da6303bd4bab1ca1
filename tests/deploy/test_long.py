"""What takes minutes or the package registry: the cold start's budget, and the package for the other architecture."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.deploy import package
from tests.deploy import projects
from tests.deploy.packages import Package
from tests.deploy.stages import stage
from tests.measures import cold_start
from tests.measures.cold_start import BARE, OURS, Way

pytestmark = pytest.mark.long
ALARM = 1.6  # times boto3 with three clients and an empty handler; the budget, and what is measured, is in the README


def test_a_cold_start_has_not_grown_out_of_all_proportion(package: Package):
    ways = [Way("boto3 alone", BARE, None), Way("the package", OURS, package.task)]
    for _ in range(3):  # other work on the machine can only make it worse
        times = cold_start.least(ways, package.runtime, rounds=15)
        ratio = times["the package"] / times["boto3 alone"]
        if ratio <= ALARM:
            break
    assert ratio <= ALARM, times


@pytest.mark.parametrize(
    ("architecture", "machine"), [("x86_64", "Advanced Micro Devices X86-64"), ("arm64", "AArch64")]
)
def test_the_package_is_built_for_the_architecture_of_config_json(tmp_path: Path, architecture: str, machine: str):
    project = projects.clone(tmp_path)
    of = stage(lambda_architecture=architecture)
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    built = package.build(project, of, runtime, {}, {})
    libraries = list((built / "vendor").glob("pydantic_core/*.so")) + list((built / "vendor").glob("PIL/_imaging.*.so"))
    assert len(libraries) == 2
    for library in libraries:
        header = subprocess.run(["readelf", "-h", library], capture_output=True, text=True, check=True).stdout
        assert machine in header
