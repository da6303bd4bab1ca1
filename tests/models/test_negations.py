"""Negations: what is certain moves to the negative prompt, everything else stays as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.negations import joined, split_negations

ARTICLE = (
    "自然の中から見た夜景で、空にはオーロラと月と流星群があり、地上には海が広がって流氷が流れ、"
    "地平線から太陽が出ている無人の写真。"
)


@pytest.mark.parametrize(
    ("prompt", "left", "unwanted"),
    [
        ("A serene lake, no people, mountains", "A serene lake, mountains", ("people",)),
        ("A lake without boats", "A lake", ("boats",)),
        ("A lake without any boats.", "A lake.", ("boats",)),
        ("A beach with palms and no people.", "A beach with palms.", ("people",)),
        ("A street with no cars", "A street", ("cars",)),
        ("Lake at dawn. No boats or people. Mist.", "Lake at dawn. Mist.", ("boats", "people")),
        ("There are no clouds; blue sky", "blue sky", ("clouds",)),
        ("A calm bay, no boats, no ships", "A calm bay", ("boats", "ships")),
        ("A lake, no boats and no cars", "A lake", ("boats", "cars")),
        ("No watermark. A cat in the sun, no text", "A cat in the sun", ("watermark", "text")),
        ("A Lake, NO PEOPLE", "A Lake", ("people",)),
        ("A lake\nno people\nmist", "A lake\n\nmist", ("people",)),
        ("Silence... a lake, no people", "Silence... a lake", ("people",)),
        (ARTICLE, ARTICLE.replace("無人の", ""), ("people",)),
        ("誰もいない海岸", "海岸", ("people",)),
        ("人のいない街角", "街角", ("people",)),
    ],
)
def test_what_is_certain_moves(prompt, left, unwanted):
    assert split_negations(prompt) == (left, unwanted)


@pytest.mark.parametrize(
    ("prompt", "why"),
    [
        ("no people on the left side, a lake", "only a part is empty"),
        ("two houses, the left one without trees", "parts set against each other"),
        ("a house with no more than three birds", "a number, not an absence"),
        ("a garden, no longer wild", "no thing is named"),
        ("a sky without equal", "not a thing that can be drawn"),
        ("sky not without clouds", "a double negation"),
        ("never without dogs", "a double negation"),
        ("an old man, no people behind", "people are there"),
        ("a boat without people, a crowd ashore", "people are elsewhere"),
        ("an old man, no people", "people are there"),
        ("a house without trees, a forest behind", "trees are elsewhere"),
        ("a sign saying no dogs", "words to be drawn"),
        ('a poster "no people", a wall', "words to be drawn"),
        ("a street, no cars and people", "it is not clear what the no reaches"),
        ("a street, no cars, except one red roadster", "an exception"),
        ("a city where no cars drive", "a clause of its own"),
        ("no people", "nothing would be left"),
        ("No people.", "nothing would be left"),
        ("a room without windows", "a part of a thing, not a thing of the scene"),
        ("無人島の夜明け", "an island, not an absence"),
        ("無人機の写真", "a drone"),
        ("男性と無人の小屋", "a man is there"),
        ("誰もいないように見える森", "only seemingly"),
        ("A lake at dawn", "nothing is negated"),
    ],
)
def test_what_is_not_certain_stays(prompt, why):
    assert split_negations(prompt) == (prompt, ()), why


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((None,), None),
        (("", "  "), None),
        (("blur, text", None, "people"), "blur, text, people"),
        (("People, blur", "people", "Blur "), "People, blur"),
    ],
)
def test_unwanted_things_are_listed_once(texts, expected):
    assert joined(*texts) == expected


@given(st.lists(st.sampled_from(["no people", "a lake", "without boats", "and", ",", ".", "no", "cars", "無人の写真"])))
def test_nothing_but_negations_is_ever_lost(words):
    prompt = " ".join(words)
    left, unwanted = split_negations(prompt)
    assert left.count("lake") == prompt.count("lake")
    assert left or not prompt
    if not unwanted:
        assert left == prompt


def test_a_long_prompt_of_negations_is_read_in_one_go():
    prompt = "A lake" + ", no people" * 900
    assert split_negations(prompt) == ("A lake", ("people",))
