"""What ends up in the picture: the prompt's elements, less what the seed lets the model forget.

A plain prompt loses elements, the more so the more it names; a caption loses few. Image models also tend to draw
what a prompt only mentions in order to exclude it, and so does this one. Pure.
"""

import re
from dataclasses import dataclass
from random import Random

from ..chance import dice
from ..reading import Reading, Wanted, names, read
from ..tones import NATURAL
from ..vocabulary import ELEMENTS

CROWDED = 5
"""From this many elements on, a plain prompt is practically never drawn completely."""

_LOSS = {"plain": 0.24, "caption": 0.03}
_CROWDED_SLIP = 0.995
_WRONG_NUMBER = {"plain": 0.25, "caption": 0.05}
_WRONG_COLOUR = {"plain": 0.2, "caption": 0.03}
_DRAWN_THOUGH_EXCLUDED = 0.3
_COMMAND = re.compile(r"^\s*(?:please|draw|create|make|generate|paint|show|i want)\b", re.IGNORECASE)
MOST = 12


@dataclass(frozen=True)
class Planned:
    """One element to draw; `number` and `colour` are settled, `exact` says that somebody will count."""

    element: str
    number: int = 1
    colour: str = ""
    exact: bool = False


def caption_like(prompt: str) -> bool:
    """Whether a prompt is what image models like: an English caption of several clauses, without negations."""
    mostly_ascii = sum(character.isascii() for character in prompt) >= 0.9 * len(prompt)
    return mostly_ascii and prompt.count(",") >= 3 and not _COMMAND.search(prompt) and not read(prompt).unwanted


def plan(prompt: str, negative: str, seed: int) -> tuple[Planned, ...]:
    """What to draw, in the order of the prompt; empty when it names nothing known."""
    reading = read(prompt)
    style = "caption" if caption_like(prompt) else "plain"
    chance = dice("plan", prompt, negative, seed)
    kept = _without_losses(reading, style, chance)
    drawn = tuple(_settled(wanted, style, chance) for wanted in kept)
    return drawn + _drawn_though_excluded(reading, negative, chance)


def _without_losses(reading: Reading, style: str, chance: Random) -> list[Wanted]:
    rolls = [chance.random() for _ in reading.wanted]
    kept = [wanted for wanted, roll in zip(reading.wanted, rolls, strict=True) if roll >= _LOSS[style]]
    slips = chance.random() < _CROWDED_SLIP
    if style == "plain" and len(reading.wanted) >= CROWDED and len(kept) == len(reading.wanted) and slips:
        kept.pop(rolls.index(min(rolls)))
    return kept


def _settled(wanted: Wanted, style: str, chance: Random) -> Planned:
    element = ELEMENTS[wanted.element]
    spare, off, other = chance.random(), chance.random(), chance.random()
    number = wanted.least
    if element.countable and wanted.most is None:
        number += int(spare * (3 if wanted.least > 1 else 1.6))
    elif wanted.most is not None and off < _WRONG_NUMBER[style]:
        number += 1 if number == 1 or other < 0.5 else -1
    natural = NATURAL.get(wanted.element, ("",))
    colour = wanted.colour or natural[int(other * len(natural))]
    if wanted.colour and chance.random() < _WRONG_COLOUR[style]:
        colour = next(each for each in natural if each != wanted.colour)
    return Planned(wanted.element, max(1, min(MOST, number)), colour, wanted.most is not None)


def _drawn_though_excluded(reading: Reading, negative: str, chance: Random) -> tuple[Planned, ...]:
    prevented = names(negative)
    drawn = []
    for name in reading.unwanted:
        if chance.random() < _DRAWN_THOUGH_EXCLUDED and name not in prevented:
            natural = NATURAL.get(name, ("",))
            drawn.append(Planned(name, 1, natural[0]))
    return tuple(drawn)
