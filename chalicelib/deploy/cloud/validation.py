"""What CloudFormation found wrong with a change set before it began, in its own words and with the next step.

The change set itself says only `AWS::EarlyValidation::…`; `DescribeEvents` has the resource and the reason (since
2025-11; CloudFormation user guide, "Validate stack deployments", names and words of rain's pull request 744, 2026-11).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.deploy.errors import CannotDeploy

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

EARLY = "AWS::EarlyValidation::"
STEPS = {
    "NAME_CONFLICT": "Something else has that name: change it in .chalice/config.json, or delete the other",
    "BUCKET_EMPTINESS": "Empty that bucket in the console, or name it in .chalice/config.json again",
    "QUOTA": "Ask for more at https://console.aws.amazon.com/servicequotas/home",
}
OTHERWISE = "Correct that resource in .chalice/stack.yaml"
UNTOLD = "The reason stands in the console, with the change set; or have cloudformation:DescribeEvents allowed"


@dataclass(frozen=True)
class Found:
    """One thing that is wrong: with which resource, why, and where in the template."""

    resource: str
    kind: str
    check: str
    reason: str
    path: str

    def __str__(self) -> str:
        return f"{self.resource} ({self.kind}): {self.reason}" + (f" (at {self.path})" if self.path else "")


def refusal(cloudformation: "CloudFormationClient", stack: str, change_set: str, words: str) -> CannotDeploy:
    """The sentence for a change set, by its ARN, that early validation refused in these `words`."""
    try:
        found = _failures(cloudformation, change_set)
    except ClientError as error:
        says = f"{words} (and why cannot be read: {error.response['Error']['Code']})"
        return CannotDeploy(f"The stack {stack} is unchanged: {says}", f"{UNTOLD}, then run this again.")
    if not found:
        return CannotDeploy(f"The stack {stack} is unchanged: {words}", f"{UNTOLD}, then run this again.")
    steps = dict.fromkeys(_step(one.check) for one in found)
    reasons = "; ".join(dict.fromkeys(map(str, found)))
    return CannotDeploy(f"The stack {stack} is unchanged: {reasons}", f"{'. '.join(steps)}, then run this again.")


def _step(check: str) -> str:
    return next((step for word, step in STEPS.items() if word in check), OTHERWISE)


def _failures(cloudformation: "CloudFormationClient", change_set: str) -> list[Found]:
    pages = cloudformation.get_paginator("describe_events").paginate(
        ChangeSetName=change_set, Filters={"FailedEvents": True}
    )
    return [
        Found(
            event.get("LogicalResourceId", "?"),
            event.get("ResourceType", "?"),
            event.get("ValidationName", ""),
            event.get("ValidationStatusReason") or event.get("ResourceStatusReason", "no reason is given"),
            event.get("ValidationPath", ""),
        )
        for page in pages
        for event in page["OperationEvents"]
        if event.get("EventType") == "VALIDATION_ERROR"
    ]
