"""The things that the stand-in knows how to draw, see and name; their words are in `words.toml`.

A word belongs to one or more elements; longer words win over the shorter ones inside them, and the meaningless ones
are there so that they do (a starfish is no star, Monday is no moon).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Element:
    """One thing; `caption` is how a good prompt says it; countable things have a plural."""

    name: str
    english: tuple[str, ...]
    japanese: tuple[str, ...]
    caption: str
    plural: str = ""
    colourable: bool = False

    @property
    def countable(self) -> bool:
        """Whether a number of them can be asked for."""
        return bool(self.plural)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in (" ".join(part.split()) for part in text.split(",")) if word)


def _element(name: str, row: Mapping[str, Any]) -> Element:
    english, japanese = _words(row["english"]), _words(row["japanese"])
    return Element(name, english, japanese, row["caption"], row.get("plural", ""), row.get("colourable", False))


_TABLE = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))

ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {name: _element(name, row) for name, row in _TABLE["elements"].items()}
)
COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: _words(row) for name, row in _TABLE["colours"].items()}
)
COMPOUNDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {word: _words(row) for word, row in _TABLE["compounds"].items()}
)
ABSENCES: Mapping[str, str] = MappingProxyType(dict(_TABLE["absences"]))
"""Words that say by themselves that something is absent, and what; empty where it is nothing known."""
MEANINGLESS: tuple[str, ...] = _words(_TABLE["meaningless"]["english"]) + _words(_TABLE["meaningless"]["japanese"])
