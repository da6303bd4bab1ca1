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
from chalicelib.deploy.sight import Sight
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
class Hands:
    """What steps are performed with; `change` names this run's change set, `sleep` takes seconds."""

    project: Path
    clients: Clients
    session: "botocore.session.Session"
    sleep: Callable[[float], None]
    change: str
    ui: UI


def perform(step: Step, stage: Stage, hands: Hands) -> None:
    """Do one step. Raises CannotDeploy, and what botocore and Chalice raise."""
    clients, account = hands.clients, stage.caller.account
    match step:
        case ClearStack() | DeleteStack():
            stack.delete(clients.cloudformation, step.stack)
        case ApplyStack():
            _apply_stack(step, hands)
        case DropMapping():
            functions.drop_mapping(clients.functions, step.uuid, hands.sleep)
        case DeployFunctions():
            _deploy(step, stage, hands)
        case AllowRecursion():
            functions.allow_recursion(clients.functions, step.function)
        case SendFailures():
            functions.send_failures(clients.functions, step.function, step.queue_arn, hands.sleep)
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


def _apply_stack(step: ApplyStack, hands: Hands) -> None:
    stack.apply(
        hands.clients.cloudformation,
        step.stack,
        step.template,
        creates=step.creates,
        change=hands.change,
    )


def _deploy(step: DeployFunctions, stage: Stage, hands: Hands) -> None:
    """Chalice's record is made from what is live by now, stray mappings gone."""
    sight = Sight()
    live = record.deployed(stage, look(hands.clients, stage, sight))
    sight.insist()
    built = package.build(hands.project, stage, step.runtime, step.policies, live)
    with_chalice.deploy(built, stage.name, hands.session, hands.ui)
    functions.await_mappings(hands.clients.functions, [stage.function_arn(name) for name in HANDLERS], hands.sleep)
