"""One request in, one answer out, without any sockets: models' state, faults, filters, charges.

The only mutable things are the behaviour in force, the faults in waiting, the calls, and how often equal questions
came.
"""

import json
import threading
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
from .questions import understand
from .refusal import FAULTS, REASONS, Refusal, refused
from .scene import paint


@dataclass
class Call:
    """One call, filled in by the thread that answers it; `images` are those charged."""

    model: str
    region: str
    question: str = ""
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
        self._lock = threading.Lock()
        self._asked: Counter[int] = Counter()

    @property
    def behaviour(self) -> Behaviour:
        """What the stand-in does now."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._waiting = [fault for fault in behaviour.faults for _ in range(fault.times)]

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
        return (self._invoke if operation == "invoke" else self._converse)(call, model, body)

    def _usable(self, identifier: str, region: str, operation: str) -> Model:
        model = resolve(identifier, region)
        if model.id in self._behaviour.ended:
            raise Refusal("ResourceNotFoundException", REASONS["end_of_life"])
        if model.id in self._behaviour.no_access:
            raise Refusal("AccessDeniedException", REASONS["no_access"])
        if model.draws is (operation == "converse"):
            raise refused("not_for_converse" if model.draws else "invalid_identifier")
        return model

    def _invoke(self, call: Call, model: Model, body: Any) -> dict[str, Any]:
        order = families.read(body, model.family)
        self._befall(model, "image")
        if _contains(order.prompt, self._behaviour.blocked_prompt_words):
            return families.prompt_blocked(model.family)
        time.sleep(self._behaviour.image_latency)
        blocked = _contains(order.prompt, self._behaviour.blocked_image_words)
        images = [] if blocked else [paint(_numbered(order, index)) for index in range(order.count)]
        call.images = len(images)
        return families.reply(order, images, model.family)

    def _converse(self, call: Call, model: Model, body: Any) -> dict[str, Any]:
        talk = conversation.read(body, model)
        question = understand(talk.text, bool(talk.images))
        call.question = question.kind
        self._befall(model, question.kind)
        time.sleep(self._behaviour.vision_latency)
        key = digest(model.id, talk.text, *talk.images)
        with self._lock:  # equal questions need not have equal luck
            asked_before = self._asked[key]
            self._asked[key] += 1
        return converse.answer(talk, question, model, self._behaviour, asked_before)

    def _befall(self, model: Model, target: str) -> None:
        """Raises the Refusal that is due for this call, if there is one."""
        with self._lock:
            fault = next((one for one in self._waiting if one.befalls(model.id, target)), None)
            if fault is not None:
                self._waiting.remove(fault)
                raise Refusal(*FAULTS[fault.kind])


def _contains(prompt: str, words: Iterable[str]) -> bool:
    return any(word.lower() in prompt.lower() for word in words)


def _numbered(order: Order, index: int) -> Order:
    """The order for one of several images: each has a seed of its own."""
    return order if index == 0 else replace(order, seed=digest("image", order.seed, index), count=1)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
