"""What a rewritten prompt must keep: each guard a row, and properties over any answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.job.rewriting import allowed_exclusions, faults, lost, mended, uncarried
from chalicelib.models.types import Revision, RewriteBrief, TriedPrompt


def brief(
    initial: str = "a lake and three birds",
    requirements: tuple[str, ...] = ("A lake.", "Three birds."),
    tried: str = "a lake and three birds",
    excluded: str | None = None,
    limit: int = 200,
) -> RewriteBrief:
    return RewriteBrief(
        initial, excluded, requirements, (TriedPrompt(tried, 0.5, None, ((2, 3), (1, 1)), ()),), "", (), "", limit
    )


GOOD = Revision("three birds over a wide lake", None, ("wide lake", "three birds"))


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        (GOOD, ()),
        (Revision(GOOD.prompt, None, ("Wide  LAKE.", "Three birds")), ()),
        (
            Revision(GOOD.prompt, None, ("a pond", "three birds")),
            ("requirement 1 is carried by no words of the prompt",),
        ),
        (Revision(GOOD.prompt, None, ("wide lake",)), ("requirement 2 is carried by no words of the prompt",)),
        (Revision(GOOD.prompt, None, ("wide lake", " ")), ("requirement 2 is carried by no words of the prompt",)),
        (Revision("A Lake  and three birds.", None, ("lake", "three birds")), ("the prompt was tried already",)),
        (Revision("birds over a wide lake", None, ("lake", "birds")), ("'3' of the initial prompt is lost",)),
        (Revision("3 birds over a wide lake", None, ("lake", "3 birds")), ()),
    ],
)
def test_faults_of_a_rewritten_prompt(revision: Revision, told: tuple[str, ...]) -> None:
    assert faults(revision, brief()) == told


def test_an_absence_needs_no_words_in_the_prompt() -> None:
    absent = brief(requirements=("A lake.", "No people are visible.", "人はいない"))
    assert uncarried(Revision("three birds, a lake", None, ("a lake", "", "")), absent) == ()


@pytest.mark.parametrize(
    ("initial", "prompt", "missing"),
    [
        ('a sign that says "OPEN"', "a sign", ("OPEN",)),
        ('a sign that says "OPEN"', "a sign reading “Open”", ()),
        ("看板に「営業中」と書いてある", "a sign with 営業中", ()),
        ("看板に「営業中」と書いてある", "a sign", ("営業中",)),
        ("12 apples and two pears", "twelve apples, 2 pears", ()),
        ("12 apples and two pears", "apples and pears", ("12", "2")),
        ("one cat in the 1920s", "a cat in the 1920s", ()),
        ("5 × 5 tiles at f/1.8", "a 5 by 5 grid", ()),
    ],
)
def test_quoted_words_and_numbers_that_are_lost(initial: str, prompt: str, missing: tuple[str, ...]) -> None:
    assert lost(prompt, initial) == missing


def test_what_was_lost_is_appended_the_most_missed_first_and_said() -> None:
    prompt, notes = mended(Revision("a quiet view", None, ()), brief())
    assert prompt == "a quiet view. Three birds. A lake."
    assert any("requirement 2" in note for note in notes)
    assert uncarried(Revision(prompt, None, ("A lake", "Three birds")), brief()) == ()


@pytest.mark.parametrize(
    ("initial", "appended"),
    [
        ("two cats on a sofa", "two cats"),
        ("a cat, 85 mm, ISO 100.", "ISO 100. 85 mm"),
        ("a cat (16:9), sharp", "16:9"),
        ('a cat under "No 7" and 3 stars', '"No 7". 3 stars'),
    ],
)
def test_a_lost_number_comes_back_with_what_it_counts_and_is_not_drawn(initial: str, appended: str) -> None:
    prompt, _ = mended(Revision("a view", None, ()), brief(initial, (), "x"))
    assert prompt == f"a view. {appended}"
    assert lost(prompt, initial) == ()


def test_what_does_not_fit_is_left_out_and_said() -> None:
    prompt, notes = mended(Revision("a quiet view", None, ()), brief(limit=14))
    assert prompt == "a quiet view"
    assert any("no room" in note for note in notes)


def test_a_repeated_prompt_becomes_another() -> None:
    prompt, notes = mended(Revision("A lake and three birds", None, ("lake", "three birds")), brief())
    assert prompt == "A lake and three birds. Three birds."
    assert "repeated" in notes[0]


@pytest.mark.parametrize(
    ("asked", "excluded", "negative", "kept", "dropped"),
    [
        ("a lake in the mountains", None, "lake, mountain, blur", "blur", ("lake", "mountain")),
        ("a lake, no people", None, "people, boats", "people, boats", ()),
        ("a lake without any boats", None, "boat", "boat", ()),
        ("a lake", "cars", "Cars, blur", "cars, blur", ()),
        ("a lake", "cars, lake", "lake", "cars, lake", ()),  # what the user excluded stays
        ("a box", None, "boxes", None, ("boxes",)),
        ("湖と山、人はいない", None, "山, 人", "人", ("山",)),
        ("a lake", None, None, None, ()),
    ],
)
def test_terms_that_are_asked_for_are_not_excluded(
    asked: str, excluded: str | None, negative: str | None, kept: str | None, dropped: tuple[str, ...]
) -> None:
    assert allowed_exclusions(negative, brief(asked, (), "x", excluded)) == (kept, dropped)


WORDS = st.text('abc 123"“”.,、no ', max_size=40)


@given(WORDS, st.lists(WORDS.filter(str.strip), max_size=3), st.lists(WORDS, max_size=3), WORDS)
def test_a_mended_prompt_keeps_its_limit_and_its_beginning(
    prompt: str, requirements: list[str], carried: list[str], initial: str
) -> None:
    asked = RewriteBrief(initial, None, tuple(requirements), (TriedPrompt(prompt, 0, None, (), ()),), "", (), "", 60)
    written, _ = mended(Revision(prompt, None, tuple(carried)), asked)
    assert len(written) <= 60
    assert written.startswith(prompt.rstrip(" ."))
