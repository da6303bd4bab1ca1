"""The whole AWS in memory: one world, its services, and the one place through which every effect passes.

`around` is handed every effect before it happens; a simulator decides there what goes wrong. `caller` is the invocation
on whose behalf effects happen now: Lambda's loop detection and the bill want to know it. `memory` is what it was
answered before, where somebody keeps that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.fakes.bedrock import Bedrock, Script
from tests.fakes.lambdas import Function, Invocation, Lambda
from tests.fakes.memory import Memory
from tests.fakes.s3 import S3
from tests.fakes.sqs import SQS
from tests.fakes.world import Lineage, World


@dataclass(frozen=True)
class Effect:
    """One request to AWS: service (s3, sqs, bedrock), operation, and where it goes: bucket/key, queue or model."""

    service: str
    operation: str
    target: str


Around = Callable[[Effect, Callable[[], Any]], Any]
Deed = Callable[["InMemoryAws"], Any]


def at_once(effect: Effect, perform: Callable[[], Any]) -> Any:
    """Nothing goes wrong."""
    return perform()


class InMemoryAws:
    def __init__(
        self,
        world: World | None = None,
        *,
        functions: tuple[Function, ...] = (),
        mappings: Mapping[str, str] | None = None,
        scripts: Mapping[str, Script] | None = None,
        around: Around = at_once,
    ) -> None:
        self.world = world or World()
        self.s3 = S3(self.world)
        self.sqs = SQS(self.world)
        self.lambdas = Lambda(self.world, self.sqs, functions, dict(mappings or {}))
        self.bedrock = Bedrock(self.world, scripts or {})
        self.around = around
        self.caller: Invocation | None = None
        self.memory: Memory | None = None

    @property
    def lineage(self) -> Lineage:
        return self.caller.lineage if self.caller else ()

    @property
    def caller_id(self) -> str:
        return self.caller.id if self.caller else "nobody"

    def carry_out(self, service: str, operation: str, target: str, deed: Deed) -> Any:
        """As `effect`, of something that can be done in any AWS: it holds nothing of this one."""
        return self.effect(service, operation, target, partial(deed, self))

    def effect(self, service: str, operation: str, target: str, perform: Callable[[], Any]) -> Any:
        """Carry out one request, if whoever stands around lets it."""
        return self.around(Effect(service, operation, target), perform)
