"""Negations moved from a prompt to the negative prompt, for models that draw whatever a prompt names.

Nova Canvas and Titan want no "no" or "without" in either field (AWS documentation, 2026-11): "no people" tends to draw
people. Only what is certain is moved, never guessed: a closed list of things that stand by themselves in a scene,
negated as a whole clause or at a clause's end, not spoken of elsewhere in the prompt, and not words to be drawn.
Whatever is left in place costs a try at most; whatever is moved wrongly changes what the user asked for.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

# What may be moved stands before the bar; any word of the line, spoken elsewhere in the prompt, forbids it.
_KINDS = (
    "people person persons humans human crowd crowds tourists pedestrians | man men woman women boy boys girl girls "
    "child children kid kids baby babies couple couples family families friend friends someone portrait portraits king "
    "queen lady ladies guy guys player players worker workers rider riders fisherman fishermen dancer dancers soldier "
    "soldiers traveler travelers traveller travellers hiker hikers passenger passengers",
    "animals animal birds bird dogs dog cats cat | horse horses puppy puppies kitten kittens flock herd wildlife gulls",
    "boats boat ships ship | harbor harbour marina port fleet sail sails sailing yacht yachts ferry canoe kayak",
    "cars car vehicles vehicle traffic | truck trucks bus buses taxi taxis van vans driving",
    "buildings building houses house | city town village skyline tower towers castle church cabin hut skyscraper",
    "trees tree | forest forests woods woodland jungle palm palms pine pines oak oaks birch orchard grove",
    "clouds cloud | cloudy overcast storm stormy",
    "fog mist | foggy misty haze hazy",
    "rain | rainy rainbow storm stormy",
    "snow | snowy snowfall winter",
    "watermarks watermark logos logo captions caption text writing lettering | brand inscription typography",
)


def _related() -> dict[str, tuple[str, ...]]:
    """Each name that may be moved → every word that speaks of its kind."""
    related: dict[str, tuple[str, ...]] = {}
    for kind in _KINDS:
        names, _, others = kind.partition("|")
        for name in names.split():
            related[name] = (*names.split(), *others.split())
    return related


_RELATED = _related()
# Parts of a picture set against each other, where what one lacks the other may have; and exceptions.
_PARTS = re.compile(
    r"\b(?:left|right|halves|half|panels?|split|diptych|triptych|collage|grid"
    r"|except|excepting|only|besides|apart|unless|other than|but for|save for)\b",
    re.IGNORECASE,
)
_DRAWN_WORDS = re.compile(
    r"[\"“”「」『』«»]|\b(?:signs?|says?|saying|reads?|reading|labell?ed|labels?|words?|titled?|slogan|posters?|letters)\b"
    r"|看板|文字|標識",
    re.IGNORECASE,
)

_NAME = "(?:" + "|".join(sorted(_RELATED, key=len, reverse=True)) + ")"
_LIST = rf"(?P<things>{_NAME}(?:\s*,?\s+or\s+(?:any\s+)?{_NAME})*)"
_NO = r"(?:no|without(?:\s+any)?)"
_CLAUSE_END = r"(?=[^\S\n]*(?:[.,;!?\n]|$))"
_CLAUSE_START = r"(?:^|(?<=[.,;!?\n]))"
# "…, no people, …": a whole clause.
_WHOLE_CLAUSE = re.compile(
    rf"{_CLAUSE_START}\s*(?:and\s+|but\s+)?(?:there\s+(?:is|are)\s+|with\s+)?{_NO}\s+{_LIST}{_CLAUSE_END}",
    re.IGNORECASE,
)
# "a lake without boats", "a beach with no people", "palms and no people": the clause's end.
_AT_THE_END = re.compile(
    rf"(?<=\w)(?<!\bnot)(?<!\bnever)\s+(?:without(?:\s+any)?|(?:and\s+|but\s+)?with\s+no|(?:and|but)\s+no)\s+"
    rf"{_LIST}{_CLAUSE_END}",
    re.IGNORECASE,
)
# "無人の写真", "誰もいない海岸": before a noun, that is, before a character that is no hiragana (無人島 is an island).
_NOBODY = re.compile(r"(?:無人の|誰もいない|[人ひと]+[のが]いない)(?=[一-龯ァ-ヶー])")
_JAPANESE_PEOPLE = re.compile(
    "[男女彼娘王]|子供|子ども|家族|人物|人々|大人|老人|少年|少女|[一二三四五六七八九十数0-9]人|[^無]人(?=[がはをとの])"
)


class Split(NamedTuple):
    """A prompt without its certain negations, and what they named, each once, in order."""

    prompt: str
    unwanted: tuple[str, ...]


def split_negations(prompt: str) -> Split:
    """The prompt and what was taken out of it; the prompt as it was when nothing is certain."""
    if _DRAWN_WORDS.search(prompt) or _PARTS.search(prompt):
        return Split(prompt, ())
    bare, _ = _without(prompt, lambda name: True)
    text, unwanted = _without(prompt, lambda name: not _mentioned(name, bare))
    text, nobody = _without_nobody(text)
    left = _tidied(text)
    if not left or text == prompt:
        return Split(prompt, ())
    in_order = sorted(set(unwanted), key=prompt.lower().index)
    return Split(left, tuple(dict.fromkeys([*in_order, *nobody])))


def joined(*texts: str | None) -> str | None:
    """Lists of unwanted things as one, comma-separated, each entry once; None when nothing is left."""
    entries: dict[str, str] = {}
    for text in texts:
        for entry in (text or "").split(","):
            if entry.strip():
                entries.setdefault(entry.strip().casefold(), entry.strip())
    return ", ".join(entries.values()) or None


def _without(text: str, certain: Callable[[str], bool]) -> tuple[str, list[str]]:
    """The text without the negations of which every name is certain, and those names."""
    unwanted: list[str] = []

    def removed(negation: re.Match[str]) -> str:
        names = _names(negation)
        if not all(map(certain, names)):
            return negation[0]
        unwanted.extend(names)
        return ""

    before = None
    while text != before:  # what goes may leave another negation at a clause's end
        before = text
        for pattern in (_AT_THE_END, _WHOLE_CLAUSE):
            text = pattern.sub(removed, text)
    return text, unwanted


def _names(negation: re.Match[str]) -> list[str]:
    return [name.lower() for name in re.findall(rf"\b{_NAME}\b", negation["things"], re.IGNORECASE)]


def _mentioned(name: str, rest: str) -> bool:
    return re.search(rf"\b(?:{'|'.join(_RELATED[name])})\b", rest, re.IGNORECASE) is not None


def _without_nobody(text: str) -> tuple[str, list[str]]:
    rest = _NOBODY.sub("", text)
    if rest == text or _JAPANESE_PEOPLE.search(rest):
        return text, []
    return rest, ["people"]


def _tidied(text: str) -> str:
    """Punctuation that a removed clause left behind, closed up."""
    text = re.sub(r"[^\S\n]+([.,;!?])", r"\1", text)
    text = re.sub(r"(?:[,;]\s*)+(?=[.,;!?])", "", text)
    text = re.sub(r"(?<!\.)([.!?])(?!\.\.)(?:\s*[.,;])+", r"\1", text)  # an ellipsis stays
    return text.strip().strip(",; ").lstrip(".!?").strip()
