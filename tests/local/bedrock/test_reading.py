"""What prompts are understood to ask for, in two languages."""

import pytest

from chalicelib.local.bedrock.reading import names, read
from chalicelib.local.bedrock.vocabulary import ELEMENTS, Element


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("A serene landscape with mountains and a lake", ["mountains", "lake"], []),
        ("shooting stars above snow-capped mountains at night", ["meteors", "mountains", "night sky"], []),
        ("a starry night", ["night sky", "stars"], []),
        ("sunrise over the ocean", ["twilight", "sun", "sea"], []),
        ("a bird's-eye view of a city", ["city"], []),
        ("a fisheye photo in sunlight, ice cream", [], []),
        ("A quiet beach with no people in sight", ["beach"], ["people"]),
        ("a lake without boats or people, but with a house", ["lake", "house"], ["boat", "people"]),
        ("a cloudless sky over a deserted beach", ["beach"], ["clouds", "people"]),
        ("a people-free meadow", ["meadow"], ["people"]),
        ("a moon, no moon", [], ["moon"]),
        ("山と湖", ["mountains", "lake"], []),
        ("無人の海", ["sea"], ["people"]),
        ("湖に人が写っていない", ["lake"], ["people"]),
        ("花のない草原", ["meadow"], ["flowers"]),
        ("流れ星と星空", ["meteors", "stars"], []),
        ("3月の北海道、月曜日の自転車", [], []),
        ("夕日と鳥居", ["twilight", "sun", "torii"], []),
    ],
)
def test_elements_and_negations(text: str, wanted: list[str], unwanted: list[str]) -> None:
    reading = read(text)
    assert ([each.element for each in reading.wanted], list(reading.unwanted)) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cat", (1, 1)),
        ("the cat", (1, None)),
        ("cats", (2, None)),
        ("a few cats", (3, None)),
        ("three small cats", (3, 3)),
        ("exactly one cat", (1, 1)),
        ("at least four cats", (4, None)),
        ("12 cats", (12, 12)),
        ("猫", (1, None)),
        ("三匹の猫", (3, 3)),
        ("２匹の黒い猫", (2, 2)),
        ("猫が5匹", (5, 5)),
    ],
)
def test_numbers(text: str, expected: tuple[int, int | None]) -> None:
    (wanted,) = read(text).wanted
    assert (wanted.least, wanted.most) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red house", "red"),
        ("a small crimson wooden house", "red"),
        ("a house with red flowers", ""),
        ("a red sky and a house", ""),
        ("赤い家", "red"),
        ("青色の小さな家", ""),
        ("青い家", "blue"),
    ],
)
def test_colours(text: str, expected: str) -> None:
    assert next(each for each in read(text).wanted if each.element == "house").colour == expected


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=lambda element: element.name)
def test_every_word_of_an_element_means_it(element: Element) -> None:
    for word in element.english + element.japanese:
        assert [wanted.element for wanted in read(word).wanted] == [element.name], word


def test_a_negative_prompt_names_things_with_or_without_a_no() -> None:
    assert names("people, no boats, 雲") == ("people", "boat", "clouds")
