"""Wheels made from what is installed here, so that a package can be built without a registry.

Each is tagged as the oldest platform Lambda has, whatever the installed files were built for: they run on this machine.
"""

import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

OLDEST_PLATFORM = "manylinux_2_17_x86_64"


def fill(folder: Path, requirements: Path) -> None:
    """One wheel for each requirement of a file and for whatever it needs."""
    lines = (line.partition("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    waiting, done = [Requirement(line).name for line in lines if line], set[str]()
    while waiting:
        found = distribution(waiting.pop())
        if found.name not in done:
            done.add(found.name)
            _write(folder, found)
            waiting += [need.name for need in map(Requirement, found.requires or ()) if _applies(need)]


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def _write(folder: Path, found: Distribution) -> None:
    name = found.name.replace("-", "_")
    with zipfile.ZipFile(folder / f"{name}-{found.version}-{_tag(found)}.whl", "w") as wheel:
        for file in found.files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                wheel.write(file.locate(), str(file))


def _tag(found: Distribution) -> str:
    """The wheel's own tag, several interpreters and all; the oldest platform's in place of any but "any"."""
    written = (found.read_text("WHEEL") or "").splitlines()
    tags = [line.removeprefix("Tag: ").split("-") for line in written if line.startswith("Tag: ")]
    interpreters, (_, abi, platform) = dict.fromkeys(tag[0] for tag in tags), tags[0]
    return f"{'.'.join(interpreters)}-{abi}-{platform if platform == 'any' else OLDEST_PLATFORM}"
