"""The verifier: answers by what the strip of the picture tells, and by nothing else.

Unknown is never there: a requirement none of whose words can be found in the strip is not met, and a picture without
a strip that can be read meets nothing. A judge may overlook something, each model by its own chance, but no judge
ever sees what is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from math import inf
from typing import Any

from PIL import Image

from . import strip
from .chance import dice
from .strip import Shown
from .things import marks_of, things
from .words import Thing

SIGNATURE = "(judged by the Retake stand-in, no real model)"
MOST_REQUIREMENTS = 12
Point = tuple[int, str]
"""A requirement's number and its words."""


@dataclass(frozen=True)
class View:
    """What one judge makes of one picture; `shown` is None where nothing can be made out.

    What is `overlooked` is not found when it is asked for, and still seen when it should not be there.
    """

    shown: tuple[Shown, ...] | None
    overlooked: Shown | None = None

    @classmethod
    def on(cls, raw: bytes, model: str, overlooking: float) -> "View":
        """Looks; in a share of all pictures something is overlooked."""
        with Image.open(BytesIO(raw)) as picture:
            shown = strip.read(picture)
        chance = dice("overlooks", model, raw)
        return cls(shown, chance.choice(shown) if shown and chance.random() < overlooking else None)

    @property
    def shows(self) -> str:
        """The picture in words."""
        if self.shown is None:
            return f"Nothing that could be made out {SIGNATURE}"
        return f"{', '.join(each.told for each in self.shown) or 'nothing in particular'} {SIGNATURE}"

    @property
    def words(self) -> list[str]:
        """What is drawn as text; the labels of cards are not."""
        return [each.label.strip('"') for each in self.shown or () if each.label.startswith('"')]

    def fault(self, requirement: str) -> str:
        """What is wrong with it in the picture, in a few words; nothing if it is met."""
        asked = things(requirement)
        return "; ".join(filter(None, (self.lack(thing) for thing in asked))) if asked else "this cannot be told"

    def lack(self, thing: Thing) -> str:
        """What is wrong with one thing, or nothing."""
        if self.shown is None:
            return "nothing can be made out"
        named = [each for each in self.shown if _is(thing, each)]
        if thing.excluded:
            there = [each for each in named if thing.colour in ("", each.colour)]
            return f"{there[0].told} to be seen, though none were wanted" if there else ""
        named = [each for each in named if each is not self.overlooked]
        if not named:
            return f"no {thing.name} to be seen"
        most = inf if thing.at_least or not thing.number else thing.number
        counted = [each for each in named if thing.number <= each.number <= most]
        if not counted:
            least = "at least " if thing.at_least else ""
            wanted = Shown(thing.name, 1, thing.colour).told
            return f"{named[0].told} to be seen instead of {least}{thing.number} {wanted}"
        if thing.colour and not any(each.colour == thing.colour for each in counted):
            return f"{counted[0].told} to be seen, not in {thing.colour}"
        return ""


def _is(thing: Thing, shown: Shown) -> bool:
    return thing.marks <= marks_of(shown.label) and (not thing.text or shown.label.startswith('"'))


def requirements_of(prompt: str) -> list[str]:
    """At most twelve statements, each about one thing."""
    return [_stated(thing) for thing in things(prompt)][:MOST_REQUIREMENTS]


def _stated(thing: Thing) -> str:
    """A sentence, or the bare words where a sentence around them would mean something else."""
    wanted = f"{thing.phrase[0].upper()}{thing.phrase[1:]} can be seen."
    sentence = f"No {thing.name} are visible." if thing.excluded else wanted
    return sentence if [each.meaning for each in things(sentence)] == [thing.meaning] else thing.phrase


def checklist(view: View, points: Sequence[Point]) -> dict[str, Any]:
    """Each point by its number: met or not."""
    faults = {number: view.fault(requirement) for number, requirement in points}
    answers = [{"n": number, "shows": fault or "as asked", "met": not fault} for number, fault in faults.items()]
    return {"shows": view.shows, "answers": answers, "words": view.words}


def grade(view: View, prompt: str, negative: str) -> dict[str, Any]:
    """Ten times the share of the prompt's things that are there, in halves; 10 only if all are."""
    faults = [fault for fault in map(view.lack, things(prompt)) if fault]
    found = len(things(prompt)) - len(faults)
    unwanted = (replace(thing, excluded=True) for thing in things(negative))
    faults += [fault for fault in map(view.lack, unwanted) if fault]
    halves = 20 * found // (found + len(faults)) if found else 0
    return {"shows": view.shows, "faults": faults, "grade": halves / 2 if halves % 2 else halves // 2}
