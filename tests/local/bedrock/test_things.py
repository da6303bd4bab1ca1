"""What prompts and requirements are understood to ask for, in any language."""

import time

import pytest

from chalicelib.local.bedrock.things import things, unfamiliar
from chalicelib.local.bedrock.vocabulary import GENERAL


def read(text: str) -> list[str]:
    """Each thing as `no 3+ red scenery*` or `label`."""
    return [
        " ".join(
            filter(
                None,
                (
                    "no" if thing.excluded else "",
                    f"{thing.number}{'+' if thing.at_least else ''}" if thing.number else "",
                    thing.colour,
                    f"{thing.scenery}*" if thing.scenery else thing.label,
                ),
            )
        )
        for thing in things(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A serene landscape with mountains and a lake", ["mountains*", "lake*"]),
        ("three red apples and two green pears on a blue table", ["3 red apples", "2 green pears", "blue table"]),
        ("shooting stars above the alps at night", ["meteors*", "mountains*", "night*"]),
        ("a starry night", ["night*", "stars*"]),
        ("sunrise over the ocean", ["sun*", "sunset*", "sea*"]),
        ("a lake without boats or people, but with a house", ["lake*", "no boat*", "no people*", "house*"]),
        ("a moon, no moon", ["no moon*"]),
        ("a snowy mountain village", ["snowy mountain village"]),
        ("three moons", ["3 moons"]),
        ("an old woman", ["old woman"]),
        ("a woman", ["woman*"]),
        ("a cat to the left of a dog", ["cat left", "dog*"]),
        ('a sign "OPEN, AT LAST" in red', ["sign", '"OPEN, AT LAST"', "red"]),
        ('a sign "NOBODY HOME"', ["sign", '"NOBODY HOME"']),
        ("no cats and 2 dogs", ["no cat*", "2 dog*"]),
        ("a moonlit night", ["moon*", "night*"]),
        ("月夜", ["moon*", "night*"]),
        ("menschenleerer Strand", ["no people*", "beach*"]),
        ("無人の海", ["no people*", "sea*"]),
        ("湖に人が写っていない", ["lake*", "no people*"]),
        ("花のない草原", ["no flowers*", "meadow*"]),
        ("山と湖", ["mountains*", "lake*"]),
        ("赤い鳥居が二つある", ["2 red torii*"]),
        ("机の上に三冊の本", ["机の上", "3 本"]),
        ("二人の子供", ["2 child*"]),
        ("りんごが三つ", ["3 りんご"]),
        ("看板の文字なし", ["no 看板の文字"]),
        ("ein roter Traktor, keine Wolken", ["red Traktor", "no clouds*"]),
        ("None of this is visible: people, red cats, blurry text", ["no people*", "no red cat*", "no blurry text"]),
        ("A lake. None of these: clouds", ["lake*", "no clouds*"]),
        ("at least two horses", ["2+ horse*"]),
        ("several cats", ["2+ cat*"]),
        ("12 cats", ["12 cat*"]),
        ("🎉", ["🎉"]),
        ("???", ["???"]),
    ],
)
def test_things(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("name", GENERAL)
def test_every_scenery_is_known_by_its_own_name(name: str) -> None:
    assert [thing.scenery for thing in things(f"A picture of the {name}")] == [name]


def test_what_becomes_a_card_can_be_told_beforehand() -> None:
    assert unfamiliar("a lake, three red apples, no people, a glass bridge") == ("apples", "glass bridge")
    assert unfamiliar("A serene landscape with mountains and a lake") == ()


@pytest.mark.parametrize(
    "text", ["  " * 5_000 + "x", "no, " * 2_500, '"' * 9_999, "a " * 5_000, "≥" * 9_999, "光の海と" * 2_500]
)
def test_the_longest_texts_are_read_in_no_time(text: str) -> None:
    began = time.process_time()
    things(text)
    assert time.process_time() - began < 5
