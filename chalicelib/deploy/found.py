"""What is there of a stage, as plain values: gathered by cloud/, compared by plan.py and checks.py. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.models.types import ModelReference


class Bucket(Enum):
    """A bucket name as S3 answers for it."""

    ABSENT = "absent"
    EMPTY = "empty"
    HOLDS = "holds objects or earlier versions of them"
    TAKEN = "somebody else's"


@dataclass(frozen=True)
class StackFound:
    """The stack: CloudFormation's status, and the template last applied."""

    status: str
    template: Mapping[str, Any]


@dataclass(frozen=True)
class MappingFound:
    """One event source mapping of a function."""

    uuid: str
    source_arn: str
    state: str
    batch_size: int
    maximum_concurrency: int | None


@dataclass(frozen=True)
class FunctionFound:
    """A function as Lambda describes it; `failure_destination` is None where there is none."""

    arn: str
    runtime: str
    architecture: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    state: str
    recursion: str
    failure_destination: str | None
    mappings: tuple[MappingFound, ...] = ()


@dataclass(frozen=True)
class RoleFound:
    """A function's role and its one inline policy, None where that is missing."""

    arn: str
    policy: Mapping[str, Any] | None


@dataclass(frozen=True)
class Notification:
    """An event notification of a bucket to a function."""

    bucket: str
    function_arn: str


@dataclass(frozen=True)
class Found:
    """All of a stage that is there; functions and roles by handler. `unseen`: what could not be looked at, and why."""

    stack: StackFound | None = None
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    functions: Mapping[str, FunctionFound] = field(default_factory=dict)
    roles: Mapping[str, RoleFound] = field(default_factory=dict)
    notifications: tuple[Notification, ...] = ()
    unseen: Mapping[str, CannotDeploy] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelFound:
    """A model as Bedrock describes it in its region; `status` is ACTIVE, LEGACY, or None where it is not offered.

    `access` says why it may not be invoked, None where it may. `subscribed` is false for a model sold by others that
    the account has not subscribed to; `pending` while that is under way. `on_demand`: whether its bare id answers
    there, None where Bedrock does not say.
    """

    reference: ModelReference
    status: str | None
    end_of_life: date | None = None
    access: str | None = None
    subscribed: bool = True
    name: str = ""
    pending: bool = False
    on_demand: bool | None = None


@dataclass(frozen=True)
class Offer:
    """What a model sold by others costs and under which terms; `token` is what agreeing to it takes."""

    model: ModelReference
    token: str
    prices: tuple[str, ...]
    terms: str


VERSIONS = "versions"


@dataclass(frozen=True)
class BucketProperties:
    """What a deployment promises of its buckets and this one lacks; `encryption` is AES256, or a KMS key's ARN."""

    lacks: tuple[str, ...]
    encryption: str


@dataclass(frozen=True)
class Subscriber:
    """Whom the alarms' topic tells; a mail address must confirm first."""

    endpoint: str
    confirmed: bool
