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

Json = dict[str, Any]


def keep_what_is_called(botocore: Path) -> None:
    """Leave out of a copy of botocore what no call of the deployed code needs."""
    for service in (botocore / "data").iterdir():
        if service.is_dir() and service.name not in CALLED:
            shutil.rmtree(service)
    for name, operations in CALLED.items():
        for path in (botocore / "data" / name).glob(f"*/{DESCRIPTION}"):
            short = described(json.loads(gzip.decompress(path.read_bytes())), operations)
            path.write_bytes(gzip.compress(json.dumps(short, separators=(",", ":")).encode(), mtime=0))


def described(model: Json, operations: tuple[str, ...]) -> Json:
    """The service's description with these operations and the shapes they reach."""
    kept = {name: model["operations"][name] for name in operations}
    needed: set[str] = set()
    waiting = list(_shapes(kept))
    while waiting:
        shape = waiting.pop()
        if shape not in needed:
            needed.add(shape)
            waiting += _shapes(model["shapes"][shape])
    shapes = {name: shape for name, shape in model["shapes"].items() if name in needed}
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
