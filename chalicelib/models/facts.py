"""How a thing is known: a limit with its source and date, and how long a model lives.

Facts age; each says where it was read and when, so that a reader can look again. Must not know any family.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["active", "legacy", "ended", "unknown"]


@dataclass(frozen=True)
class Fact:
    """One limit or habit of a model: `field` as in the request body, `value` in words, `source` an address."""

    field: str
    value: str
    source: str
    read_on: date


@dataclass(frozen=True)
class Lifecycle:
    """A model's state on the day its facts were read; dates are None where none is announced."""

    status: Status
    legacy: date | None
    end_of_life: date | None
    source: str
