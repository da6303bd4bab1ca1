"""What an exploration has gone into: marks of states, each with the faults that were left to spend when it was.

Several processes may share it: then it lies in memory that all of them map. They write without a lock. What one loses
by that, because two write in one place at once, is a state that is gone into twice; a state that nobody went into is
never found here, but by a chance of 1 in 2 to the 100, as for two digests that are equal.
"""

import mmap
from typing import Protocol

MARK = 15  # bytes of a digest that are kept; one more says how many faults were left
ENTRY = MARK + 1
NOTHING = bytes(ENTRY)
PLACES = 1 << 23  # the system gives memory only where something is written
TRIES = 64


class Seen(Protocol):
    def first_time(self, mark: bytes, left: int) -> bool:
        """Whether a state was not gone into with as many faults to spend; from now on it was."""


class SeenHere:
    """In this process."""

    def __init__(self) -> None:
        self.left: dict[bytes, int] = {}

    def first_time(self, mark: bytes, left: int) -> bool:
        if self.left.get(mark, -1) >= left:
            return False
        self.left[mark] = left
        return True


class SeenByAll:
    """By this process and all that are forked from it: a table of marks, each as near as can be to where it belongs."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._table = mmap.mmap(-1, places * ENTRY)

    def first_time(self, mark: bytes, left: int) -> bool:
        kept, table = mark[:MARK], self._table
        first = int.from_bytes(mark[:8], "little")
        for step in range(TRIES):
            start = (first + step) % self._places * ENTRY
            entry = table[start : start + ENTRY]
            if entry == NOTHING:
                table[start : start + ENTRY] = kept + bytes((left + 1,))
                return True
            if entry[:MARK] == kept:
                if entry[MARK] > left:
                    return False
                table[start + MARK] = left + 1
                return True
        return True  # no place is left near by: it is gone into as often as somebody comes to it
