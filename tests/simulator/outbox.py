"""The outbox as a judge reads it: records, results and letters of a job, straight from the objects."""

import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from tests.fakes.world import World
from tests.simulator.jobs import OUTBOX, PREFIX, Job

RECORD = re.compile(r"(\d{3})-(\d{3})\.json")
IMAGE = re.compile(r"(\d{3})-(\d{3})(?:-(\d))?\.png")


@lru_cache(maxsize=4_000)
def read_json(body: bytes) -> Any:
    """Parsed once; nobody may change what comes back."""
    return json.loads(body)


@dataclass(frozen=True)
class Folder:
    """All that the outbox holds of one job, by name within its folder."""

    files: dict[str, bytes]

    def record(self, revision: int, attempt: int) -> dict[str, Any] | None:
        body = self.files.get(f"{revision:03}-{attempt:03}.json")
        found: dict[str, Any] | None = read_json(body) if body is not None else None
        return found

    @cached_property
    def records(self) -> dict[tuple[int, int], dict[str, Any]]:
        found = {}
        for name, body in sorted(self.files.items()):
            if match := RECORD.fullmatch(name):
                found[int(match[1]), int(match[2])] = read_json(body)
        return found

    @property
    def result(self) -> dict[str, Any] | None:
        body = self.files.get("result.json")
        return read_json(body) if body is not None else None

    def image(self, revision: int, attempt: int, number: int = 0) -> bytes | None:
        suffix = f"-{number}" if number else ""
        return self.files.get(f"{revision:03}-{attempt:03}{suffix}.png")


def folders(world: World, job: Job) -> dict[str, Folder]:
    """The job's folders by name: one, if all is well."""
    found: dict[str, dict[str, bytes]] = {}
    for (bucket, key), versions in world.objects.items():
        if bucket == OUTBOX and key.startswith(f"{PREFIX}/{job.tag}-"):
            name, _, rest = key.removeprefix(f"{PREFIX}/").partition("/")
            found.setdefault(name, {})[rest] = versions[-1].body
    return {name: Folder(files) for name, files in found.items()}


def under(world: World, part: str, job: Job) -> dict[str, bytes]:
    """What lies under rejected/ or dead-letters/ for the job, by file name."""
    start = f"{PREFIX}/{part}/"
    return {
        key.removeprefix(start): versions[-1].body
        for (bucket, key), versions in world.objects.items()
        if bucket == OUTBOX and key.startswith(f"{start}{job.tag}-")
    }
