"""The rewriter: a caption in English that names every element of the initial prompt, what failed first.

Captions are what image models follow best (AWS's and Stability's prompting guides, 2026-11): subject, surroundings,
light, style, camera, no negations; what must not be there goes into the negative prompt as bare nouns.
"""

from collections.abc import Iterator, Sequence

from .chance import digest
from .phrases import captioned, noun
from .reading import names, read

_OPENINGS = (
    "A wide landscape photograph of",
    "A detailed, atmospheric picture of",
    "A sweeping panoramic photograph of",
    "A richly composed fine-art photograph of",
)
_CLOSINGS = (
    ("soft natural light", "crisp detail", "wide-angle lens"),
    ("luminous colours", "clean composition", "long exposure"),
    ("gentle glow", "layered depth", "35 mm photograph"),
    ("vivid tones", "balanced framing", "high detail"),
)


def rewrite(initial: str, negative: str, tried: Sequence[str], failures: Sequence[str], limit: int) -> dict[str, str]:
    """`{"revised_prompt", "negative_prompt"}`: at most `limit` characters; only what the negative prompt lacks."""
    reading = read(initial)
    failed = names(" ".join(failures))
    ordered = sorted(reading.wanted, key=lambda wanted: wanted.element not in failed)
    subjects = [captioned(wanted) for wanted in ordered] or [_plain_subject(initial)]
    prompts = (
        _within(limit, f"{opening} {subjects[0]}", [*subjects[1:], *closing]) for opening, closing in _styles(initial)
    )
    prompt = next((prompt for prompt in prompts if prompt not in tried), _within(limit, subjects[0], subjects[1:]))
    return {"revised_prompt": prompt, "negative_prompt": _negatives(negative, reading.unwanted)}


def _styles(initial: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every opening with every closing, from a start that depends on the prompt."""
    start = digest("style", initial)
    for number in range(len(_OPENINGS) * len(_CLOSINGS)):
        turn = number // len(_OPENINGS)
        yield _OPENINGS[(start + number) % len(_OPENINGS)], _CLOSINGS[(start + number + turn) % len(_CLOSINGS)]


def _plain_subject(initial: str) -> str:
    words = " ".join(initial.split()).rstrip(".。!?")
    return words if words.isascii() else "an evocative scene"


def _within(limit: int, opening: str, clauses: Sequence[str]) -> str:
    prompt = opening[:limit]
    for clause in clauses:
        if len(prompt) + len(clause) + 2 <= limit:
            prompt = f"{prompt}, {clause}"
    return prompt


def _negatives(negative: str, unwanted: Sequence[str]) -> str:
    """Bare nouns of what the prompt excludes and the negative prompt does not name yet."""
    known = names(negative)
    return ", ".join(noun(name, True) for name in unwanted if name not in known)
