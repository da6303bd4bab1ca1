"""Faults in waiting: each befalls the next calls it is meant for, and is used up by them."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from .behaviour import LOOKS, Fault
from .refusal import FAULTS, Refusal


class Faults:
    """What is still to befall; safe to use from many threads."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._lock = threading.Lock()
        self._waiting = list(faults)

    def take(self, model: str, target: str) -> Fault | None:
        """The first fault due for a call of a model; `target` is image or the kind of question."""
        kinds = {"any", target} | ({"vision"} if target != "image" else set())
        kinds |= {"verify"} if target in LOOKS else set()
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.on in kinds and fault.model in model and fault.times > 0:
                    self._waiting[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None


def refuse(fault: Fault) -> None:
    """Raises the Refusal that a fault stands for, if it stands for one."""
    if fault.kind in FAULTS:
        raise Refusal(*FAULTS[fault.kind])
