"""The zip that Chalice makes: small, complete, compiled, and run as Lambda runs it."""

import json
import py_compile
import subprocess
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import PurePosixPath
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from chalicelib.deploy.service_models import CALLED, described
from tests.deploy.packages import Package
from tests.lambda_runtime.sandbox import CONFINED, MEMORY_MB

PYTHON = getattr(sys, "_base_executable", sys.executable)


def files(package: Package) -> set[PurePosixPath]:
    with zipfile.ZipFile(package.zipped) as zipped:
        return {PurePosixPath(name) for name in zipped.namelist() if not name.endswith("/")}


def test_it_holds_what_runs_in_the_cloud_and_nothing_else(package: Package):
    names = files(package)
    roots = {name.parts[0] for name in names}
    assert roots >= {"app.py", "boto3", "botocore", "chalice", "chalicelib", "pydantic", "PIL"}
    assert not roots & {"inquirer", "moto", "rich", "pip", "tests", "vendor", "click"}
    here = {("chalicelib", part) for part in ("local", "deploy", "follow", "stage", "calibration")}
    assert not [name for name in names if name.parts[:2] in here]
    assert PurePosixPath("chalicelib/__main__.py") not in names
    assert not {"gallery.py", "gallery.html", "sources.py", "files.py", "estimate.py"} & {
        name.name for name in names if name.parts[0] == "chalicelib"
    }
    assert PurePosixPath("chalicelib/prompts/rows.py") in names
    assert PurePosixPath("chalicelib/handlers.py") in names


def test_it_is_small(package: Package):
    assert package.zipped.stat().st_size < 10_500_000
    with zipfile.ZipFile(package.zipped) as zipped:
        assert sum(one.file_size for one in zipped.infolist()) < 32_000_000


def test_every_module_has_bytecode_that_is_used_without_a_look_at_its_source(package: Package):
    names = files(package)
    tag = f"{sys.implementation.cache_tag}.pyc"
    for name in names:
        if name.suffix == ".py":
            assert name.parent / "__pycache__" / f"{name.stem}.{tag}" in names, name
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    assert unchecked.value == 3
    for name in names:
        if name.suffix == ".pyc":
            header = (package.task / name).read_bytes()[:8]
            assert header == MAGIC_NUMBER + b"\x01\0\0\0", f"{name}: hash-based, source not looked at (PEP 552)"


def confined(package: Package, code: str) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, str(CONFINED), str(MEMORY_MB), PYTHON, "-S", "-c", code]
    return subprocess.run(command, cwd=package.task, env={}, capture_output=True, text=True, check=False)


def test_what_reads_a_file_of_many_prompts_is_there(package: Package):
    done = confined(package, "import chalicelib.intake.batch")
    assert done.returncode == 0, done.stderr


def test_the_process_may_not_write_where_the_package_is(package: Package):
    assert "PermissionError" in confined(package, "open('written', 'w')").stderr


def test_the_process_sees_no_package_of_this_machine(package: Package):
    assert "No module named 'pytest'" in confined(package, "import pytest").stderr
    for name in ("boto3", "botocore"):
        assert f"/task/{name}/" in confined(package, f"import {name}; raise SystemExit({name}.__file__)").stderr


def test_the_process_has_no_more_memory_than_the_function(package: Package):
    assert "MemoryError" in confined(package, f"b'x' * ({MEMORY_MB} * 1024 * 1024)").stderr


def test_what_was_left_out_of_pillow_is_not_needed_for_what_models_return(package: Package):
    code = """
import io
from PIL import Image, ImageDraw
drawn = Image.new("RGB", (64, 48), "navy")
ImageDraw.Draw(drawn).ellipse((8, 8, 40, 40), fill="white")
for kind in ("PNG", "JPEG", "GIF", "WEBP"):
    kept = io.BytesIO()
    drawn.save(kept, kind)
    again = Image.open(io.BytesIO(kept.getvalue()))
    again.thumbnail((16, 16))
    again.convert("RGB").save(io.BytesIO(), "JPEG", quality=75)
print("all four")
"""
    done = confined(package, code)
    assert done.stdout == "all four\n", done.stderr


def test_of_botocores_services_those_are_kept_that_jobs_call_and_no_operation_more(
    package: Package, story: dict[str, Any]
):
    called: dict[str, set[str]] = {name: set() for name in CALLED}
    for call in story["calls"]:
        service, _, action = call["action"].partition(":")
        called["bedrock-runtime" if service == "bedrock" else service].add(action.removesuffix("Version"))
    called["bedrock-runtime"] = {"Converse", "InvokeModel"} if called["bedrock-runtime"] else set()
    assert {name: set(operations) for name, operations in CALLED.items()} == called
    kept = {path.name for path in (package.task / "botocore" / "data").iterdir() if path.is_dir()}
    assert kept == set(CALLED)


def test_a_shortened_description_says_of_an_operation_what_the_whole_one_says():
    session = botocore.session.get_session()
    for service, operations in CALLED.items():
        whole = session.get_service_data(service, session.get_service_model(service).api_version)
        short = ServiceModel(described(whole, operations), service)
        assert tuple(sorted(short.operation_names)) == operations
        for name in operations:
            assert shape_of(short.operation_model(name).input_shape) == shape_of(
                ServiceModel(whole, service).operation_model(name).input_shape
            )
            assert shape_of(short.operation_model(name).output_shape) == shape_of(
                ServiceModel(whole, service).operation_model(name).output_shape
            )
        assert len(json.dumps(short.metadata)) > 2


def shape_of(shape: Any, seen: tuple[str, ...] = ()) -> Any:
    """A shape with all below it, to its first repetition."""
    if shape is None or shape.name in seen:
        return shape and shape.name
    below = (*seen, shape.name)
    members = {name: shape_of(member, below) for name, member in getattr(shape, "members", {}).items()}
    parts = [shape_of(getattr(shape, name), below) for name in ("member", "key", "value") if hasattr(shape, name)]
    return (shape.type_name, dict(shape.serialization), members, parts)


def test_a_whole_job_goes_through_it(story: dict[str, Any]):
    results, keys = story["results"], story["keys"]
    (job,) = [name for name in results if name.startswith("aurora-")]
    result = results[job]
    assert result["status"] in ("SUCCESS", "FAIL")
    assert len(result["attempts"]) >= 2
    assert result["generations"] == len([key for key in keys if f"/{job}/" in key and key.endswith(".png")])
    assert f"generated-images/{job}/result.json" in keys


def test_what_can_befall_a_job_ends_as_it_must(story: dict[str, Any]):
    results, keys = story["results"], story["keys"]
    assert results["never-begun"]["status"] == "FAIL"
    assert "generated-images/dead-letters/never-begun-000-000.json" in keys
    refused = [key for key in keys if key.startswith("generated-images/rejected/")]
    assert sorted(key.split("/")[2].split("-")[0] for key in refused) == ["gone", "plain"]
    assert [key for key in keys if key.startswith("generated-images/twice-") and key.endswith("000-000.png")]


def test_it_stays_within_its_memory(story: dict[str, Any]):
    assert story["mb"] < MEMORY_MB


def test_every_attempt_tells_its_cost_as_a_metric(story: dict[str, Any]):
    assert (
        '"Namespace": "Retake", "Dimensions": [["Stage"]], "Metrics": [{"Name": "CostUSD"}, {"Name": "Images"}'
        in story["log"]
    )
    assert '"Stage": "dev", "CostUSD": 0.0' in story["log"]
