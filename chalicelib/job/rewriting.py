"""What a rewritten prompt must keep, checked by code; and what is done where it does not. Pure.

A rewriter that loses what was asked for, repeats a prompt that failed, or excludes the subject itself costs a whole
revision of images. So its answer is held against the requirements before an image is paid for.
"""

import re
from collections import Counter

from chalicelib.models.types import Revision, RewriteBrief
from chalicelib.text.written import quoted

_NUMBERS = {
    **{"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"},
    **{"10": "ten", "11": "eleven", "12": "twelve"},
}
_NUMBER = re.compile(rf"(?<![\w.])(\d{{1,4}}|{'|'.join(_NUMBERS.values())})(?![\w.]*\d)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:no|not|without|never|free of|absence of|none of|nothing|avoid)\b[^.,;:!?]*", re.IGNORECASE)
_CLAUSE = re.compile(r"[、。,.;]")
_MARKS = ".,;:!?()"
_ABSENT_IN_JAPANESE = ("なし", "無し", "ない", "抜き")


def faults(revision: Revision, brief: RewriteBrief) -> tuple[str, ...]:
    """What is wrong with a rewritten prompt, in words for its writer; empty where nothing is."""
    found = [f"requirement {number} is carried by no words of the prompt" for number in uncarried(revision, brief)]
    if _repeats(revision.prompt, brief):
        found.append("the prompt was tried already")
    found += [f"{word!r} of the initial prompt is lost" for word in lost(revision.prompt, brief.initial_prompt)]
    return tuple(found)


def uncarried(revision: Revision, brief: RewriteBrief) -> tuple[int, ...]:
    """The numbers of the requirements whose words do not stand in the prompt. An exclusion needs no words there."""
    prompt = _plain(revision.prompt)
    carried = {number: words for number, words in enumerate(revision.carried_by, 1) if _plain(words)}
    return tuple(
        number
        for number, requirement in enumerate(brief.requirements, 1)
        if _plain(_asked_for(requirement)) and (number not in carried or _plain(carried[number]) not in prompt)
    )


def lost(prompt: str, initial_prompt: str) -> tuple[str, ...]:
    """The quoted words and the numbers of the initial prompt that do not stand in this one."""
    words = [text for text in quoted(initial_prompt) if _plain(text) not in _plain(prompt)]
    kept = _numbers(prompt)
    return (*words, *sorted(_numbers(initial_prompt) - kept))


def mended(revision: Revision, brief: RewriteBrief) -> tuple[str, tuple[str, ...]]:
    """The prompt with what it lost appended where it fits, the most missed first; and a note for each.

    A prompt that was tried already gets the text of the requirement that is missed most, so that it is another.
    """
    prompt, notes, missed = revision.prompt, list[str](), most_missed(brief)
    unsaid = uncarried(revision, brief)
    wanted = [
        *(number for number in missed if number in unsaid),
        *(number for number in unsaid if number not in missed),
    ]
    for number in wanted:
        prompt = _with(prompt, f"requirement {number}", brief.requirements[number - 1], brief.length_limit, notes)
    for word in lost(prompt, brief.initial_prompt):
        if word in lost(prompt, brief.initial_prompt):  # what was appended for another may have brought it
            prompt = _with(prompt, repr(word), _as_it_stood(word, brief.initial_prompt), brief.length_limit, notes)
    for number in (*missed, *range(1, len(brief.requirements) + 1)):
        if not _repeats(prompt, brief):
            break
        if longer := _appended(prompt, brief.requirements[number - 1], brief.length_limit):
            prompt = longer
            notes.append(f"the rewriter repeated a prompt: requirement {number} appended")
    return prompt, tuple(notes)


def allowed_exclusions(negative: str | None, brief: RewriteBrief) -> tuple[str | None, tuple[str, ...]]:
    """What the user excluded, word for word, and those of the rewriter's terms that may join it; the others."""
    asked = " ".join(map(_asked_for, (brief.initial_prompt, *brief.requirements)))
    known = {term.casefold() for term in _terms(brief.negative_prompt)}
    fresh = [term for term in dict.fromkeys(_terms(negative)) if term.casefold() not in known]
    dropped = tuple(term for term in fresh if _mentions(asked, term))
    added = ", ".join(term for term in fresh if term not in dropped)
    if not added or not brief.negative_prompt:
        return added or brief.negative_prompt, dropped
    joined = f"{brief.negative_prompt.rstrip(' .,')}, {added}"
    return joined if len(joined) <= brief.length_limit else brief.negative_prompt, dropped


def _terms(text: str | None) -> list[str]:
    return [term.strip(" .") for term in (text or "").split(",") if term.strip(" .")]


def _asked_for(text: str) -> str:
    """The text without its exclusions: "a lake, no people" asks for a lake."""
    clauses = _CLAUSE.split(_NEGATED.sub(" ", text))
    kept = (clause for clause in clauses if not any(word in clause for word in _ABSENT_IN_JAPANESE))
    return ", ".join(kept).strip(" .,;、。")


def _mentions(text: str, term: str) -> bool:
    """Whether the text names the term, one or several of it."""
    folded, looked_in = term.casefold(), text.casefold()
    if not term.isascii():
        return folded in looked_in
    stems = "|".join(re.escape(folded.removesuffix(ending)) for ending in ("", "s", "es"))
    return re.search(rf"(?<!\w)(?:{stems})(?:e?s)?(?!\w)", looked_in) is not None


def _numbers(text: str) -> set[str]:
    words = {word: figure for figure, word in _NUMBERS.items()}
    return {words.get(found[0].casefold(), found[0].casefold()) for found in _NUMBER.finditer(text)} - {"0", "1"}


def _as_it_stood(word: str, initial_prompt: str) -> str:
    """Quoted words in quotation marks, which image models draw; a number with what it counts, which they must not."""
    if word in quoted(initial_prompt):
        return f'"{word}"'
    pieces = initial_prompt.split()
    at = next(number for number, piece in enumerate(pieces) if word in _numbers(piece))
    if pieces[at][-1].isalnum():
        counted = pieces[at : at + 2]
    else:  # it ends its clause: "ISO 100." names what it counts before it
        counted = pieces[max(0, at - 1) : at + 1] if pieces[at].strip(_MARKS).isalnum() else pieces[at : at + 1]
    return " ".join(counted).strip(_MARKS)


def _repeats(prompt: str, brief: RewriteBrief) -> bool:
    return _plain(prompt) in {_plain(each.prompt) for each in brief.tried}


def _with(prompt: str, what: str, text: str, limit: int, notes: list[str]) -> str:
    longer = _appended(prompt, text, limit)
    notes.append(f"the rewriter lost {what}: {'appended' if longer else 'no room for it'}")
    return longer or prompt


def _appended(prompt: str, text: str, limit: int) -> str | None:
    longer = f"{prompt.rstrip(' .')}. {text}"
    return longer if len(longer) <= limit else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .")


def most_missed(brief: RewriteBrief) -> tuple[int, ...]:
    """The numbers of the requirements that pictures missed, the most missed first."""
    counts: Counter[int] = Counter()
    for tried in brief.tried:
        counts.update(dict(tried.missed))
    return tuple(sorted(counts, key=lambda number: (-counts[number], number)))
