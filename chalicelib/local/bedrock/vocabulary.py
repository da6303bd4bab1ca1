"""The tables of `vocabulary.toml`, and which things have a shape. Pure data."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_TABLE = tomllib.loads((_HERE / "vocabulary.toml").read_text("utf-8"))
SHAPES: Mapping[str, Mapping[str, Any]] = tomllib.loads((_HERE / "shapes.toml").read_text("utf-8"))
CJK = re.compile(r"[\u3040-\u30ff\u3005\u3400-\u9fff]")


@dataclass(frozen=True)
class Entry:
    """`general` is what it is a kind of, or itself; what has a shape stands alone, in a number and a colour."""

    general: str
    shape: str = ""


def _words(text: str) -> list[str]:
    return [" ".join(part.split()).casefold() for part in text.split(",") if part.strip()]


def pattern(words: Iterable[str], plural: str = "") -> str:
    """Any of the words, longer ones first; a word in Latin letters only as a whole."""
    ordered = sorted({*words}, key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in ordered if not CJK.search(word))
    other = "|".join(re.escape(word) for word in ordered if CJK.search(word))
    return "|".join(filter(None, (rf"(?<![\w-])(?:{latin}){plural}(?![\w-])" if latin else "", other)))


_KINDS = {name: tuple(row.split(": ", 1)) for name, row in _TABLE["kinds"].items()}
SCENERY: Mapping[str, Entry] = {name: Entry(name, name if name in SHAPES else "") for name in _TABLE["scenery"]} | {
    name: Entry(general, general if general in SHAPES and name != "forest" else "")
    for name, (general, _) in _KINDS.items()
}
_LISTS = {**_TABLE["scenery"], **_TABLE["others"], **{name: words for name, (_, words) in _KINDS.items()}}
MEANINGS: Mapping[str, tuple[str, ...]] = {
    **{word: (name,) for name, words in _LISTS.items() for word in [name, *_words(words)]},
    **{word: tuple(_words(names)) for word, names in _TABLE["several"].items()},
}
ABSENCES: Mapping[str, str] = dict(_TABLE["absences"])
COLOURS: Mapping[str, str] = {word: name for name, words in _TABLE["colours"].items() for word in _words(words)}
NUMBERS: Mapping[str, int] = {word: int(name) for name, words in _TABLE["numbers"].items() for word in _words(words)}
GRAMMAR = {name: _words(words) for name, words in _TABLE["grammar"].items()}
RELATIONS = frozenset((*GRAMMAR["relations"], "上", "下", "前", "後", "横", "間", "隣", "左", "右"))
