"""What of botocore's data the deployed code uses: three services of four hundred, and of those the operations it calls.

botocore reads a service's whole description as JSON before its first call, and lists all services' folders to find it:
a fifth of a cold start (measured 2026-11). tests/deploy hold CALLED against the calls of whole jobs.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CALLED = {
    "bedrock-runtime": ("Converse", "InvokeModel"),
    "s3": ("GetObject", "PutObject"),
    "sqs": ("GetQueueUrl", "SendMessage"),
}
DESCRIPTION = "service-2.json.gz"
NEEDED = (DESCRIPTION, "service-2.sdk-extras.json", "endpoint-rule-set-1.json.gz")

Json = dict[str, Any]


def keep_what_is_called(botocore: Path) -> None:
    """Leave out of a copy of botocore what no call of the deployed code needs."""
    for service in (botocore / "data").iterdir():
        if service.is_dir() and service.name not in CALLED:
            shutil.rmtree(service)
    for name, operations in CALLED.items():
        for version in (botocore / "data" / name).iterdir():
            _shorten(version, operations)


def _shorten(version: Path, operations: tuple[str, ...]) -> None:
    for path in version.iterdir():
        if path.name not in NEEDED:
            path.unlink()
    whole: Json = json.loads(gzip.decompress((version / DESCRIPTION).read_bytes()))
    short = json.dumps(described(whole, operations), separators=(",", ":"))
    (version / DESCRIPTION).write_bytes(gzip.compress(short.encode(), mtime=0))


def described(model: Json, operations: tuple[str, ...]) -> Json:
    """The service's description with these operations and the shapes they reach, both without their documentation."""
    kept = {name: _without_documentation(model["operations"][name]) for name in operations}
    needed: set[str] = set()
    waiting = list(_shapes(kept))
    while waiting:
        shape = waiting.pop()
        if shape not in needed:
            needed.add(shape)
            waiting += _shapes(model["shapes"][shape])
    shapes = {name: _without_documentation(shape) for name, shape in model["shapes"].items() if name in needed}
    return {**model, "operations": kept, "shapes": shapes}


def _shapes(part: Any) -> Iterator[str]:
    """Every shape that a part of a description names: {"shape": NAME}, wherever it stands."""
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        for value in part.values():
            yield from _shapes(value)
    elif isinstance(part, list):
        for value in part:
            yield from _shapes(value)


def _without_documentation(part: Any) -> Any:
    if isinstance(part, dict):
        words = ("documentation", "documentationUrl")
        return {
            key: _without_documentation(value)
            for key, value in part.items()
            if not (key in words and isinstance(value, str))
        }
    return [_without_documentation(value) for value in part] if isinstance(part, list) else part
