"""Chalice's own record of a deployment, rebuilt from what is live. Pure.

Chalice writes .chalice/deployed/<stage>.json only when everything went well, and without it creates mappings a second
time (ResourceConflictException, chalice 1.34). So the file is never trusted: it is written anew before each deployment.
"""

from typing import Any

from chalicelib.deploy.found import Found
from chalicelib.deploy.stage import Stage, source_of


def deployed(stage: Stage, found: Found) -> dict[str, Any]:
    """The record, as chalice 1.34 reads it (schema 2.0)."""
    return {"schema_version": "2.0", "backend": "api", "resources": [*_roles(stage, found), *_functions(stage, found)]}


def _roles(stage: Stage, found: Found) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{handler}_role",
            "resource_type": "iam_role",
            "role_arn": role.arn,
            "role_name": stage.function(handler),
        }
        for handler, role in found.roles.items()
    ]


def _functions(stage: Stage, found: Found) -> list[dict[str, Any]]:
    resources: list[dict[str, Any]] = []
    for handler, function in found.functions.items():
        resources.append({"name": handler, "resource_type": "lambda_function", "lambda_arn": function.arn})
        resources += [
            {
                "name": f"{handler}-sqs-event-source",
                "resource_type": "sqs_event",
                "queue_arn": mapping.source_arn,
                "event_uuid": mapping.uuid,
                "queue": mapping.source_arn.rpartition(":")[2],
                "lambda_arn": function.arn,
            }
            for mapping in function.mappings
            if mapping.source_arn == source_of(stage, handler)
        ]
        resources += [
            {
                "name": f"{handler}-s3event",
                "resource_type": "s3_event",
                "bucket": notification.bucket,
                "lambda_arn": function.arn,
            }
            for notification in found.notifications
            if notification.function_arn == function.arn
        ]
    return resources
