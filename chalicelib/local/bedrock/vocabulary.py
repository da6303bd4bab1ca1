"""The tables of `vocabulary.toml`, and which things have a shape. Pure data."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_TABLE = tomllib.loads((_HERE / "vocabulary.toml").read_text("utf-8"))
SHAPES: Mapping[str, Mapping[str, Any]] = tomllib.loads((_HERE / "shapes.toml").read_text("utf-8"))
CJK = re.compile(r"[\u3040-\u30ff\u3005\u3400-\u9fff]")


def _words(text: str) -> list[str]:
    return [" ".join(part.split()).casefold() for part in text.split(",") if part.strip()]


def pattern(words: Iterable[str], plural: str = "") -> str:
    """Any of the words, longer ones first; a word in Latin letters only as a whole."""
    ordered = sorted({*words}, key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in ordered if not CJK.search(word))
    other = "|".join(re.escape(word) for word in ordered if CJK.search(word))
    return "|".join(filter(None, (rf"(?<![\w-])(?:{latin}){plural}(?![\w-])" if latin else "", other)))


_OWN, _KINDS = {name: name for name in _TABLE["scenery"]}, _TABLE["kinds"].items()
GENERAL: Mapping[str, str] = _OWN | {name: general for general, kinds in _KINDS for name in kinds}
"""Of all that is drawn as scenery, what it is a kind of, or itself."""
SHAPED = {name: general for name, general in GENERAL.items() if general in SHAPES and name != "forest"}
"""What stands alone, in a number and a colour, and by which shape."""
_ROWS = {**_TABLE["scenery"], **_TABLE["others"], **{name: row for _, kinds in _KINDS for name, row in kinds.items()}}
_LISTS = {name: [name, *_words(row)] for name, row in _ROWS.items()}
MEANINGS = {word: tuple(name for name in _LISTS if word in _LISTS[name]) for row in _LISTS.values() for word in row}
ABSENCES: Mapping[str, str] = dict(_TABLE["absences"])
COLOURS: Mapping[str, str] = {word: name for name, words in _TABLE["colours"].items() for word in _words(words)}
NUMBERS: Mapping[str, int] = {word: int(name) for name, words in _TABLE["numbers"].items() for word in _words(words)}
GRAMMAR = {name: _words(words) for name, words in _TABLE["grammar"].items()}
RELATIONS = frozenset((*GRAMMAR["relations"], "上", "下", "前", "後", "横", "間", "隣", "左", "右"))
