"""One request in, one answer out, without any sockets: models' state, faults, filters, charges.

The only mutable things are the behaviour in force, the ledger and how often equal questions came.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import conversation, converse, families
from .behaviour import Behaviour, Fault, Faults
from .catalogue import Model, resolve
from .chance import digest, share
from .families import Order
from .ledger import Call, Ledger
from .refusal import FAULTS, REASONS, Refusal, refused
from .scene import paint


@dataclass(frozen=True)
class Answer:
    """What goes back; None as payload means: close the connection without a word."""

    payload: bytes | None
    delay: float = 0.0


class Service:
    """Bedrock without the network; safe to use from many threads."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.calls = Ledger()
        self.behaviour = behaviour
        self._lock = threading.Lock()
        self._asked: Counter[int] = Counter()

    @property
    def behaviour(self) -> Behaviour:
        """What the stand-in does now."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self._behaviour, self._faults = behaviour, Faults(behaviour.faults)

    def answer(self, identifier: str, region: str, operation: str, raw: bytes) -> Answer:
        """InvokeModel or Converse; raises Refusal."""
        call = self.calls.open(identifier, region, operation)
        try:
            model = self._usable(identifier, region, operation)
            call.model = model.id
            done = (self._invoke if operation == "invoke" else self._converse)(call, model, raw)
        except Refusal as refusal:
            call.status = refusal.status
            raise
        call.status = 200 if done.payload is not None else 0
        return done

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

    def _invoke(self, call: Call, model: Model, raw: bytes) -> Answer:
        order = families.read(_parsed(raw), model.family)
        fault = self._befalling(model, "image")
        if fault is not None and fault.kind == "refuse":
            return Answer(None)
        if _contains(order.prompt, self._behaviour.blocked_prompt_words):
            return _answered(families.prompt_blocked(model.family), fault)
        time.sleep(self._behaviour.image_latency)
        images = [paint(_numbered(order, index)) for index in self._kept(order)]
        call.images = len(images)
        return _answered(families.reply(order, images, model.family), fault)

    def _kept(self, order: Order) -> Sequence[int]:
        """The numbers of the images that pass the filter, of those ordered."""
        if _contains(order.prompt, self._behaviour.blocked_image_words):
            return ()
        if not _contains(order.prompt, self._behaviour.partly_blocked_words):
            return range(order.count)
        blocked = order.count // 2 if order.count > 1 else round(share("filter", order.prompt, order.seed))
        return range(blocked, order.count)

    def _converse(self, call: Call, model: Model, raw: bytes) -> Answer:
        with self._lock:  # equal questions need not have equal luck
            asked_before = self._asked[digest(raw)]
            self._asked[digest(raw)] += 1
        talk = conversation.read(_parsed(raw), model)
        turn = converse.turn_of(talk, model, self._behaviour.seed, asked_before)
        call.question = turn.question.kind
        fault = self._befalling(model, turn.question.kind)
        if fault is not None and fault.kind == "refuse":
            return Answer(None)
        time.sleep(self._behaviour.vision_latency)
        return _answered(converse.answer(turn, model, self._behaviour, fault.kind if fault else ""), fault)

    def _befalling(self, model: Model, target: str) -> Fault | None:
        """The fault due for this call; raises Refusal where the fault is one."""
        fault = self._faults.take(model.id, target)
        if fault is not None and fault.kind in FAULTS:
            raise Refusal(*FAULTS[fault.kind])
        return fault


def _answered(reply: dict[str, Any], fault: Fault | None) -> Answer:
    payload, kind = json.dumps(reply).encode(), fault.kind if fault else ""
    if kind == "unreadable" and "images" in reply:
        payload = payload[: len(payload) // 2]
    return Answer(None if kind == "drop" else payload, fault.seconds if fault and kind == "hang" else 0.0)


def _contains(prompt: str, words: Iterable[str]) -> bool:
    return any(word.lower() in prompt.lower() for word in words)


def _numbered(order: Order, index: int) -> Order:
    """The order for one of several images: each has a seed of its own."""
    return order if index == 0 else replace(order, seed=digest("image", order.seed, index), count=1)


def _parsed(raw: bytes) -> Any:
    """The JSON of a body; NaN, Infinity and duplicate keys are none, as Bedrock has it. Raises Refusal."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise refused("no_json") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)
