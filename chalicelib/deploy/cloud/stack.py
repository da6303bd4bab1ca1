"""The stack: looked up, applied through a change set, deleted.

A change set, because only that adopts buckets that exist already (`ImportExistingResources`; CloudFormation user guide,
"Import AWS resources into a CloudFormation stack automatically", 2026-11).
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError, WaiterError

from chalicelib.deploy.cloud import validation
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import StackFound

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import WaiterConfigTypeDef

Settled = Literal["stack_create_complete", "stack_update_complete", "stack_delete_complete"]
POLLING: "WaiterConfigTypeDef" = {"Delay": 3, "MaxAttempts": 1_200}  # an hour
NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")


def look(cloudformation: "CloudFormationClient", name: str) -> StackFound | None:
    """The stack, or None where there is none."""
    status = _status(cloudformation, name)
    if status is None:
        return None
    body = cloudformation.get_template(StackName=name, TemplateStage="Original").get("TemplateBody") or {}
    template: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    return StackFound(status, template)


def apply(
    cloudformation: "CloudFormationClient", name: str, template: Mapping[str, Any], *, creates: bool, change: str
) -> None:
    """Create or update, and wait; `change` names the change set, new for each run. Raises CannotDeploy."""
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=change,
        ChangeSetType="CREATE" if creates else "UPDATE",
        TemplateBody=json.dumps(template),
        ImportExistingResources=True,
    )
    if not _ready(cloudformation, name, change):
        cloudformation.delete_change_set(StackName=name, ChangeSetName=change)
        return
    cloudformation.execute_change_set(StackName=name, ChangeSetName=change)
    _settle(cloudformation, name, "stack_create_complete" if creates else "stack_update_complete")


def delete(cloudformation: "CloudFormationClient", name: str) -> None:
    """Delete and wait; buckets stay, as the template says. Raises CannotDeploy with the cause."""
    cloudformation.delete_stack(StackName=name)
    _settle(cloudformation, name, "stack_delete_complete")


def _ready(cloudformation: "CloudFormationClient", name: str, change: str) -> bool:
    """Whether the change set has something to do, once it is worked out."""
    try:
        cloudformation.get_waiter("change_set_create_complete").wait(
            StackName=name, ChangeSetName=change, WaiterConfig=POLLING
        )
    except WaiterError as error:
        made: Mapping[str, Any] = error.last_response
        reason = made.get("StatusReason", "")
        if made.get("Status") != "FAILED":
            raise
        if any(words in reason for words in NOTHING_TO_DO):
            return False
        if validation.EARLY in reason:
            raise validation.refusal(cloudformation, name, made.get("ChangeSetId", change), reason) from None
        raise _failure(name, "unchanged", reason) from None
    return True


def _settle(cloudformation: "CloudFormationClient", name: str, waiter: Settled) -> None:
    try:
        cloudformation.get_waiter(waiter).wait(StackName=name, WaiterConfig=POLLING)
    except WaiterError as error:
        status = _status(cloudformation, name)
        if status is None or status.endswith("_IN_PROGRESS"):
            raise
        raise _failure(name, status, _first_cause(cloudformation, name)) from error


def _status(cloudformation: "CloudFormationClient", name: str) -> str | None:
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    return stacks[0]["StackStatus"]


def _first_cause(cloudformation: "CloudFormationClient", name: str) -> str:
    """The reason of the earliest failure of the latest run, which the others only follow from."""
    causes = [
        f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"
        for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        if event.get("ResourceStatus", "").endswith("_FAILED")
        and "cancelled" not in event.get("ResourceStatusReason", "")
    ]
    return causes[-1] if causes else "CloudFormation gives no reason"


def _failure(name: str, status: str | None, reason: str) -> CannotDeploy:
    says = f"The stack {name} is {status}: {reason}"
    if "QueueDeletedRecently" in reason or "60 seconds" in reason:
        return CannotDeploy(
            says, "SQS wants a minute between deleting a queue and making it again: wait, then run again."
        )
    if "already exists" in reason:
        return CannotDeploy(says, "Somebody else has that name: change it in .chalice/config.json, then run again.")
    return CannotDeploy(says, "Remove the cause, then run again: it takes up where this left off.")
