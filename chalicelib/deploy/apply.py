"""Performing the steps of plan.py, one after the other. Decides nothing; everything it needs is handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from chalice.utils import UI

from chalicelib.deploy import package, record, with_chalice
from chalicelib.deploy.cloud import buckets, functions, stack
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.cloud.look import look
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.stage import HANDLERS, Stage
from chalicelib.deploy.steps import (
    AllowRecursion,
    ApplyStack,
    ClearStack,
    DeleteBucket,
    DeleteFunction,
    DeleteRole,
    DeleteStack,
    DeployFunctions,
    DropMapping,
    SendFailures,
    Step,
    StopNotifying,
)

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


def perform(step: Step, stage: Stage, context: Context) -> None:
    """Do one step. Raises CannotDeploy, and what botocore and Chalice raise."""
    clients, account = context.clients, stage.caller.account
    match step:
        case ClearStack() | DeleteStack():
            stack.delete(clients.cloudformation, step.stack)
        case ApplyStack():
            _apply_stack(step, context)
        case DropMapping():
            functions.drop_mapping(clients.functions, step.uuid, context.sleep)
        case DeployFunctions():
            _deploy(step, stage, context)
        case AllowRecursion():
            functions.allow_recursion(clients.functions, step.function)
        case SendFailures():
            functions.send_failures(clients.functions, step.function, step.queue_arn, context.sleep)
        case StopNotifying():
            buckets.stop_notifying(clients.s3, step.bucket, step.function_arn, account)
        case DeleteFunction():
            functions.delete(clients.functions, step.function)
        case DeleteRole():
            functions.delete_role(clients.iam, step.role)
        case DeleteBucket():
            buckets.delete_if_empty(clients.s3, step.bucket, account)
        case _:
            assert_never(step)


def _apply_stack(step: ApplyStack, context: Context) -> None:
    stack.apply(
        context.clients.cloudformation,
        step.stack,
        step.template,
        creates=step.creates,
        change=context.change,
    )


def _deploy(step: DeployFunctions, stage: Stage, context: Context) -> None:
    """Chalice's record is made from what is live by now, stray mappings gone."""
    lookups = Lookups()
    live = record.deployed(stage, look(context.clients, stage, lookups))
    lookups.insist()
    built = package.build(context.project, stage, step.runtime, step.policies, live)
    with_chalice.deploy(built, stage.name, context.session, context.ui)
    functions.await_mappings(context.clients.functions, [stage.function_arn(name) for name in HANDLERS], context.sleep)
