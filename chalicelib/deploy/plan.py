"""What has to be done: from what must be and what is there to a list of steps. Calls nothing; steps.py does.

The whole is worked out anew at each run from what is live: that is what makes `up` safe after a failure half-way.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.deploy import steps
from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import Bucket, Found, StackFound
from chalicelib.deploy.stage import Stage, source_of
from chalicelib.deploy.steps import Step

SETTLED = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
}
HOLDS_NOTHING = {"ROLLBACK_COMPLETE"}
NOT_BEGUN = {"REVIEW_IN_PROGRESS"}


def plan_up(stage: Stage, found: Found, wanted: Wanted) -> list[Step]:
    """What turns `found` into the stage. Raises CannotDeploy where only the user can decide."""
    _refuse_taken(stage, found)
    _refuse_other_region(stage, found)
    return [
        *_stack_steps(stage, found, wanted.template),
        *_stray_mappings(stage, found),
        steps.deploy_functions(stage, wanted),
        *_what_chalice_cannot(stage, found),
    ]


def plan_down(stage: Stage, found: Found) -> list[Step]:
    """What removes the stage, buckets that hold something apart; from the outside in, so that nothing new begins."""
    _refuse_other_region(stage, found)
    account = stage.caller.account
    return [
        *(steps.stop_notifying(one, account) for one in found.notifications),
        *(
            steps.drop_mapping(stage.function(handler), mapping)
            for handler, function in found.functions.items()
            for mapping in function.mappings
        ),
        *(steps.delete_function(stage.function(handler)) for handler in found.functions),
        *(steps.delete_role(stage.function(handler)) for handler in found.roles),
        *([steps.delete_stack(stage.stack)] if found.stack else []),
        *(steps.delete_bucket(name, account) for name, bucket in found.buckets.items() if bucket is Bucket.EMPTY),
    ]


def kept(found: Found) -> list[str]:
    """The buckets that `down` leaves alone because they hold something."""
    return [name for name, bucket in found.buckets.items() if bucket is Bucket.HOLDS]


def _stack_steps(stage: Stage, found: Found, template: Mapping[str, Any]) -> Iterator[Step]:
    stack, there = found.stack, (Bucket.EMPTY, Bucket.HOLDS)
    present = tuple(name for name, bucket in found.buckets.items() if bucket in there)
    if stack is None or stack.status in NOT_BEGUN | HOLDS_NOTHING:
        if stack is not None and stack.status in HOLDS_NOTHING:
            yield steps.clear_stack(stage.stack)
        yield steps.apply_stack(stage.stack, template, creates=True, adopts=present)
    elif stack.status not in SETTLED:
        raise _unsettled(stage, stack)
    elif stack.template != template:
        names = _bucket_names(stack.template)
        new = tuple(name for name in present if name not in names)
        yield steps.apply_stack(stage.stack, template, creates=False, adopts=new)


def _bucket_names(template: Mapping[str, Any]) -> set[str]:
    resources = template.get("Resources", {}).values()
    return {resource["Properties"]["BucketName"] for resource in resources if resource["Type"] == "AWS::S3::Bucket"}


def _stray_mappings(stage: Stage, found: Found) -> Iterator[Step]:
    for handler, function in found.functions.items():
        for mapping in function.mappings:
            if mapping.source_arn != source_of(stage, handler):
                yield steps.drop_mapping(stage.function(handler), mapping)


def _what_chalice_cannot(stage: Stage, found: Found) -> Iterator[Step]:
    attempt, prompt = found.functions.get("on_attempt"), found.functions.get("on_prompt")
    dead_letters = stage.queue_arn(stage.settings.dead_letter_queue_name)
    if attempt is None or attempt.recursion != "Allow":
        yield steps.allow_recursion(stage.function("on_attempt"))
    if prompt is None or prompt.failure_destination != dead_letters:
        yield steps.send_failures(stage.function("on_prompt"), dead_letters)


def _refuse_taken(stage: Stage, found: Found) -> None:
    inbox, outbox = stage.settings.inbox_bucket, stage.settings.outbox_bucket
    for name, variable in ((inbox, "INBOX_BUCKET"), (outbox, "OUTBOX_BUCKET")):
        if found.buckets.get(name) is Bucket.TAKEN:
            raise CannotDeploy(
                f"The bucket name {name} is taken: it is in another account, or these credentials may not see it.",
                f"Change {variable} of stage {stage.name} in .chalice/config.json, then run `up` again.",
            )


def _refuse_other_region(stage: Stage, found: Found) -> None:
    """Roles have no region: a second deployment elsewhere would take the first one's rights away."""
    for handler, role in found.roles.items():
        regions = set(re.findall(r"arn:[a-z-]+:logs:([a-z0-9-]+):", json.dumps(role.policy)))
        if regions and stage.caller.region not in regions:
            elsewhere = ", ".join(sorted(regions))
            raise CannotDeploy(
                f"Stage {stage.name} is deployed in {elsewhere}, not in {stage.caller.region}: the role "
                f"{stage.function(handler)} says so.",
                f"Use AWS_DEFAULT_REGION={elsewhere}, or add another stage to .chalice/config.json for this region.",
            )


def _unsettled(stage: Stage, stack: StackFound) -> CannotDeploy:
    says = f"The stack {stage.stack} is {stack.status}"
    if stack.status.endswith("_IN_PROGRESS"):
        return CannotDeploy(f"{says}: something else is changing it.", "Wait until it is done, then run this again.")
    return CannotDeploy(
        f"{says}: it was left half-made, and something in it may still be needed.",
        f"Run `python -m chalicelib down --stage {stage.name}` (buckets that hold something stay), then `up` again.",
    )
