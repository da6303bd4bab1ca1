"""All of a stage that is there, gathered for plan.py and checks.py. Reads only."""

from collections.abc import Mapping

from chalicelib.deploy.cloud import buckets, functions, models, stack
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.found import Bucket, Found, FunctionFound, ModelFound, Notification
from chalicelib.deploy.grants import Profile, models_of
from chalicelib.deploy.stage import HANDLERS, Stage
from chalicelib.models.types import ModelReference


def look(clients: Clients, stage: Stage) -> Found:
    """Stack, buckets, functions, roles and notifications."""
    account = stage.caller.account
    running = {name: functions.look(clients.functions, stage.function(name)) for name in HANDLERS}
    roles = {name: functions.look_role(clients.iam, stage.function(name)) for name in HANDLERS}
    held = {name: buckets.look(clients.s3, name, account) for name in stage.buckets}
    notifying = _notifications(clients, stage, running["on_prompt"], held)
    arns = {stage.function_arn(name) for name in HANDLERS}
    return Found(
        stack=stack.look(clients.cloudformation, stage.stack),
        buckets=held,
        functions={name: function for name, function in running.items() if function},
        roles={name: role for name, role in roles.items() if role},
        notifications=tuple(one for one in notifying if one.function_arn in arns),
    )


def _notifications(
    clients: Clients, stage: Stage, prompt: FunctionFound | None, held: Mapping[str, Bucket]
) -> tuple[Notification, ...]:
    """Those of the stage's buckets and of the inbox that on_prompt was deployed with, which may have been another."""
    account, deployed_with = stage.caller.account, prompt.environment.get("INBOX_BUCKET") if prompt else None
    known = dict(held)
    if deployed_with and deployed_with not in known:
        known[deployed_with] = buckets.look(clients.s3, deployed_with, account)
    ours = [name for name, bucket in known.items() if bucket in (Bucket.EMPTY, Bucket.HOLDS)]
    return buckets.notifications(clients.s3, ours, account)


def look_at_profiles(clients: Clients, stage: Stage) -> tuple[Profile, ...]:
    """The inference profiles on offer wherever the stage's models live."""
    return models.profiles(clients.bedrock, sorted({model.region for model in models_of(stage.settings)}))


def look_at_models(clients: Clients, stage: Stage) -> dict[ModelReference, ModelFound]:
    """The models of the default chain and panel, as Bedrock has them today."""
    settings = stage.settings
    wanted = {settings.reference(entry) for entry in (*settings.image_models, *settings.vision_models)}
    return {model: models.look(clients.bedrock, model) for model in sorted(wanted, key=str)}
