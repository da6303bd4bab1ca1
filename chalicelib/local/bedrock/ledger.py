"""What was asked and what was charged: the figures that tests compare with what the product believes it spent."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass
class Call:
    """One call, filled in by the thread that answers it; `images` are those charged, `status` 0 where none was sent."""

    model: str
    region: str
    operation: str
    question: str = ""
    status: int = 0
    images: int = 0


class Ledger:
    """A log of calls that many threads open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def open(self, model: str, region: str, operation: str) -> Call:
        """Writes down that a call arrived."""
        call = Call(model, region, operation)
        with self._lock:
            self._calls.append(call)
        return call

    def clear(self) -> None:
        """Forgets everything, for a test that counts from here on."""
        with self._lock:
            self._calls.clear()

    @property
    def log(self) -> tuple[Call, ...]:
        """Every call, oldest first."""
        with self._lock:
            return tuple(self._calls)

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
