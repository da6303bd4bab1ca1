"""What a text asks to be seen and not to be seen: words of the vocabulary, their negations, numbers and colours.

Pure. English and Japanese are read side by side; whatever is not in the vocabulary is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .numerals import count_of, plural
from .vocabulary import ABSENCES, COLOURS, COMPOUNDS, ELEMENTS, MEANINGLESS


@dataclass(frozen=True)
class Wanted:
    """One element; `most` None means any number from `least` on, `colour` one of COLOURS or empty."""

    element: str
    least: int = 1
    most: int | None = None
    colour: str = ""


@dataclass(frozen=True)
class Reading:
    """The elements in the order of their first mention, and those that must not be there."""

    wanted: tuple[Wanted, ...]
    unwanted: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing known was named at all."""
        return not self.wanted and not self.unwanted


@lru_cache(maxsize=1024)
def read(text: str) -> Reading:
    """What `text` asks for; a thing both asked for and excluded is excluded."""
    wanted: dict[str, Wanted] = {}
    unwanted: dict[str, None] = {}
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in ABSENCES:
            unwanted |= {ABSENCES[word]: None} if ABSENCES[word] else {}
            continue
        for name in _MEANINGS.get(word, ()):
            if _negated(text, match.start(), match.end()):
                unwanted[name] = None
            else:
                mention = _mention(name, word, text, match.start(), match.end())
                wanted[name] = _merged(wanted.get(name), mention)
    kept = tuple(mention for name, mention in wanted.items() if name not in unwanted)
    return Reading(kept, tuple(unwanted))


def names(text: str) -> tuple[str, ...]:
    """Every element that `text` mentions, whatever it says about them (for negative prompts)."""
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        word = match.group().lower()
        found |= dict.fromkeys(_MEANINGS.get(word) or filter(None, (ABSENCES.get(word, ""),)))
    return tuple(found)


def _mention(name: str, word: str, text: str, start: int, end: int) -> Wanted:
    element = ELEMENTS[name]
    mention = Wanted(name)
    if element.countable:
        least, most = count_of(text[:start], text[end:], plural(word))
        mention = replace(mention, least=least, most=most)
    if element.colourable:
        mention = replace(mention, colour=_colour(text[:start]))
    return mention


def _merged(first: Wanted | None, second: Wanted) -> Wanted:
    """The earlier mention decides; a later one may add what it left open."""
    if first is None:
        return second
    narrower = second if first.most is None and (second.most or second.least > first.least) else first
    return replace(first, least=narrower.least, most=narrower.most, colour=first.colour or second.colour)


def _colour(before: str) -> str:
    match = _COLOUR_BEFORE.search(before)
    return _COLOUR_OF[(match.group(1) or match.group(2)).lower()] if match else ""


def _negated(text: str, start: int, end: int) -> bool:
    clause = _CLAUSE_END.split(text[:start])[-1]
    return bool(_NEGATION_BEFORE.search(clause) or _NEGATION_AFTER.match(text[end:]))


def _alternatives(words: Iterator[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    english = "|".join(re.escape(word) for word in ordered if word.isascii())
    japanese = "|".join(re.escape(word) for word in ordered if not word.isascii())
    return rf"(?<![A-Za-z-])(?:{english})(?![A-Za-z])|(?:{japanese})"


def _meanings() -> Mapping[str, tuple[str, ...]]:
    meanings = {word: (name,) for name, element in ELEMENTS.items() for word in element.english + element.japanese}
    return meanings | dict(COMPOUNDS) | dict.fromkeys(MEANINGLESS, ())


_MEANINGS = _meanings()
_WORD = re.compile(_alternatives(iter([*_MEANINGS, *ABSENCES])) + r"|\d+月", re.IGNORECASE)
_COLOUR_OF = {word: colour for colour, words in COLOURS.items() for word in words}
_ENGLISH_COLOURS = "|".join(word for word in _COLOUR_OF if word.isascii())
_JAPANESE_COLOURS = "|".join(word for word in _COLOUR_OF if not word.isascii())
_CONNECTIVE = r"(?:and|with|of|on|in|at|by|under|over|near|beside|the|a|an)\b"
_COLOUR_BEFORE = re.compile(
    rf"(?:\b({_ENGLISH_COLOURS})(?:\s+(?!{_CONNECTIVE})[\w-]+){{0,2}}\s+$)|(?:({_JAPANESE_COLOURS})(?:い|色の|色|の|な)?$)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.,;:!?。、，；：！？\n()]|\b(?:but|yet|however|showing|except)\b", re.IGNORECASE)
_NEGATION_BEFORE = re.compile(
    r"\b(?:no|not|without|never|devoid of|free of|free from|absence of|lacking|neither|nor|zero|empty of|don't|doesn't|"
    r"exclude|excluding|avoid)\b",
    re.IGNORECASE,
)
_NEGATION_AFTER = re.compile(
    r"(?:の姿|の影|影)?(?:が|は|も|の|を)?(?:一切|全く|まったく|誰も|何も|どこにも)?"
    r"(?:い|写ってい|映ってい|見え|存在し|含ま|入れ|描か|写ら|映ら)?"
    r"(?:な[いしく]|無[いし]|ませ|ずに|ません|ありませ)"
    r"|(?:が|は|も)?(?:いませ|ありませ)|[ -]free\b|(?:は|を)?(?:抜き|除[いく])"
)
