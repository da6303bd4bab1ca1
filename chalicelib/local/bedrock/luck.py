"""What becomes of a prompt's things: by seed some are left out, miscounted or miscoloured, and the excluded creeps in.

What stands early in a prompt is lost less often, and a prompt that lists its things one by one loses least. Pure.
"""

import re
from random import Random

from .chance import dice
from .strip import Shown
from .things import marks_of, things
from .vocabulary import COLOURS, SHAPED, SHAPES
from .words import Thing

MOST_THINGS, MOST_SPECIMENS = 24, 12
_LOSS, _LATER = {True: 0.01, False: 0.18}, {True: 0.008, False: 0.07}
_SLIP = {True: 0.04, False: 0.22}  # a wrong number, a wrong colour
_CREEPS_IN = 0.3
_NEVER = "unattainable"
_PLURAL = re.compile(r"[^sui]s$|たち$|々$", re.IGNORECASE)


def drawn(prompt: str, negative: str, seed: int) -> list[Shown]:
    """What will be in the picture."""
    wanted = things(prompt)[:MOST_THINGS]
    prevented = [thing.marks for thing in things(negative)]
    listed = min(prompt.count(","), prompt.count(", ")) >= max(3, sum(not thing.excluded for thing in wanted) - 1)
    chance = dice("luck", prompt, negative, seed)
    found = []
    for place, thing in enumerate(wanted):
        lost, settled = chance.random(), _settled(thing, listed, chance)
        if thing.excluded:
            creeps = not any(marks <= marks_of(settled.label) for marks in prevented)
            if creeps and lost < _CREEPS_IN:
                found.append(settled)
        elif lost >= min(0.5, _LOSS[listed] + _LATER[listed] * place) and _NEVER not in thing.label.lower():
            found.append(settled)
    return found


def _settled(thing: Thing, listed: bool, chance: Random) -> Shown:
    slip, tint, other = chance.random(), chance.random(), chance.random()
    number = thing.number or (2 + int(3 * other) if _PLURAL.search(thing.label) else 1)
    shape = SHAPED.get(thing.scenery, "")
    if thing.scenery and not shape:
        return Shown(thing.name)
    if thing.number and slip < _SLIP[listed]:
        number += 1 if number < 2 or (other < 0.5 and not thing.at_least) else -1
    natural = str(SHAPES[shape]["natural"]).split(", ") if shape else [""]
    colour = thing.colour or natural[int(other * len(natural))]
    if thing.colour and tint < _SLIP[listed]:
        others = sorted({*COLOURS.values()} - {colour})
        colour = others[int(other * len(others))]
    return Shown(thing.name, min(MOST_SPECIMENS, max(1, number)), colour)
