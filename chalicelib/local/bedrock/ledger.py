"""What was asked and what was charged: the figures that tests compare with what the product believes it spent."""

import itertools
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call as it arrived; `images` are those charged, `status` 0 while it runs and when no answer was sent."""

    number: int
    model: str
    region: str
    operation: str
    question: str = ""
    status: int = 0
    error: str = ""
    images: int = 0
    fault: str = ""


class Ledger:
    """A log of calls that many threads write; every reading is a copy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._numbers = itertools.count()

    def open(self, model: str, region: str, operation: str) -> Call:
        """Writes down that a call arrived."""
        with self._lock:
            call = Call(next(self._numbers), model, region, operation)
            self._calls[call.number] = call
            return call

    def note(self, number: int, **changes: Any) -> None:
        """Replaces some fields of a call already written down; one forgotten meanwhile stays forgotten."""
        with self._lock:
            if number in self._calls:
                self._calls[number] = replace(self._calls[number], **changes)

    def clear(self) -> None:
        """Forgets everything, for a test that counts from here on."""
        with self._lock:
            self._calls.clear()

    @property
    def log(self) -> tuple[Call, ...]:
        """Every call, oldest first."""
        with self._lock:
            return tuple(self._calls.values())

    @property
    def begun(self) -> Mapping[str, int]:
        """Calls that arrived, for each model, refused ones included."""
        return Counter(call.model for call in self.log)

    @property
    def charged(self) -> Mapping[str, int]:
        """Image calls that were charged, for each model: those that made images, also when the answer was lost."""
        return Counter(call.model for call in self.log if call.images)

    @property
    def images(self) -> Mapping[str, int]:
        """Images that were charged, for each model."""
        return Counter(call.model for call in self.log for _ in range(call.images))

    def to_json(self) -> dict[str, Any]:
        """As `GET /_stand-in/calls` answers."""
        totals = {name: dict(getattr(self, name)) for name in ("begun", "charged", "images")}
        return {**totals, "log": [asdict(call) for call in self.log]}
