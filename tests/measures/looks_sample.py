"""Judges and pictures made up: the looks that tests/measures/looks.jsonl ships.

`python -m tests.measures.looks_sample > tests/measures/looks.jsonl` writes them again, to the letter. Nothing in them
was ever seen by a model: the noise is chosen so that the figures lie where published ones do, so they show that the
replay runs and nothing about any judge.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

SEED, PROMPTS, PICTURES = 7, 60, 5


def sample(seed: int = SEED) -> Iterator[dict[str, Any]]:
    """A checklist and two grades of each picture. People err rarely, a checklist often, a grade by a point or two."""
    chance = random.Random(seed)
    for number in range(PROMPTS):
        hard, count = chance.random(), 2 + int(chance.random() * 4)
        for picture in range(PICTURES):
            there = [chance.random() < 0.97 - 0.4 * hard for _ in range(count)]
            looks_right = all(there) and chance.random() < 0.65  # a fault that no requirement names
            place = {"prompt": f"p{number:02}", "image": str(picture)}
            label = looks_right if chance.random() < 0.95 else not looks_right
            answers = [chance.random() < (0.93 if met else 0.4) for met in there]
            yield {**place, "judge": "a", "look": "checklist", "answers": answers, "label": label}
            misjudged = chance.random() < 0.15  # by both who grade: they see the same picture
            for judge, look in (("b", "grade"), ("c", "second grade")):
                grade = _grade(chance, looks_right != misjudged, sum(there) / count)
                yield {**place, "judge": judge, "look": look, "grade": grade, "label": label}


def _grade(chance: random.Random, right: bool, share: float) -> float:
    noise = chance.random() + chance.random() + chance.random() - 1.5
    grade = (9.3 if right else 4 + 4.2 * share) + 1.4 * noise
    return max(0.0, min(10.0, round(grade * 2) / 2))


def lines() -> Iterator[str]:
    """As they stand in the file."""
    return (json.dumps(look, separators=(",", ":")) for look in sample())


if __name__ == "__main__":
    print("\n".join(lines()))
