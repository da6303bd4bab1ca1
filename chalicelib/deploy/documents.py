"""The documents of .chalice/ filled in for a stage: the stack's template and one policy for each function.

Reads files below the project's .chalice/ and nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.deploy import grants
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.rendering import render
from chalicelib.deploy.stage import HANDLERS, Stage

Document = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with it


@dataclass(frozen=True)
class Wanted:
    """What must be, where it is more than the stage itself: the documents filled in, and the runtime's name."""

    template: Mapping[str, Any]
    policies: Mapping[str, Mapping[str, Any]]
    runtime: str


BY_MAIL = ("AlarmsByMail", "ResultsByMail")
OF_OUTBOX = ("Outbox", "OutboxPolicy", "Results", "ResultsPolicy", "ResultsByMail")
POLICY_LIMIT = 10_240  # characters of a role's inline policies, white space not counted (IAM quotas, 2026-11)


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
    """The stack's template; one bucket where inbox and outbox are the same, no mail where nobody is to be told."""
    text = (project / ".chalice" / "stack.yaml").read_text(encoding="utf-8")
    document: Document = render(yaml.load(text, Loader=_LOADER), stage.names())
    left_out = {*(() if stage.notify else BY_MAIL), *(OF_OUTBOX if len(stage.buckets) == 1 else ())}
    for name in left_out:
        del document["Resources"][name]
    return document


def policies(project: Path, stage: Stage, models: list[str]) -> dict[str, Document]:
    """Each handler's policy; `models` are the ARNs it may invoke (see grants.py).

    A statement that is left without a resource goes: IAM takes none that names nothing.
    """
    names = {**stage.names(), "models": models}
    files = {handler: project / ".chalice" / stage.value("iam_policy_file", handler) for handler in HANDLERS}
    written = {handler: render(json.loads(file.read_text(encoding="utf-8")), names) for handler, file in files.items()}
    return {
        handler: {**policy, "Statement": [one for one in policy["Statement"] if one["Resource"] != []]}
        for handler, policy in written.items()
    }


def wanted(project: Path, stage: Stage, profiles: tuple[grants.Profile, ...], runtime: str) -> Wanted:
    """All documents of a stage as they must be. Raises CannotDeploy."""
    models = grants.arns(grants.models_of(stage.settings, profiles), stage.caller, profiles)
    written = policies(project, stage, models)
    for handler, policy in written.items():
        length = len(json.dumps(policy, separators=(",", ":")))
        if length > POLICY_LIMIT:
            raise CannotDeploy(
                f"The policy of {handler} has {length:,} characters, IAM allows {POLICY_LIMIT:,}: too many models.",
                "Name the ones you use in ALLOWED_IMAGE_MODELS and ALLOWED_VISION_MODELS of .chalice/config.json.",
            )
    return Wanted(template(project, stage), written, runtime)
