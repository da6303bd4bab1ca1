"""All of a stage that is there, gathered for plan.py and the checks. Reads only."""

from typing import TYPE_CHECKING, Any

from chalicelib.deploy.cloud import buckets, functions, models, stack
from chalicelib.deploy.cloud.clients import Clients, passing
from chalicelib.deploy.found import Bucket, Found, FunctionFound, ModelFound, Notification, Subscriber
from chalicelib.deploy.grants import Profile, models_of
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.stage import HANDLERS, Stage
from chalicelib.models.types import ModelReference

if TYPE_CHECKING:
    from botocore.client import BaseClient

THERE = (Bucket.EMPTY, Bucket.HOLDS)


def look(clients: Clients, stage: Stage, lookups: Lookups) -> Found:
    """Stack, buckets, functions, roles and notifications; what was not seen, by the names that the checks know."""
    account = stage.caller.account
    named = {name: stage.function(name) for name in HANDLERS}
    running = {
        name: lookups.of(f"function {function}", None, functions.look, clients.functions, function)
        for name, function in named.items()
    }
    roles = {
        name: lookups.of(f"role {function}", None, functions.look_role, clients.iam, function)
        for name, function in named.items()
    }
    held = {
        name: lookups.of(f"bucket {name}", Bucket.ABSENT, buckets.look, clients.s3, name, account)
        for name in stage.buckets
    }
    notifying = lookups.of("notifications", (), _notifications, clients, stage, running["on_prompt"], held)
    arns = {stage.function_arn(name) for name in HANDLERS}
    return Found(
        stack=lookups.of(f"stack {stage.stack}", None, stack.look, clients.cloudformation, stage.stack),
        buckets=held,
        functions={name: function for name, function in running.items() if function},
        roles={name: role for name, role in roles.items() if role},
        notifications=tuple(one for one in notifying if one.function_arn in arns),
        unseen=lookups.unseen,
    )


def _notifications(
    clients: Clients, stage: Stage, prompt: FunctionFound | None, held: dict[str, Bucket]
) -> tuple[Notification, ...]:
    """Those of the stage's buckets and of the inbox that on_prompt was deployed with, which may have been another."""
    account, deployed_with = stage.caller.account, prompt.environment.get("INBOX_BUCKET") if prompt else None
    known = dict(held)
    if deployed_with and deployed_with not in known:
        known[deployed_with] = buckets.look(clients.s3, deployed_with, account)
    ours = [name for name, bucket in known.items() if bucket in THERE]
    return buckets.notifications(clients.s3, ours, account)


def look_at_profiles(clients: Clients, stage: Stage, lookups: Lookups) -> tuple[Profile, ...]:
    """The inference profiles on offer wherever the stage's models live."""
    regions = sorted({model.region for model in models_of(stage.settings)})
    return tuple(
        profile
        for region in regions
        for profile in lookups.of(
            f"inference profiles of {region}", (), models.profiles, clients.bedrock(region), region
        )
    )


def look_at_models(clients: Clients, stage: Stage, lookups: Lookups) -> dict[ModelReference, ModelFound]:
    """The models of the default chain and panel, as Bedrock has them today; without those that cannot be seen."""
    wanted = {*stage.settings.chain(), *stage.settings.panel()}
    seen = {
        model: lookups.of(f"model {model}", None, models.look, clients.bedrock, model)
        for model in sorted(wanted, key=str)
    }
    return {model: found for model, found in seen.items() if found}


def subscribers(sns: "BaseClient", topic_arn: str) -> tuple[Subscriber, ...]:
    """Whom the topic of the alarms tells; nobody where there is no topic."""
    pages: list[dict[str, Any]] = []
    with passing("NotFound", "NotFoundException"):
        pages += sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    # A mail address that has not confirmed stands there without an ARN (SNS API reference, 2026-11).
    return tuple(
        Subscriber(one["Endpoint"], one["SubscriptionArn"].startswith("arn:"))
        for page in pages
        for one in page["Subscriptions"]
    )
