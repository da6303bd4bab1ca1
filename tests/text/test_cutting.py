"""Cutting: the last sentence or clause that fits, whatever the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.text.cutting import Cut, cut

JAPANESE = "空にはオーロラと月がある。地上には海が広がり、流氷が流れる。太陽が出ている。"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("A lake.", 7, Cut("A lake.", None)),
        ("A lake. A hill. A very long tail", 20, Cut("A lake. A hill.", "sentence")),
        ("A lake! A hill? A tail that is long", 20, Cut("A lake! A hill?", "sentence")),
        ('A sign "Stop." A hill behind it', 16, Cut('A sign "Stop."', "sentence")),
        ("A lake, a hill, a very long tail", 20, Cut("A lake, a hill", "clause")),
        ("A lake; a hill: a very long tail", 18, Cut("A lake; a hill", "clause")),
        ("A lake — a hill — a very long tail", 20, Cut("A lake — a hill", "clause")),
        ("A lake. A hill, with a very long tail", 20, Cut("A lake. A hill", "clause")),
        ("Mist\n\nA very long second paragraph", 20, Cut("Mist\n\nA very long", "word")),
        ("Mist on a lake\n\nA very long second paragraph", 20, Cut("Mist on a lake", "sentence")),
        ("A portrait of Dr. Example at sea", 25, Cut("A portrait of Dr. Example", "word")),
        ("A street in St. Petersburg after rain", 19, Cut("A street in St.", "word")),
        ("Sunset: a wide and empty beach at low tide", 24, Cut("Sunset: a wide and empty", "word")),
        ("best,masterpiece,lake_1,lake_2,lake_3", 30, Cut("best,masterpiece,lake_1,lake_2", "word")),
        ("cafe\u0301" * 5, 9, Cut("cafe\u0301caf", "character")),
        ("a lake  \n \n\n  a hill", 16, Cut("a lake\n\na hill", None)),
        ("A lens of f/3.5 wide open", 15, Cut("A lens of f/3.5", "word")),
        ("A crowd of 1,000 penguins", 14, Cut("A crowd of", "word")),
        ("A ratio of 16:9 in widescreen", 15, Cut("A ratio of 16:9", "word")),
        (JAPANESE, 20, Cut("空にはオーロラと月がある。", "sentence")),
        (JAPANESE, 23, Cut("空にはオーロラと月がある。", "sentence")),
        ("空にはオーロラ、地上には海が広がり、流氷が流れる", 20, Cut("空にはオーロラ、地上には海が広がり", "clause")),
        (JAPANESE, 31, Cut("空にはオーロラと月がある。地上には海が広がり、流氷が流れる。", "sentence")),
        ("湖，山；天空與雲朵", 5, Cut("湖，山", "clause")),
        ("بحيرة، جبل؛ سماء واسعة", 12, Cut("بحيرة، جبل", "clause")),
        ("एक झील। एक पहाड़ और आकाश", 10, Cut("एक झील।", "sentence")),
        ("abcdefghij", 4, Cut("abcd", "character")),
        (", abcdefghij", 6, Cut(", abcd", "character")),
    ],
)
def test_the_longest_beginning_that_ends_with_a_thought(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(alphabet="ab .,!?。、\n1\u0301", max_size=200), st.integers(1, 120))
def test_the_result_fits_begins_the_text_and_is_at_least_half_of_what_fits(text, limit):
    short, at = cut(text, limit)
    assert len(short) <= limit
    assert "".join(text.split()).startswith("".join(short.split()))
    assert at is not None or len(text) <= limit or len(short.split()) == len(text.split())
    if at is not None:
        assert len(short) >= (limit - 2) // 2
