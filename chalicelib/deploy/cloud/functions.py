"""Functions, their roles and mappings: looked up, given what Chalice cannot give, deleted."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalicelib.deploy.cloud.clients import passing
from chalicelib.deploy.found import FunctionFound, MappingFound, RoleFound

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient

Sleep = Callable[[float], None]
ABSENT = ("ResourceNotFoundException", "NoSuchEntity")
TRIES_SECONDS = (2.0, 4.0, 8.0, 16.0, 32.0)  # what was made or changed just now takes up to a minute to be seen
UNSETTLED = ("Creating", "Enabling", "Updating")


def look(functions: "LambdaClient", name: str) -> FunctionFound | None:
    """The function with everything that hangs on it, or None."""
    there = None
    with passing(*ABSENT):
        there = functions.get_function_configuration(FunctionName=name)
    if there is None:
        return None
    return FunctionFound(
        arn=there["FunctionArn"],
        runtime=there.get("Runtime", ""),
        architecture=there.get("Architectures", ["x86_64"])[0],
        timeout=there["Timeout"],
        memory=there["MemorySize"],
        environment=there.get("Environment", {}).get("Variables", {}),
        state=there.get("State", "Active"),
        recursion=functions.get_function_recursion_config(FunctionName=name)["RecursiveLoop"],
        failure_destination=_failure_destination(functions, name),
        mappings=_mappings(functions, there["FunctionArn"]),
    )


def _failure_destination(functions: "LambdaClient", name: str) -> str | None:
    with passing(*ABSENT):
        there = functions.get_function_event_invoke_config(FunctionName=name)
        return there.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    return None


def _mappings(functions: "LambdaClient", arn: str) -> tuple[MappingFound, ...]:
    pages = functions.get_paginator("list_event_source_mappings").paginate(FunctionName=arn)
    return tuple(
        MappingFound(
            uuid=one["UUID"],
            source_arn=one["EventSourceArn"],
            state=one.get("State", ""),
            batch_size=one.get("BatchSize", 0),
            maximum_concurrency=one.get("ScalingConfig", {}).get("MaximumConcurrency"),
        )
        for page in pages
        for one in page["EventSourceMappings"]
    )


def look_role(iam: "IAMClient", name: str) -> RoleFound | None:
    """A role and its inline policy of the same name, as Chalice makes them; or None."""
    arn, policy = None, None
    with passing(*ABSENT):
        arn = iam.get_role(RoleName=name)["Role"]["Arn"]
        policy = iam.get_role_policy(RoleName=name, PolicyName=name)["PolicyDocument"]
    if arn is None:
        return None
    return RoleFound(arn, json.loads(unquote(policy)) if isinstance(policy, str) else policy)


def allow_recursion(functions: "LambdaClient", name: str) -> None:
    """Let the function be part of its own loop beyond Lambda's 16 turns."""
    functions.put_function_recursion_config(FunctionName=name, RecursiveLoop="Allow")


def send_failures(functions: "LambdaClient", name: str, queue_arn: str, sleep: Sleep) -> None:
    """Send an event to the queue once its two further tries, or six hours, are over (Lambda's own maximum of each).

    Lambda looks whether the role may send there, which a role made just now seems not to.
    """

    def put() -> None:
        functions.put_function_event_invoke_config(
            FunctionName=name,
            MaximumRetryAttempts=2,
            MaximumEventAgeInSeconds=21_600,
            DestinationConfig={"OnFailure": {"Destination": queue_arn}},
        )

    _again_while("InvalidParameterValueException", put, sleep)


def drop_mapping(functions: "LambdaClient", uuid: str, sleep: Sleep) -> None:
    """Delete an event source mapping, waiting while Lambda still changes it; one that is gone already is fine."""

    def delete() -> None:
        with passing(*ABSENT):
            functions.delete_event_source_mapping(UUID=uuid)

    _again_while("ResourceInUseException", delete, sleep)


def _again_while(code: str, call: Callable[[], None], sleep: Sleep) -> None:
    for pause in TRIES_SECONDS:
        with passing(code):
            return call()
        sleep(pause)
    return call()


def await_mappings(functions: "LambdaClient", function_arns: Iterable[str], sleep: Sleep) -> None:
    """Wait until no mapping of the functions is in between, a minute at most; `doctor` says what has become of them."""
    for pause in TRIES_SECONDS:
        if all(one.state not in UNSETTLED for arn in function_arns for one in _mappings(functions, arn)):
            return
        sleep(pause)


def delete(functions: "LambdaClient", name: str) -> None:
    """Delete a function; one that is gone already is fine."""
    with passing(*ABSENT):
        functions.delete_function(FunctionName=name)


def delete_role(iam: "IAMClient", name: str) -> None:
    """Delete a role and its inline policies; one that is gone already is fine."""
    with passing(*ABSENT):
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)
