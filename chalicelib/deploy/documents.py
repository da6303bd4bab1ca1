"""The documents of .chalice/ filled in for a stage: the stack's template and one policy for each function.

Reads files below the project's .chalice/ and nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.rendering import render
from chalicelib.deploy.stage import HANDLERS, Stage

Document = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What must be, where it is more than the stage itself: the documents filled in, and the runtime's name."""

    template: Mapping[str, Any]
    policies: Mapping[str, Mapping[str, Any]]
    runtime: str


def read_config(project: Path) -> Document:
    """.chalice/config.json as it stands. Raises CannotDeploy."""
    path = project / ".chalice" / "config.json"
    try:
        config: Document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        missing = "There is no .chalice/config.json here."
        raise CannotDeploy(missing, "Run this from the root of the repository.") from None
    except ValueError as error:
        raise CannotDeploy(f".chalice/config.json is no JSON: {error}.", "Correct it there and try again.") from None
    return config


def template(project: Path, stage: Stage) -> Document:
    """The stack's template; one bucket where inbox and outbox are the same."""
    text = (project / ".chalice" / "stack.yaml").read_text(encoding="utf-8")
    document: Document = render(yaml.safe_load(text), stage.names())
    if len(stage.buckets) == 1:
        for name in ("Outbox", "OutboxPolicy"):
            del document["Resources"][name]
    return document


def policies(project: Path, stage: Stage, models: list[str]) -> dict[str, Document]:
    """Each handler's policy; `models` are the ARNs it may invoke (see grants.py)."""
    names = {**stage.names(), "models": models}
    files = {handler: project / ".chalice" / stage.value("iam_policy_file", handler) for handler in HANDLERS}
    return {handler: render(json.loads(file.read_text(encoding="utf-8")), names) for handler, file in files.items()}
