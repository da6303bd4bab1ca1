"""What the stand-in is told to do: frozen values, replaced whole; and the faults in waiting, used up by calls.

The default is the truth of 2026-11: Nova Canvas and Titan v2 have ended, Stability lives in us-west-2 only.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .modes import MODES
from .refusal import FAULTS

FAULT_KINDS = (
    *FAULTS,  # refused as the table says
    "unreadable",  # HTTP 200; an image reply that is no JSON, a vision reply whose text is no JSON
    "cut_off",  # vision: the reply ends in the middle, stopReason max_tokens
    "filtered",  # vision: the blocked-by-filters sentence as ordinary text
    "hang",  # the work is done, the answer comes after `seconds`
    "drop",  # the work is done and charged, then the connection is closed without an answer
    "refuse",  # the connection is closed before any work
)
LOOKS = ("verify", "checklist", "grade", "economy")
FAULT_TARGETS = ("any", "image", "vision", *LOOKS, "rewrite", "requirements")  # verify: whatever is asked of a picture


@dataclass(frozen=True)
class Fault:
    """What befalls the next `times` calls of a kind; `model` narrows it to ids that contain the text."""

    kind: str
    on: str = "any"
    times: int = 1
    model: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in FAULT_KINDS:
            raise ValueError(f"fault {self.kind!r}: one of {', '.join(FAULT_KINDS)}")
        if self.on not in FAULT_TARGETS:
            raise ValueError(f"fault on {self.on!r}: one of {', '.join(FAULT_TARGETS)}")


@dataclass(frozen=True)
class Mode:
    """How the vision models whose ids contain `model` answer: one of `modes.MODES`."""

    model: str
    mode: str

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode {self.mode!r}: one of {', '.join(MODES)}")


@dataclass(frozen=True)
class Behaviour:
    """The whole of it; latencies in seconds, models as ids without region or profile prefix."""

    ended: tuple[str, ...] = ("amazon.nova-canvas-v1:0", "amazon.titan-image-generator-v2:0")
    legacy: tuple[str, ...] = ()
    no_access: tuple[str, ...] = ()
    blocked_prompt_words: tuple[str, ...] = ("gore",)
    blocked_image_words: tuple[str, ...] = ("nsfw-image",)
    partly_blocked_words: tuple[str, ...] = ("nsfw-some",)
    faults: tuple[Fault, ...] = ()
    modes: tuple[Mode, ...] = ()
    overlooking: float = 0.04  # the share of pictures in which a judge overlooks something
    image_latency: float = 0.0
    vision_latency: float = 0.0
    seed: int = 0

    def mode_of(self, model: str) -> str:
        """How a model answers; the last one told counts."""
        return next((each.mode for each in reversed(self.modes) if each.model in model), "sees")


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
