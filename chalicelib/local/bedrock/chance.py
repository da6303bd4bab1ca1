"""Chance that repeats: everything the stand-in leaves to luck is a function of what it was asked.

No module here may use the random module's shared state or the clock to decide anything.
"""

import hashlib
import random


def digest(*ingredients: str | int | bytes) -> int:
    """A 64-bit number that is the same for the same ingredients, on every machine and Python version."""
    hashed = hashlib.blake2b(digest_size=8)
    for ingredient in ingredients:
        raw = ingredient if isinstance(ingredient, bytes) else str(ingredient).encode("utf-8", "surrogatepass")
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return int.from_bytes(hashed.digest(), "big")


def dice(*ingredients: str | int | bytes) -> random.Random:
    """A generator of its own for one purpose."""
    return random.Random(digest(*ingredients))
