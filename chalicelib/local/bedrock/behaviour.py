"""What the stand-in is told to do: frozen values, replaced whole, never changed in place.

The default is the truth of 2026-11: Nova Canvas and Titan v2 have ended, Stability lives in us-west-2 only.
"""

from dataclasses import dataclass

from .modes import MODES

BLOCKED_IN_PROMPTS, BLOCKED_IN_IMAGES = "gore", "nsfw-image"  # the words that the content filters stop


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
    no_access: tuple[str, ...] = ()
    refusing: str = ""  # every call, with that of the table's faults
    modes: tuple[Mode, ...] = ()
    overlooking: float = 0.04  # the share of pictures in which a judge overlooks something
    image_latency: float = 0.0
    vision_latency: float = 0.0

    def mode_of(self, model: str) -> str:
        """How a model answers."""
        return next((each.mode for each in self.modes if each.model in model), "sees")

    def fault_of(self, model: str) -> str:
        """By which of the table's faults a model refuses every call, or nothing."""
        if model in self.ended:
            return "end_of_life"
        return "access_denied" if model in self.no_access else self.refusing
