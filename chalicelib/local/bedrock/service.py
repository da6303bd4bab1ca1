"""One request in, one answer out, without any sockets: models' state, faults, filters, charges."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import from_json

from . import conversation, converse, families
from .behaviour import BLOCKED_IN_IMAGES, BLOCKED_IN_PROMPTS, Behaviour
from .catalogue import Model, resolve
from .chance import digest
from .families import Order
from .refusal import FAULTS, Refusal, refused
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


def answer(call: Call, operation: str, raw: bytes, behaviour: Behaviour) -> dict[str, Any]:
    """InvokeModel or Converse; raises Refusal."""
    model = resolve(call.model, call.region)
    call.model = model.id
    if fault := behaviour.fault_of(model.id):
        raise Refusal(*FAULTS[fault])
    if model.draws is (operation == "converse"):
        raise refused("not_for_converse" if model.draws else "invalid_identifier")
    try:
        body = from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise refused("no_json") from None
    if model.draws:
        return _drawn(call, model, families.read(body, model.family), behaviour)
    talk = conversation.read(body, model)
    time.sleep(behaviour.vision_latency)
    return converse.answer(talk, model, behaviour)


def _drawn(call: Call, model: Model, order: Order, behaviour: Behaviour) -> dict[str, Any]:
    if BLOCKED_IN_PROMPTS in order.prompt.lower():
        return families.prompt_blocked(model.family)
    time.sleep(behaviour.image_latency)
    blocked = BLOCKED_IN_IMAGES in order.prompt.lower()
    images = [] if blocked else [paint(_numbered(order, index)) for index in range(order.count)]
    call.images = len(images)
    return families.reply(order, images, model.family)


def _numbered(order: Order, index: int) -> Order:
    """The order for one of several images: each has a seed of its own."""
    return order if index == 0 else replace(order, seed=digest("image", order.seed, index), count=1)
