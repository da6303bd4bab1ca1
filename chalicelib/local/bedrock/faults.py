"""Faults in waiting: each befalls the next calls it is meant for, and is used up by them."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from .behaviour import LOOKS, Fault
from .refusal import NO_ACCESS, Refusal

_REFUSALS = {
    "throttle": ("ThrottlingException", "Too many requests, please wait before trying again."),
    "not_ready": ("ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."),
    "quota": ("ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
    "internal": (
        "InternalServerException",
        "The system encountered an unexpected error during processing. Try your request again.",
    ),
    "unavailable": ("ServiceUnavailableException", "Bedrock is unable to process your request."),
    "model_error": (
        "ModelErrorException",
        "The system encountered an unexpected error during processing. Try your request again.",
    ),
    "timeout": ("ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    "access_denied": ("AccessDeniedException", NO_ACCESS),
}


class Faults:
    """What is still to befall; safe to use from many threads."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._lock = threading.Lock()
        self._waiting = list(faults)

    def take(self, model: str, target: str) -> Fault | None:
        """The first fault due for a call of a model; `target` is image or the kind of question."""
        kinds = {"any", target, *(("vision",) if target != "image" else ()), *(("verify",) if target in LOOKS else ())}
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.on in kinds and fault.model in model and fault.times > 0:
                    self._waiting[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None


def refuse(fault: Fault) -> None:
    """Raises the Refusal that a fault stands for, if it stands for one."""
    if fault.kind in _REFUSALS:
        raise Refusal(*_REFUSALS[fault.kind])
