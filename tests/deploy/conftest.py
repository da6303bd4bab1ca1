"""What several tests of the deployment share, made once for a run, however many processes run the tests."""

import compileall
import fcntl
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deploy import projects
from tests.deploy.packages import Package
from tests.deploy.story import tell
from tests.deploy.stubs import Stub, stubbed
from tests.lambda_runtime.sandbox import lay_out_runtime


def once(folder: Path, name: str, make: Callable[[Path], Any]) -> Any:
    """What `make` gives (JSON), made by whichever process comes first; the others wait for it."""
    place = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = place / "made.json"
        if not kept.exists():
            place.mkdir(exist_ok=True)
            kept.write_text(json.dumps(make(place)), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))


@pytest.fixture
def stub() -> Iterator[Stub]:
    """See stubs.py."""
    with stubbed() as stub:
        yield stub


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A directory of this run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def wheels(shared: Path) -> Path:
    """Wheels of all that is deployed."""
    return Path(once(shared, "wheels", lambda place: str(projects.wheels(place))))


@pytest.fixture(scope="session")
def package(shared: Path, wheels: Path) -> Package:
    """The zip that Chalice makes, unpacked where nobody may write."""
    made = once(shared, "package", partial(_make_package, wheels))
    return Package(*(Path(path) for path in made))


def _make_package(wheels: Path, place: Path) -> list[str]:
    zipped, task, runtime = projects.zipped(projects.clone(place, wheels)), place / "task", place / "runtime"
    with zipfile.ZipFile(zipped) as package:
        package.extractall(task)
    runtime.mkdir()
    lay_out_runtime(runtime)
    for path in [task, *task.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return [str(zipped), str(task), str(runtime)]


@pytest.fixture(scope="session")
def story(shared: Path, package: Package) -> dict[str, Any]:
    """A whole job and what can befall one, through the package; see story.py."""
    return once(shared, "story", lambda place: tell(package))


@pytest.fixture(scope="session")
def used_project(shared: Path, wheels: Path) -> Path:
    """A clone in which a package was made before, of quickly installed packages; these are kept in it, and bytecode."""
    return Path(once(shared, "used", partial(_make_used, wheels)))


def _make_used(wheels: Path, place: Path) -> str:
    project = projects.clone(place, wheels, requirements="botocore\n")
    projects.zipped(project)
    shutil.rmtree(project / ".chalice" / "build" / "dev")
    compileall.compile_dir(project / "chalicelib", quiet=2)
    return str(project)


@pytest.fixture
def project(tmp_path: Path, used_project: Path) -> Path:
    """That one with what a test may change in it made its own."""
    return projects.second(used_project, tmp_path)


@pytest.fixture
def bare_project(tmp_path: Path, used_project: Path) -> Path:
    """The same without kept packages, so that the first package takes all its steps."""
    return projects.second(used_project, tmp_path, packages=False)


@pytest.fixture
def address() -> Iterator[str]:
    """A moto of this test's own."""
    with projects.moto() as address:
        yield address
