"""The steps of `up` and `down`, as data: each says in a few words what it does, and apply.py does it. Pure.

Every one may be performed again without harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ClearStack:
    """Remove the shell of a stack whose creation was rolled back."""

    stack: str

    def __str__(self) -> str:
        return f"clear the stack {self.stack}, whose creation was rolled back and which holds nothing"


@dataclass(frozen=True)
class ApplyStack:
    """Create or update the stack; the buckets in `adopts` are there already and become part of it."""

    stack: str
    creates: bool
    adopts: tuple[str, ...]
    template: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        adopts = f", adopting what was kept: {' and '.join(self.adopts)}" if self.adopts else ""
        return f"{'create' if self.creates else 'update'} the stack {self.stack}{adopts}"


@dataclass(frozen=True)
class DropMapping:
    """Remove an event source mapping: one to another queue than the stage's, or all of them on the way down."""

    uuid: str
    function: str
    source_arn: str

    def __str__(self) -> str:
        return f"disconnect {self.function} from {self.source_arn.rpartition(':')[2]}"


@dataclass(frozen=True)
class DeployFunctions:
    """Build the package and let Chalice create or update functions, roles, mappings and the bucket's notification."""

    functions: tuple[str, ...]
    runtime: str
    policies: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def __str__(self) -> str:
        return f"build the package and deploy {', '.join(self.functions)} with Chalice"


@dataclass(frozen=True)
class AllowRecursion:
    """Let a function go on sending itself messages; its own caps end the loop."""

    function: str

    def __str__(self) -> str:
        return f"allow the loop of {self.function}"


@dataclass(frozen=True)
class SendFailures:
    """Send the asynchronous invocations a function fails at to a queue."""

    function: str
    queue_arn: str

    def __str__(self) -> str:
        return f"send what {self.function} fails at to {self.queue_arn.rpartition(':')[2]}"


@dataclass(frozen=True)
class StopNotifying:
    """Take a function out of a bucket's event notifications."""

    bucket: str
    function_arn: str

    def __str__(self) -> str:
        return f"stop {self.bucket} from invoking {self.function_arn.rpartition(':')[2]}"


@dataclass(frozen=True)
class DeleteFunction:
    function: str

    def __str__(self) -> str:
        return f"delete the function {self.function}"


@dataclass(frozen=True)
class DeleteRole:
    role: str

    def __str__(self) -> str:
        return f"delete the role {self.role}"


@dataclass(frozen=True)
class DeleteStack:
    stack: str

    def __str__(self) -> str:
        return f"delete the stack {self.stack}: queues, messages in them, log groups, alarms, dashboard"


@dataclass(frozen=True)
class DeleteBucket:
    bucket: str

    def __str__(self) -> str:
        return f"delete the bucket {self.bucket}, which is empty"


Step = (
    ClearStack
    | ApplyStack
    | DropMapping
    | DeployFunctions
    | AllowRecursion
    | SendFailures
    | StopNotifying
    | DeleteFunction
    | DeleteRole
    | DeleteStack
    | DeleteBucket
)
