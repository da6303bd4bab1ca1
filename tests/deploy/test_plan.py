"""The plan: what is there against what must be, as steps; and what only the user can decide, as a sentence."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.found import Bucket, Found, MappingFound, RoleFound, StackFound
from chalicelib.deploy.plan import kept, plan_down, plan_up
from chalicelib.deploy.record import deployed
from tests.deploy.stages import changed, complete, stage, wanted

STAGE = stage()
INBOX, OUTBOX = STAGE.buckets
NOTHING = Found(buckets=dict.fromkeys(STAGE.buckets, Bucket.ABSENT))
DEPLOY = (
    "build the package and deploy retake-dev-on_prompt, retake-dev-on_attempt, retake-dev-on_dead_letter with Chalice"
)
LOOP = "allow the loop of retake-dev-on_attempt"
FAILURES = "send what retake-dev-on_prompt fails at to retake-dev-dead-letters"


def with_stack(status: str, template: dict[str, Any] | None = None) -> Callable[[Found], Found]:
    return lambda found: replace(found, stack=StackFound(status, template or wanted(STAGE).template))


def with_function(handler: str, **changes: Any) -> Callable[[Found], Found]:
    return lambda found: replace(found, functions=changed(found.functions, handler, **changes))


def up(found: Found) -> list[str]:
    return [step.says for step in plan_up(STAGE, found, wanted(STAGE))]


def test_from_nothing_everything_is_made():
    assert up(NOTHING) == ["create the stack retake-dev", DEPLOY, LOOP, FAILURES]


def test_a_complete_deployment_only_gets_the_code_again():
    assert up(complete(STAGE)) == [DEPLOY]


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (with_stack("UPDATE_ROLLBACK_COMPLETE"), [DEPLOY]),
        (with_stack("IMPORT_COMPLETE"), [DEPLOY]),
        (
            with_stack("UPDATE_COMPLETE", {"Resources": {}}),
            [f"update the stack retake-dev, adopting what was kept: {INBOX} and {OUTBOX}", DEPLOY],
        ),
        (with_function("on_attempt", recursion="Terminate"), [DEPLOY, LOOP]),
        (with_function("on_prompt", failure_destination=None), [DEPLOY, FAILURES]),
        (
            with_function("on_prompt", failure_destination="arn:aws:sqs:us-east-1:123456789012:other"),
            [DEPLOY, FAILURES],
        ),
        (lambda found: replace(found, functions={}, roles={}), [DEPLOY, LOOP, FAILURES]),
    ],
)
def test_what_differs_is_put_right(change: Callable[[Found], Found], steps: list[str]):
    assert up(change(complete(STAGE))) == steps


@pytest.mark.parametrize(
    ("status", "first"),
    [
        ("REVIEW_IN_PROGRESS", ["create the stack retake-dev"]),
        (
            "ROLLBACK_COMPLETE",
            [
                "clear the stack retake-dev, whose creation was rolled back and which holds nothing",
                "create the stack retake-dev",
            ],
        ),
    ],
)
def test_a_creation_that_failed_half_way_is_begun_again(status: str, first: list[str]):
    assert up(with_stack(status, {})(NOTHING)) == [*first, DEPLOY, LOOP, FAILURES]


def test_an_update_that_adds_nothing_adopts_nothing():
    template = {**wanted(STAGE).template, "Description": "an older one"}
    assert up(with_stack("CREATE_COMPLETE", template)(complete(STAGE))) == ["update the stack retake-dev", DEPLOY]


def test_buckets_that_were_kept_are_adopted():
    found = replace(NOTHING, buckets={INBOX: Bucket.HOLDS, OUTBOX: Bucket.ABSENT})
    assert up(found)[0] == f"create the stack retake-dev, adopting what was kept: {INBOX}"


def test_a_mapping_to_another_queue_is_dropped():
    stray = MappingFound("stray", "arn:aws:sqs:us-east-1:123456789012:former", "Enabled", 1, None)
    found = complete(STAGE)
    mappings = (*found.functions["on_attempt"].mappings, stray)
    assert up(with_function("on_attempt", mappings=mappings)(found)) == [
        "disconnect retake-dev-on_attempt from former",
        DEPLOY,
    ]


@pytest.mark.parametrize(
    ("found", "says", "then"),
    [
        (
            replace(NOTHING, buckets={INBOX: Bucket.ABSENT, OUTBOX: Bucket.TAKEN}),
            f"The bucket name {OUTBOX} is taken: it is in another account, or these credentials may not see it.",
            "Change OUTBOX_BUCKET of stage dev in .chalice/config.json, then run `up` again.",
        ),
        (
            with_stack("UPDATE_ROLLBACK_FAILED")(NOTHING),
            "The stack retake-dev is UPDATE_ROLLBACK_FAILED: "
            "it was left half-made, and something in it may still be needed.",
            "Run `python -m chalicelib down --stage dev` (buckets that hold something stay), then `up` again.",
        ),
        (
            with_stack("DELETE_FAILED")(NOTHING),
            "The stack retake-dev is DELETE_FAILED: it was left half-made, and something in it may still be needed.",
            "Run `python -m chalicelib down --stage dev` (buckets that hold something stay), then `up` again.",
        ),
        (
            with_stack("UPDATE_IN_PROGRESS")(NOTHING),
            "The stack retake-dev is UPDATE_IN_PROGRESS: something else is changing it.",
            "Wait until it is done, then run this again.",
        ),
        (
            replace(
                NOTHING,
                roles={
                    "on_prompt": RoleFound("arn", {"Statement": [{"Resource": "arn:aws:logs:eu-west-1:1:log-group:x"}]})
                },
            ),
            "Stage dev is deployed in eu-west-1, not in us-east-1: the role retake-dev-on_prompt says so.",
            "Use AWS_DEFAULT_REGION=eu-west-1, or add another stage to .chalice/config.json for this region.",
        ),
    ],
)
def test_what_only_the_user_can_decide_is_said_and_nothing_is_done(found: Found, says: str, then: str):
    with pytest.raises(CannotDeploy) as refused:
        up(found)
    assert (refused.value.says, refused.value.then) == (says, then)


def test_down_goes_from_the_outside_in_and_keeps_what_holds_something():
    found = replace(complete(STAGE), buckets={INBOX: Bucket.EMPTY, OUTBOX: Bucket.HOLDS})
    assert [step.says for step in plan_down(STAGE, found)] == [
        f"stop {INBOX} from invoking retake-dev-on_prompt",
        "disconnect retake-dev-on_attempt from retake-dev",
        "disconnect retake-dev-on_dead_letter from retake-dev-dead-letters",
        "delete the function retake-dev-on_prompt",
        "delete the function retake-dev-on_attempt",
        "delete the function retake-dev-on_dead_letter",
        "delete the role retake-dev-on_prompt",
        "delete the role retake-dev-on_attempt",
        "delete the role retake-dev-on_dead_letter",
        "delete the stack retake-dev: queues, messages in them, log groups, alarms, dashboard",
        f"delete the bucket {INBOX}, which is empty",
    ]
    assert kept(found) == [OUTBOX]


@pytest.mark.parametrize(
    "found",
    [NOTHING, replace(NOTHING, buckets={INBOX: Bucket.TAKEN, OUTBOX: Bucket.HOLDS})],
)
def test_down_of_nothing_is_nothing(found: Found):
    assert plan_down(STAGE, found) == []


def test_down_elsewhere_leaves_the_other_regions_roles_alone():
    policy = {"Statement": [{"Resource": "arn:aws:logs:eu-west-1:123456789012:log-group:x"}]}
    with pytest.raises(CannotDeploy, match="deployed in eu-west-1"):
        plan_down(STAGE, replace(NOTHING, roles={"on_prompt": RoleFound("arn", policy)}))


def test_chalices_record_is_made_of_what_is_live():
    record = deployed(STAGE, complete(STAGE))
    kinds = [(one["name"], one["resource_type"]) for one in record["resources"]]
    assert record["schema_version"] == "2.0"
    assert kinds == [
        ("on_prompt_role", "iam_role"),
        ("on_attempt_role", "iam_role"),
        ("on_dead_letter_role", "iam_role"),
        ("on_prompt", "lambda_function"),
        ("on_prompt-s3event", "s3_event"),
        ("on_attempt", "lambda_function"),
        ("on_attempt-sqs-event-source", "sqs_event"),
        ("on_dead_letter", "lambda_function"),
        ("on_dead_letter-sqs-event-source", "sqs_event"),
    ]
    (mapping,) = [one for one in record["resources"] if one["name"] == "on_attempt-sqs-event-source"]
    assert (mapping["queue"], mapping["event_uuid"]) == ("retake-dev", "uuid-of-on_attempt")
    assert deployed(STAGE, NOTHING)["resources"] == []
