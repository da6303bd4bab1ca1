"""The stage that the tests of the deployment are about, and how to change its config.json."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.deploy import documents, grants
from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.found import Bucket, Found, FunctionFound, MappingFound, Notification, RoleFound, StackFound
from chalicelib.deploy.resolve import resolve
from chalicelib.deploy.stage import HANDLERS, Caller, Stage, source_of

ROOT = Path(__file__).parent.parent.parent
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
CALLER = Caller("aws", "123456789012", "us-east-1")
RUNTIME = "python3.13"


def config(**changes: Any) -> dict[str, Any]:
    """config.json with some of its top-level values set otherwise, and variables by their capital names."""
    changed = copy.deepcopy(CONFIG)
    for name, value in changes.items():
        place = changed["environment_variables"] if name.isupper() else changed
        place[name] = value
    return changed


def stage(name: str = "dev", caller: Caller = CALLER, **changes: Any) -> Stage:
    """A stage of config.json as it stands but for the changes."""
    return resolve(config(**changes), name, caller)


def wanted(of: Stage, profiles: tuple[grants.Profile, ...] = ()) -> Wanted:
    """What must be of a stage."""
    return documents.wanted(ROOT, of, profiles, RUNTIME)


def complete(of: Stage) -> Found:
    """What is there when all is well."""
    must = wanted(of)
    return Found(
        stack=StackFound("CREATE_COMPLETE", must.template),
        buckets=dict.fromkeys(of.buckets, Bucket.EMPTY),
        functions={handler: _function(of, handler) for handler in HANDLERS},
        roles={handler: RoleFound(_role_arn(of, handler), must.policies[handler]) for handler in HANDLERS},
        notifications=(Notification(of.settings.inbox_bucket, of.function_arn("on_prompt")),),
    )


def _role_arn(of: Stage, handler: str) -> str:
    return f"arn:aws:iam::{of.caller.account}:role/{of.function(handler)}"


def _function(of: Stage, handler: str) -> FunctionFound:
    source = source_of(of, handler)
    dead_letters = of.queue_arn(of.settings.dead_letter_queue_name)
    return FunctionFound(
        arn=of.function_arn(handler),
        runtime=RUNTIME,
        architecture="x86_64",
        timeout=300,
        memory=512,
        environment=of.environment_of(handler),
        state="Active",
        recursion="Allow" if handler == "on_attempt" else "Terminate",
        failure_destination=dead_letters if handler == "on_prompt" else None,
        mappings=(MappingFound(f"uuid-of-{handler}", source, "Enabled", 1, None),) if source else (),
    )


def changed(values: Mapping[str, Any], name: str, **changes: Any) -> dict[str, Any]:
    """A mapping of frozen values with one of them changed."""
    from dataclasses import replace

    return {**values, name: replace(values[name], **changes)}
