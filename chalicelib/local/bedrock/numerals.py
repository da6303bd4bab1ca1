"""How many: numbers before or after a noun, English and Japanese. Pure."""

import re

ENGLISH_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_KANJI = "〇一二三四五六七八九十"
_ONE = {"a": 1, "an": 1, "single": 1, "lone": 1, "solitary": 1, "one": 1}
_SEVERAL = {"several", "many", "numerous", "few", "flock of", "herd of", "countless", "dozens of", "lots of", "some"}
_COUNTERS = "羽|匹|頭|人|隻|艘|本|軒|台|つ|個|輪|棟|株|体|名"
_IRREGULAR_PLURALS = {"people", "men", "women", "children", "人々", "家々", "木々", "花々", "crowd", "couple", "鳥たち"}
_GROUPS = {"forest", "forests", "woods", "woodland", "rainforest", "森", "森林", "林"}

_NUMBER_WORDS = "|".join([*ENGLISH_NUMBERS, *_ONE, *_SEVERAL, r"\d{1,3}"])
_BETWEEN = r"(?:\s+(?!and\b|with\b|of\b|on\b|in\b|the\b)[A-Za-z-]+){0,3}"
_ENGLISH_BEFORE = re.compile(
    rf"(?:\b(at least|exactly)\s+)?\b(?:a\s+(?=few|flock|herd|couple))?({_NUMBER_WORDS}){_BETWEEN}\s+$",
    re.IGNORECASE,
)
_ADJECTIVE = r"(?:[赤青緑白黒紫紅黄茶灰]色?い?の?|大きな|小さな|可愛い|かわいい)?"
_JAPANESE_BEFORE = re.compile(rf"([{_KANJI}]|[0-9０-９]{{1,3}})(?:{_COUNTERS})?の?{_ADJECTIVE}$")
_JAPANESE_AFTER = re.compile(rf"(?:が|を|は|も)?([{_KANJI}]|[0-9０-９]{{1,3}})(?:{_COUNTERS})")


def plural(word: str) -> bool:
    """Whether the word itself says more than one."""
    return word in _IRREGULAR_PLURALS or word in _GROUPS or (word.isascii() and word.endswith("s") and word != "koi")


def count_of(before: str, after: str, is_plural: bool) -> tuple[int, int | None]:
    """The least and the most that are asked for; most None means any number."""
    english = _ENGLISH_BEFORE.search(before)
    if english:
        return _english(english.group(1), english.group(2).lower(), is_plural)
    japanese = _JAPANESE_BEFORE.search(before) or _JAPANESE_AFTER.match(after)
    if japanese:
        number = _japanese(japanese.group(1))
        return number, number
    return (2, None) if is_plural else (1, None)


def _english(modifier: str | None, word: str, is_plural: bool) -> tuple[int, int | None]:
    if word in _SEVERAL:
        return 3, None
    number = int(word) if word.isdigit() else _ONE.get(word) or ENGLISH_NUMBERS.index(word)
    if number == 1 and is_plural:
        return 2, None
    return number, None if modifier and modifier.lower() == "at least" else number


def _japanese(word: str) -> int:
    return int(word) if word.isdigit() else _KANJI.index(word)
