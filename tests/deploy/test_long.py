"""What takes minutes or the package registry: the package for either architecture."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.deploy import package
from tests.deploy import projects
from tests.deploy.stages import stage

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("architecture", "machine"), [("x86_64", "Advanced Micro Devices X86-64"), ("arm64", "AArch64")]
)
def test_the_package_is_built_for_the_architecture_of_config_json(
    tmp_path: Path, wheels: Path, architecture: str, machine: str
):
    project = projects.clone(tmp_path, wheels)
    of = stage(lambda_architecture=architecture)
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    built = package.build(project, of, runtime, {}, {})
    libraries = list((built / "vendor").glob("pydantic_core/*.so")) + list((built / "vendor").glob("PIL/_imaging.*.so"))
    assert len(libraries) == 2
    for library in libraries:
        header = subprocess.run(["readelf", "-h", library], capture_output=True, text=True, check=True).stdout
        assert machine in header
