"""Words that are to be written in a picture, and words in a picture that speak to whoever judges it. Pure.

A judge's transcription is compared by code: whether a sign says OPEN is a question about letters, and text drawn in a
picture that addresses its judge fooled every judge tested (arXiv 2505.15249).
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, islice

MOST_QUOTED, LONGEST_QUOTED = 4, 100
_QUOTED = re.compile(  # a mark right behind a figure is an inch, and opens nothing
    r'(?<![0-9])"([^"\n]{1,200})"|“([^”\n]{1,200})”|„([^“”\n]{1,200})[“”]|«([^»\n]{1,200})»'
    r"|「([^」\n]{1,200})」|『([^』\n]{1,200})』"
)
_TEMPLATE = 'The words "{}" are to be read in the picture.'
_TEXT_REQUIREMENT = re.compile(re.escape(_TEMPLATE).replace(r"\{\}", "(.+)"))
# Words that a picture has no reason to show and a judge might obey; each is looked for in the letters and figures only.
_TO_A_JUDGE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|requirement|checklist|above|previous)"
    r"|\b(?:system|assistant|developer)\s*(?:prompt|message|note|instruction|override)"
    r"|\b(?:grader|grading|judge|judging|verifier|verification|checker|evaluator|reviewer|language model)\b"
    r"|\b(?:answer|say|reply|respond|return|output|mark|rate|score|grade|give)\b.{0,30}"
    r"\b(?:yes|true|met|pass(?:ed)?|accept(?:ed)?|approved?|correct|ten|10|full marks)\b"
    r"|\b(?:all|every)\s*(?:the\s*)?requirements?\b|\brequirements?\s*(?:are\s*)?(?:all\s*)?(?:met|satisfied|fulfilled)"
    r"|\b(?:met|result|accepted|verdict|grade)\W{1,3}(?:true|yes|pass|10)\b"
    r"|\b(?:image|picture|prompt)\s*(?:is\s*)?(?:approved|accepted|verified|correct|perfect)"
    r"|指示を無視|採点|審査|(?:画像|絵|写真|これ|この).{0,20}(?:合格|判定)"  # by itself, 合格 is what shrines sell
    r"|(?:合格|判定)\s*(?:です|だ|とする|とせよ|と判定|にして|にせよ|して|せよ|[:：=])",
    re.IGNORECASE,
)


def quoted(prompt: str) -> tuple[str, ...]:
    """The words a prompt puts in quotation marks, each once, at most four of up to 100 characters."""
    found = ("".join(match.groups(default="")).strip() for match in _QUOTED.finditer(prompt))
    kept = dict.fromkeys(words for words in found if _letters(words) and len(words) <= LONGEST_QUOTED)
    return tuple(kept)[:MOST_QUOTED]


def text_requirement(words: str) -> str:
    """The requirement that these words be read, which `asked_words` knows again."""
    return _TEMPLATE.format(words)


def asked_words(requirement: str) -> str | None:
    """The words that a requirement of `text_requirement` asks for, None for any other."""
    found = _TEXT_REQUIREMENT.fullmatch(requirement)
    return found[1] if found else None


def reads(transcribed: Sequence[str], words: str) -> bool:
    """Whether the words stand in what was transcribed, letter by letter, however they are spread over lines.

    Whole words only, but in scripts that part none.
    """
    wanted = _letters(words)
    if not wanted.isascii():
        return wanted in _letters("".join(transcribed))
    pieces = [_letters(piece) for piece in " ".join(transcribed).split()]
    return any(wanted in islice(accumulate(pieces[start:]), len(wanted)) for start in range(len(pieces)))


def to_a_judge(transcribed: Sequence[str], asked: str) -> str | None:
    """The words in a picture that address a judge and that nobody asked for, or None; `asked` is all that was asked."""
    text = " ".join(" ".join(transcribed).split())
    found = _TO_A_JUDGE.finditer(unicodedata.normalize("NFKC", text))
    return text if any(_letters(each[0]) not in _letters(asked) for each in found) else None


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
