"""One request in, one answer out, without any sockets: routing, models' state, faults, charges.

The only mutable things are the behaviour in force, the ledger and how often equal questions came.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import converse, families
from .address import resolve
from .behaviour import Behaviour, Fault
from .bodies import parse
from .catalogue import Model
from .chance import digest
from .faults import Faults, refuse
from .ledger import Ledger
from .order import Order, images_kept, prompt_blocked
from .refusal import REASONS, Refusal, refused
from .scene import paint


@dataclass(frozen=True)
class Answer:
    """What goes back; None as payload means: close the connection without a word."""

    payload: bytes | None
    delay: float = 0.0


class Service:
    """Bedrock without the network; safe to use from many threads."""

    def __init__(self, behaviour: Behaviour, sleep: Callable[[float], None] = time.sleep) -> None:
        self.ledger = Ledger()
        self._behaviour = behaviour
        self._faults = Faults(behaviour.faults)
        self._lock = threading.Lock()
        self._asked: Counter[int] = Counter()
        self._sleep = sleep

    @property
    def behaviour(self) -> Behaviour:
        """What the stand-in does now."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        with self._lock:
            self._behaviour = behaviour
            self._faults = Faults(behaviour.faults)

    def answer(self, identifier: str, region: str, operation: str, raw: bytes) -> Answer:
        """InvokeModel or Converse; raises Refusal."""
        call = self.ledger.open(identifier, region, operation)
        try:
            model = self._usable(identifier, region, operation)
            self.ledger.note(call.number, model=model.id)
            body = parse(raw)
            if operation == "invoke":
                answer = self._invoke(call.number, model, body)
            else:
                answer = self._converse(call.number, model, body, self._times_asked(raw))
        except Refusal as refusal:
            self.ledger.note(call.number, status=refusal.status, error=refusal.name)
            raise
        self.ledger.note(call.number, status=200 if answer.payload is not None else 0)
        return answer

    def _usable(self, identifier: str, region: str, operation: str) -> Model:
        model, behaviour = resolve(identifier, region), self._behaviour
        for ids, name, reason in (
            (behaviour.ended, "ResourceNotFoundException", "end_of_life"),
            (behaviour.legacy, "ResourceNotFoundException", "legacy"),
            (behaviour.no_access, "AccessDeniedException", "no_access"),
        ):
            if model.id in ids:
                raise Refusal(name, REASONS[reason])
        if model.draws is (operation == "converse"):
            raise refused("not_for_converse" if model.draws else "invalid_identifier")
        return model

    def _times_asked(self, raw: bytes) -> int:
        """How often exactly this was asked before: equal questions need not have equal luck."""
        key = digest(raw)
        with self._lock:
            self._asked[key] += 1
            return self._asked[key] - 1

    def _invoke(self, number: int, model: Model, body: Any) -> Answer:
        order = families.read(body, model.family)
        fault = self._befalling(number, model, "image")
        if fault is not None and fault.kind == "refuse":
            return Answer(None)
        if prompt_blocked(order, self._behaviour):
            return self._answered(families.prompt_blocked(model.family), fault)
        self._sleep(self._behaviour.image_latency)
        images = [paint(_numbered(order, index)) for index in images_kept(order, self._behaviour)]
        self.ledger.note(number, images=len(images))
        return self._answered(families.reply(order, images, model.family), fault)

    def _converse(self, number: int, model: Model, body: Any, asked_before: int) -> Answer:
        turn = converse.read(body, model, self._behaviour.seed, asked_before)
        self.ledger.note(number, question=turn.question.kind)
        fault = self._befalling(number, model, turn.question.kind)
        if fault is not None and fault.kind == "refuse":
            return Answer(None)
        self._sleep(self._behaviour.vision_latency)
        reply = converse.answer(turn, model, self._behaviour, fault.kind if fault else "")
        return self._answered(reply, fault, spoken=True)

    def _befalling(self, number: int, model: Model, target: str) -> Fault | None:
        """The fault due for this call; raises Refusal where the fault is one."""
        fault = self._faults.take(model.id, target)
        if fault is not None:
            self.ledger.note(number, fault=fault.kind)
            refuse(fault)
        return fault

    def _answered(self, reply: dict[str, Any], fault: Fault | None, spoken: bool = False) -> Answer:
        payload = json.dumps(reply).encode("utf-8")
        if fault is None:
            return Answer(payload)
        if fault.kind == "drop":
            return Answer(None)
        if fault.kind == "unreadable" and not spoken:
            return Answer(payload[: len(payload) // 2])
        return Answer(payload, fault.seconds if fault.kind == "hang" else 0.0)


def _numbered(order: Order, index: int) -> Order:
    """The order for one of several images: each has a seed of its own."""
    return order if index == 0 else replace(order, seed=digest("image", order.seed, index), count=1)
