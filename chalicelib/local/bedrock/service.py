"""One request in, one answer out, without any sockets: models' state, faults, filters, charges.

The only mutable things are the behaviour in force, replaced whole, and the calls.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import conversation, converse, families
from .behaviour import Behaviour
from .catalogue import Model, resolve
from .chance import digest
from .families import Order
from .refusal import FAULTS, REASONS, Refusal, refused
from .scene import paint


@dataclass
class Call:
    """One call, filled in by the thread that answers it; `images` are those charged."""

    model: str
    region: str
    images: int = 0


class Calls:
    """What was asked and what was charged: what tests compare with what the product believes it spent."""

    def __init__(self) -> None:
        self.log: list[Call] = []

    @property
    def charged(self) -> Mapping[str, int]:
        """Image calls that were charged, for each model."""
        return Counter(call.model for call in self.log if call.images)


class Service:
    """Bedrock without the network; safe to use from many threads."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.calls = Calls()
        self.behaviour = behaviour

    def answer(self, identifier: str, region: str, operation: str, raw: bytes) -> dict[str, Any]:
        """InvokeModel or Converse; raises Refusal."""
        call = Call(identifier, region)
        self.calls.log.append(call)
        model = self._usable(identifier, region, operation)
        call.model = model.id
        try:  # NaN is none of JSON, nor of Bedrock's
            body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise refused("no_json") from None
        return self._invoke(call, model, body) if operation == "invoke" else self._converse(model, body)

    def _usable(self, identifier: str, region: str, operation: str) -> Model:
        model = resolve(identifier, region)
        if model.id in self.behaviour.ended:
            raise Refusal("ResourceNotFoundException", REASONS["end_of_life"])
        if model.id in self.behaviour.no_access:
            raise Refusal("AccessDeniedException", REASONS["no_access"])
        if self.behaviour.refusing:
            raise Refusal(*FAULTS[self.behaviour.refusing])
        if model.draws is (operation == "converse"):
            raise refused("not_for_converse" if model.draws else "invalid_identifier")
        return model

    def _invoke(self, call: Call, model: Model, body: Any) -> dict[str, Any]:
        order = families.read(body, model.family)
        if _contains(order.prompt, self.behaviour.blocked_prompt_words):
            return families.prompt_blocked(model.family)
        time.sleep(self.behaviour.image_latency)
        blocked = _contains(order.prompt, self.behaviour.blocked_image_words)
        images = [] if blocked else [paint(_numbered(order, index)) for index in range(order.count)]
        call.images = len(images)
        return families.reply(order, images, model.family)

    def _converse(self, model: Model, body: Any) -> dict[str, Any]:
        talk = conversation.read(body, model)
        time.sleep(self.behaviour.vision_latency)
        return converse.answer(talk, model, self.behaviour)


def _contains(prompt: str, words: Iterable[str]) -> bool:
    return any(word.lower() in prompt.lower() for word in words)


def _numbered(order: Order, index: int) -> Order:
    """The order for one of several images: each has a seed of its own."""
    return order if index == 0 else replace(order, seed=digest("image", order.seed, index), count=1)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
