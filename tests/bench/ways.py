"""The three ways by name. The durable one is imported when it is asked for: nothing else needs its packages."""

from importlib import import_module
from typing import cast

from tests.bench.model import Way

NAMES = ("loop", "durable", "retake")


def way(name: str) -> Way:
    """How that way runs a job."""
    return cast("Way", import_module(f"tests.bench.{name}").run)
