"""The steps of `up` and `down`: what each says of itself in the plan, and what it does. Which are needed, plan.py says.

Every one may be performed again without harm. Nothing here decides; everything a step works with is handed in.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.utils import UI

from chalicelib.deploy import package, record
from chalicelib.deploy.cloud import buckets, functions, stack
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.cloud.look import look
from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.found import MappingFound, Notification
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.stage import HANDLERS, Stage

if TYPE_CHECKING:
    import botocore.session


@dataclass(frozen=True)
class Context:
    """What steps are performed with; `change` names this run's change set, `sleep` takes seconds."""

    project: Path
    clients: Clients
    session: "botocore.session.Session"
    sleep: Callable[[float], None]
    change: str
    ui: UI


@dataclass(frozen=True)
class Step:
    """`perform` raises CannotDeploy, and what botocore and Chalice raise; `always`: whatever is there already."""

    says: str
    perform: Callable[[Context], object]
    always: bool = False


def clear_stack(name: str) -> Step:
    """Remove the shell of a stack whose creation was rolled back."""
    says = f"clear the stack {name}, whose creation was rolled back and which holds nothing"
    return Step(says, lambda context: stack.delete(context.clients.cloudformation, name))


def apply_stack(name: str, template: Mapping[str, Any], *, creates: bool, adopts: tuple[str, ...]) -> Step:
    """Create or update the stack; the buckets in `adopts` are there already and become part of it."""
    adopting = f", adopting what was kept: {' and '.join(adopts)}" if adopts else ""

    def perform(context: Context) -> None:
        stack.apply(context.clients.cloudformation, name, template, creates=creates, change=context.change)

    return Step(f"{'create' if creates else 'update'} the stack {name}{adopting}", perform)


def drop_mapping(function: str, mapping: MappingFound) -> Step:
    """Remove an event source mapping: one to another queue than the stage's, or all of them on the way down."""
    return Step(
        f"disconnect {function} from {_last(mapping.source_arn)}",
        lambda context: functions.drop_mapping(context.clients.functions, mapping.uuid, context.sleep),
    )


def deploy_functions(of: Stage, wanted: Wanted) -> Step:
    """Build the package and let Chalice create or update functions, roles, mappings and the bucket's notification."""
    names = ", ".join(map(of.function, HANDLERS))
    return Step(f"build the package and deploy {names} with Chalice", partial(_deploy, of, wanted), always=True)


def _deploy(of: Stage, wanted: Wanted, context: Context) -> None:
    """What `chalice deploy --stage S` does, here, so that the session is surely the one that all else uses.

    Chalice's record is made from what is live by now, stray mappings gone. It imports app.py, which reads its settings
    from the environment: they are put there first, and stay.
    """
    from chalice.cli.factory import CLIFactory  # loads what Chalice asks questions with: nothing else here needs it

    lookups = Lookups()
    live = record.deployed(of, look(context.clients, of, lookups))
    lookups.insist()
    built = package.build(context.project, of, wanted.runtime, wanted.policies, live)
    factory = CLIFactory(str(built), environ=os.environ)
    config = factory.create_config_obj(chalice_stage_name=of.name)
    deployer = factory.create_default_deployer(session=context.session, config=config, ui=context.ui)
    deployer.deploy(config, chalice_stage_name=of.name)
    functions.await_mappings(context.clients.functions, [of.function_arn(name) for name in HANDLERS], context.sleep)


def allow_recursion(function: str) -> Step:
    """Let a function go on sending itself messages; its own caps end the loop."""
    return Step(
        f"allow the loop of {function}", lambda context: functions.allow_recursion(context.clients.functions, function)
    )


def send_failures(function: str, queue_arn: str) -> Step:
    """Send the asynchronous invocations a function fails at to a queue."""
    return Step(
        f"send what {function} fails at to {_last(queue_arn)}",
        lambda context: functions.send_failures(context.clients.functions, function, queue_arn, context.sleep),
    )


def stop_notifying(one: Notification, account: str) -> Step:
    """Take a function out of a bucket's event notifications."""
    return Step(
        f"stop {one.bucket} from invoking {_last(one.function_arn)}",
        lambda context: buckets.stop_notifying(context.clients.s3, one.bucket, one.function_arn, account),
    )


def delete_function(name: str) -> Step:
    return Step(f"delete the function {name}", lambda context: functions.delete(context.clients.functions, name))


def delete_role(name: str) -> Step:
    return Step(f"delete the role {name}", lambda context: functions.delete_role(context.clients.iam, name))


def delete_stack(name: str) -> Step:
    says = f"delete the stack {name}: queues, messages in them, log groups, alarms, dashboard"
    return Step(says, lambda context: stack.delete(context.clients.cloudformation, name))


def delete_bucket(name: str, account: str) -> Step:
    says = f"delete the bucket {name}, which is empty"
    return Step(says, lambda context: buckets.delete_if_empty(context.clients.s3, name, account))


def _last(arn: str) -> str:
    return arn.rpartition(":")[2]
