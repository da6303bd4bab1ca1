"""What CloudFormation found wrong with a change set before it began, in its own words and with the next step.

The change set itself says only `AWS::EarlyValidation::…`; `DescribeEvents` has the resource and the reason (since
2025-11; CloudFormation user guide, "Validate stack deployments", names and words of rain's pull request 744, 2026-11).
"""

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


def refusal(cloudformation: "CloudFormationClient", stack: str, change_set: str, words: str) -> CannotDeploy:
    """The sentence for a change set, by its ARN, that early validation refused in these `words`."""
    says, then = words, UNTOLD
    try:
        if found := _failures(cloudformation, change_set):
            says, then = "; ".join(found), ". ".join(dict.fromkeys(found.values()))
    except ClientError as error:
        says = f"{words} (and why cannot be read: {error.response['Error']['Code']})"
    return CannotDeploy(f"The stack {stack} is unchanged: {says}", f"{then}, then run this again.")


def _failures(cloudformation: "CloudFormationClient", change_set: str) -> dict[str, str]:
    """What is wrong: with which resource, why, and where in the template; and what to do about each."""
    pages = cloudformation.get_paginator("describe_events").paginate(
        ChangeSetName=change_set, Filters={"FailedEvents": True}
    )
    found = {}
    for event in (event for page in pages for event in page["OperationEvents"]):
        if event.get("EventType") == "VALIDATION_ERROR":
            reason = event.get("ValidationStatusReason") or event.get("ResourceStatusReason", "no reason is given")
            where = f" (at {event['ValidationPath']})" if event.get("ValidationPath") else ""
            resource = f"{event.get('LogicalResourceId', '?')} ({event.get('ResourceType', '?')})"
            check = event.get("ValidationName", "")
            found[f"{resource}: {reason}{where}"] = next((STEPS[word] for word in STEPS if word in check), OTHERWISE)
    return found
