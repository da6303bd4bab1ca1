"""What every image family boils down to: something to draw, and what a content filter makes of it."""

from dataclasses import dataclass

from .behaviour import Behaviour
from .chance import share


@dataclass(frozen=True)
class Order:
    """One image call, read and found legal; `encoding` is PNG or JPEG, sizes in pixels."""

    prompt: str
    negative: str
    width: int
    height: int
    seed: int
    count: int = 1
    encoding: str = "PNG"


def prompt_blocked(order: Order, behaviour: Behaviour) -> bool:
    """Whether the filter stops the words before anything is drawn."""
    return _contains(order.prompt, behaviour.blocked_prompt_words)


def images_kept(order: Order, behaviour: Behaviour) -> tuple[int, ...]:
    """The numbers of the images that pass the filter, of those ordered."""
    numbers, kept = tuple(range(order.count)), order.count // 2
    if _contains(order.prompt, behaviour.blocked_image_words):
        return ()
    if not _contains(order.prompt, behaviour.partly_blocked_words):
        return numbers
    return numbers[kept:] if order.count > 1 or share("filter", order.prompt, order.seed) < 0.5 else ()


def _contains(prompt: str, words: tuple[str, ...]) -> bool:
    return any(word.lower() in prompt.lower() for word in words)
