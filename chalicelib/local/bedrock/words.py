"""What one piece of a text says, by the words of the vocabulary. Pure."""

import re
from dataclasses import dataclass

from .vocabulary import CJK, COLOURS, GENERAL, GRAMMAR, MEANINGS, NUMBERS, RELATIONS, SHAPED, pattern

_STOPS = frozenset(word for name in ("stops", "articles", "connectives", "negations") for word in GRAMMAR[name])
LEAST = re.compile(r"(?:\bat least\b|\bmindestens\b|少なくとも)\s*", re.IGNORECASE)
_KNOWN = re.compile(pattern(MEANINGS, "(?:e?s)?"), re.IGNORECASE)
_COLOUR = re.compile(rf"(?:{pattern(COLOURS)})(?:い|の(?=\S))?", re.IGNORECASE)
_LATIN_NUMBERS = pattern([*(word for word in NUMBERS if not CJK.search(word)), *GRAMMAR["several"]])
_DIGITS = r"(?<![\w.:])\d{1,2}(?![\w.:])"
_COUNTED = rf"([一二三四五六七八九十]|\d{{1,2}})({'|'.join(GRAMMAR['counters'])})の?"
_NUMBER = re.compile(rf"(≥)?\s*(?:{_COUNTED}|({_LATIN_NUMBERS}|{_DIGITS}))", re.IGNORECASE)
NEGATION = re.compile(pattern(GRAMMAR["negations"]), re.IGNORECASE)
_EDGE = re.compile(
    rf"^(?:\s|{pattern(GRAMMAR['articles'] + GRAMMAR['negations'])}|[≥のがはをにでとも])+|[\sのがはをにでも]+$", re.I
)
_NOUN = r"(?<=[\u30a1-\u30fa\u30fc\u3005\u3400-\u9fff])"
_STARTS = "|".join(
    (pattern(GRAMMAR["articles"] + GRAMMAR["negations"] + GRAMMAR["relations"]), _LATIN_NUMBERS, _DIGITS)
)
JOINT = re.compile(
    rf"({pattern(GRAMMAR['connectives'])})|(?=(?<![\w≥])\s*(?:≥\s*)?(?:{_STARTS}))"
    rf"|{_NOUN}(?:には|では|から|まで|を|へ|や(?!か)|と(?!い)|が(?![っりるれ])|は(?![しられ])|に(?!ぎ)|で(?!き)|も(?!の))"
    rf"|(?<=のない)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:の(?=な))?(?:一切|全く|まったく|誰も|何も)?(?:[いてで]?い|写ってい|映ってい|見え|存在し)?(?:ない|なし|なく|無し|無い|ません)$"
)
_TOKEN = re.compile(
    r"[\u3005\u3400-\u9fff]+|[\u30a1-\u30fa\u30fc]+|[\u3041-\u3096]+|(?:(?![\u3040-\u30ff\u3005\u3400-\u9fff])[^\W_])+"
    r"|[\U0001f000-\U0001faff\u2600-\u27bf]"
)


@dataclass(frozen=True)
class Thing:
    """One thing; `phrase` as it was written, `label` without number and colour; `number` 0 and `colour` "": any.

    `marks`: what the vocabulary knows in it, and every other word that means something.
    """

    phrase: str
    label: str
    marks: frozenset[str]
    number: int = 0
    at_least: bool = False
    colour: str = ""
    excluded: bool = False

    @property
    def meaning(self) -> tuple[object, ...]:
        """All of it but for the wording."""
        return self.marks, self.number, self.at_least, self.colour, self.excluded

    @property
    def text(self) -> bool:
        """Words that are to be read in the picture."""
        return self.phrase.startswith('"')

    @property
    def scenery(self) -> str:
        """Its name among the things that are drawn as scenery, or nothing."""
        known = self.marks & GENERAL.keys()
        if len(known) != 1:
            return ""
        (name,), more = known, self.marks - known
        plain = not more if name in SHAPED else more <= RELATIONS and self.number < 2 and not self.colour
        return name if plain else ""

    @property
    def name(self) -> str:
        """What it is called in a picture: by the vocabulary if that says it all, else in its own words."""
        return self.scenery if self.scenery and len(self.marks) == 1 else self.label


def read_piece(piece: str) -> tuple[Thing, bool, bool]:
    """The thing, excluded if an ending says so; whether a word negates it; whether it only adds to the thing before."""
    bare = _DENIED.sub("", piece)
    number, at_least, counter, rest = _counted(bare)
    colour, label = _coloured(rest)
    if counter in ("人", "名") and not (_names(label) or _tokens(label)):
        label = f"人{label}"
    names = _names(label)
    marks = names | _tokens(_KNOWN.sub(" ", label))
    alone = CJK.search(bare) and len(names) == 1 and marks == names and not (number or colour)
    phrase = min(names) if alone else _trimmed(NEGATION.sub("", bare))
    verb = not names and re.fullmatch(r"[\u3400-\u9fff]{1,2}[\u3041-\u3096]+", label)
    adds = bool(marks <= RELATIONS or verb) if marks else bool(counter)
    thing = Thing(phrase, label, marks, number, at_least, colour, excluded=bare != piece)
    return thing, bool(NEGATION.search(bare)), adds


def _counted(piece: str) -> tuple[int, bool, str, str]:
    """How many, or 0; whether more will do; the Japanese counter; and the piece without all that."""
    match = _NUMBER.search(piece)
    if not match:
        return 0, False, "", piece
    least, counted, counter, word = match.groups()
    given = (counted or word).casefold()
    number = NUMBERS.get(given) or (int(given) if given.isdecimal() else 2)
    at_least = bool(least or given in GRAMMAR["several"])
    return number, at_least, counter or "", f"{piece[: match.start()]} {piece[match.end() :]}"


def _coloured(piece: str) -> tuple[str, str]:
    """The first colour, and the words without it; a colour that is all there is stays a word."""
    if match := _COLOUR.search(piece):
        rest = _trimmed(_EDGE.sub("", piece[: match.start()] + piece[match.end() :]))
        if _names(rest) or _tokens(_KNOWN.sub(" ", rest)) - RELATIONS:
            return COLOURS[re.sub("[いの]$", "", match[0].casefold())], rest
    return "", _trimmed(_EDGE.sub("", piece))


def _trimmed(text: str) -> str:
    words = text.replace("≥", "at least ").split()
    while len(words) > 1 and words[-1].casefold() in _STOPS - RELATIONS:
        words.pop()
    return " ".join(words)


def _names(text: str) -> frozenset[str]:
    words = [match[0].casefold() for match in _KNOWN.finditer(text)]
    singulars = [(word, word.removesuffix("s"), word.removesuffix("es")) for word in words]
    return frozenset(name for each in singulars for name in next(MEANINGS[form] for form in each if form in MEANINGS))


def _tokens(text: str) -> frozenset[str]:
    found = []
    for match in _TOKEN.finditer(text):
        token, before = match[0].casefold(), text[match.start() - 1 : match.start()]
        if re.fullmatch(r"[\u3041-\u3096]+", token):
            after = text[match.end() : match.end() + 1]
            token = re.sub("^[のがはをにでとも]|[のがはをにでとも]$", "", token)
            modifies = CJK.match(after) and token[-1:] in "たるいなうくて"
            if CJK.match(before) or modifies or len(token) < 2:
                continue
        found.append(_singular(token))
    return frozenset(found) - _STOPS


def _singular(word: str) -> str:
    if not word.isascii() or len(word) < 4 or word in _STOPS:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return re.sub(r"(?<=[sx])es$|(?<=[cs]h)es$|(?<![su])s$", "", word)
