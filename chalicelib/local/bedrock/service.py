"""One request in, one answer out, without any sockets: routing, models' state, faults, charges.

The only mutable things are the behaviour in force, the ledger and how often equal questions came.
"""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import amazon, converse, stability
from .address import resolve
from .behaviour import Behaviour, Fault
from .bodies import parse
from .catalogue import Model
from .chance import digest
from .ledger import Ledger
from .order import Order, images_kept, prompt_blocked
from .painter.scene import paint
from .refusal import END_OF_LIFE, INVALID_IDENTIFIER, LEGACY, NO_ACCESS, Refusal, invalid

_REFUSED_BY_FAULT = {
    "throttle": ("ThrottlingException", "Too many requests, please wait before trying again."),
    "not_ready": ("ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."),
    "quota": ("ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
    "internal": ("InternalServerException", "The system encountered an unexpected error during processing. Try your request again."),
    "unavailable": ("ServiceUnavailableException", "Bedrock is unable to process your request."),
    "model_error": ("ModelErrorException", "The system encountered an unexpected error during processing. Try your request again."),
    "timeout": ("ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    "access_denied": ("AccessDeniedException", NO_ACCESS),
}


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
        self._faults = list(behaviour.faults)
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
            self._faults = list(behaviour.faults)

    def invoke(self, identifier: str, region: str, raw: bytes) -> Answer:
        """InvokeModel."""
        return self._logged(identifier, region, "invoke", raw)

    def converse(self, identifier: str, region: str, raw: bytes) -> Answer:
        """Converse."""
        return self._logged(identifier, region, "converse", raw)

    def _logged(self, identifier: str, region: str, operation: str, raw: bytes) -> Answer:
        call = self.ledger.open(identifier, region, operation)
        try:
            model = self._usable(identifier, region, operation)
            self.ledger.note(call.number, model=model.id)
            answer = (self._invoke if operation == "invoke" else self._converse)(call.number, model, raw)
        except Refusal as refusal:
            self.ledger.note(call.number, status=refusal.status, error=refusal.name)
            raise
        self.ledger.note(call.number, status=200 if answer.payload is not None else 0)
        return answer

    def _usable(self, identifier: str, region: str, operation: str) -> Model:
        model, behaviour = resolve(identifier, region), self._behaviour
        if model.id in behaviour.ended:
            raise Refusal("ResourceNotFoundException", END_OF_LIFE)
        if model.id in behaviour.legacy:
            raise Refusal("ResourceNotFoundException", LEGACY)
        if model.id in behaviour.no_access:
            raise Refusal("AccessDeniedException", NO_ACCESS)
        if model.draws and operation == "converse":
            raise invalid("This action doesn't support the model that you provided. Try again with a supported text or chat model.")
        if not model.draws and operation == "invoke":
            raise invalid(f"{INVALID_IDENTIFIER} The stand-in answers this model over Converse only.")
        return model

    def _invoke(self, number: int, model: Model, raw: bytes) -> Answer:
        amazons = model.family in ("canvas", "titan")
        body = parse(raw)
        order = amazon.read(body, model.family) if amazons else stability.read(body, 1 + secrets.randbelow(stability.HIGHEST_SEED))
        fault = self._befalls(number, model, "image")
        if prompt_blocked(order, self._behaviour):
            if amazons:
                raise amazon.prompt_blocked()
            return self._answered(stability.filtered("prompt"), fault)
        kept = images_kept(order, self._behaviour)
        self._sleep(self._behaviour.image_latency)
        images = [paint(_numbered(order, index)) for index in kept]
        self.ledger.note(number, images=len(images))
        if amazons:
            return self._answered(amazon.reply(order, images), fault)
        return self._answered(stability.reply(order, images[0] if images else None), fault)

    def _converse(self, number: int, model: Model, raw: bytes) -> Answer:
        with self._lock:
            key = digest(raw)
            asked_before = self._asked[key]
            self._asked[key] += 1
        turn = converse.read(parse(raw), model, self._behaviour.seed, asked_before)
        self.ledger.note(number, question=turn.question.kind)
        fault = self._befalls(number, model, turn.question.kind)
        self._sleep(self._behaviour.vision_latency)
        return self._answered(converse.answer(turn, model, fault.kind if fault else ""), fault, spoken=True)

    def _befalls(self, number: int, model: Model, target: str) -> Fault | None:
        """The first fault due for this call, used up by one; those that are refusals are raised."""
        fault = self._take(model, target)
        if fault is None:
            return None
        self.ledger.note(number, fault=fault.kind)
        if fault.kind in _REFUSED_BY_FAULT:
            raise Refusal(*_REFUSED_BY_FAULT[fault.kind])
        if fault.kind == "refuse":
            raise Refusal("ServiceUnavailableException", "connection refused")
        return fault

    def _take(self, model: Model, target: str) -> Fault | None:
        kinds = {"any", target} | ({"vision"} if target != "image" else set())
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.on in kinds and fault.model in model.id and fault.times > 0:
                    self._faults[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None

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
