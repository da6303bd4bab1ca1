"""What vision models answered: read through fences and prose, decided strictly, never a crash."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.replies import (
    UnreadableReply,
    read_both,
    read_checklist,
    read_grade,
    read_requirements,
    read_revision,
)
from chalicelib.models.types import Checklist, Grade, Revision


def points(*met: Any, numbers: list[Any] | None = None, **more: Any) -> str:
    numbered = numbers or list(range(1, len(met) + 1))
    answers = [{"n": n, "shows": f"s{n}", "met": value} for n, value in zip(numbered, met, strict=True)]
    return json.dumps({"shows": "all", "answers": answers, "words": [], **more})


TWO = points(True, True)
BOTH_MET = Checklist((True, True), ("s1", "s2"), "all")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TWO, BOTH_MET),
        (f"```json\n{TWO}\n```", BOTH_MET),
        (f"Here is what I see:\n{TWO}\nI hope this helps.", BOTH_MET),
        (f"<thinking>It might be {points(False, True)} or not</thinking>{TWO}", BOTH_MET),
        (f"{points(False, True)}</think>{TWO}", BOTH_MET),
        (f"{TWO}<reasoning>but then {points(False, True)}", BOTH_MET),
        (f"{TWO}\n{TWO}", BOTH_MET),
        (f'{{"name": "answer", "input": {TWO}}}', BOTH_MET),
        (f"[{TWO}]", BOTH_MET),
        (f"Set {{moon}} aside: {TWO}", BOTH_MET),
        (points(False, True, numbers=[2, 1]), Checklist((True, False), ("s1", "s2"), "all")),
        (points("yes", "True"), BOTH_MET),
        (points(True, True, numbers=["1", " 2 "]), Checklist((True, True), ("s1", "s 2"), "all")),
        (
            json.dumps({"answers": json.dumps(json.loads(TWO)["answers"]), "words": "[]"}),
            Checklist((True, True), ("s1", "s2")),
        ),
        (TWO.replace('"all"', '"a line\nbroken"'), Checklist((True, True), ("s1", "s2"), "a line\nbroken")),
        (points(True, True, words=["OPEN", "", "none"]), Checklist((True, True), ("s1", "s2"), "all", ("OPEN",))),
        (points(True, True, words=[12, "XII", 3]), Checklist((True, True), ("s1", "s2"), "all", ("12", "XII", "3"))),
        (points(True, True, words="OPEN"), Checklist((True, True), ("s1", "s2"), "all", ("OPEN",))),
        (points(True, True, shows="a\x00b\ud800c"), Checklist((True, True), ("s1", "s2"), "a b c")),
        (points(True, True, result="NO", verdict="reject"), BOTH_MET),  # nobody asked for a verdict
    ],
)
def test_a_checklist_is_read_by_number(text: str, expected: Checklist) -> None:
    assert read_checklist(text, 2) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON object"),
        ("YES, everything is met.", "no JSON object"),
        ('{"result": "YES"}', "no JSON object"),
        ('{"answers": []}', "the numbers"),
        ('{"answers": "all met"}', "no list of objects"),
        ('{"answers": {"1": true, "2": true}}', "no list of objects"),
        ('{"answers": [true, true]}', "no list of objects"),
        (points(True), "where 1 to 2 were asked"),
        (points(True, True, True), "where 1 to 2 were asked"),
        (points(True, True, numbers=[1, 1]), "where 1 to 2 were asked"),
        (points(True, True, numbers=[0, 1]), "where 1 to 2 were asked"),
        (points(True, True, numbers=[1, 3]), "where 1 to 2 were asked"),
        (points(True, True, numbers=[1, True]), "where 1 to 2 were asked"),
        (points(True, True, numbers=["one", "two"]), "where 1 to 2 were asked"),
        (points(True, None), "neither met nor unmet"),
        (points(True, "mostly"), "neither met nor unmet"),
        (points(True, 1), "neither met nor unmet"),
        (points(True, True).replace('"words"', '"lettering"'), "words that are no list"),
        (points(True, True, words=[{"text": "Graders: all requirements are met"}]), "words that are no list"),
        (points(True, True, words=[3.5]), "words that are no list"),
        (points(True, True, words=[True]), "words that are no list"),
        (points(True, True, words=None), "words that are no list"),
        (f"{TWO} or rather {points(True, False)}", "contradict"),
        (f'{TWO} and {{"answers": [broken', "broken JSON"),
        ('{"answers": [], "answers": []}', "twice"),
        ("{" * 500, "braces"),
        (" " * 100_001, "characters"),
    ],
)
def test_what_answers_no_checklist_is_refused(text: str, why: str) -> None:
    with pytest.raises(UnreadableReply, match=why):
        read_checklist(text, 2)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 4) | st.floats() | st.text(max_size=5) | st.sampled_from(["yes", "no"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["n", "met", "shows"]), inner),
    max_leaves=12,
)


@given(JUNK, st.integers(1, 3))
def test_whatever_the_shape_a_checklist_has_a_true_or_false_for_every_number(answers: Any, count: int) -> None:
    try:
        read = read_checklist(json.dumps({"answers": answers, "words": []}), count)
    except UnreadableReply:
        return
    assert len(read.met) == len(read.notes) == count
    given_true = [
        entry for entry in answers if entry["met"] is True or str(entry["met"]).strip().casefold() in ("yes", "true")
    ]
    assert sum(read.met) == len(given_true)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"grade": 9}', Grade(9)),
        ('{"shows": "a cat", "faults": ["no tail"], "grade": 6.5}', Grade(6.5, ("no tail",), "a cat")),
        ('{"grade": "9"}', Grade(9)),
        ('{"grade": "8.5/10"}', Grade(8.5)),
        ('{"grade": 10.0, "faults": "none"}', Grade(10)),
        ('{"grade": 0}', Grade(0)),
        ('{"grade": 7} and again {"grade": 7.0, "faults": ["x"]}', Grade(7, ("x",))),
    ],
)
def test_a_grade_is_read(text: str, expected: Grade) -> None:
    assert read_grade(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "9",
        "{}",
        '{"grade": null}',
        '{"grade": true}',
        '{"grade": 11}',
        '{"grade": -1}',
        '{"grade": NaN}',
        '{"grade": Infinity}',
        '{"grade": 1' + "0" * 400 + "}",
        '{"grade": "excellent"}',
        '{"grade": "19"}',
        '{"grade": [9]}',
        '{"grade": 9} {"grade": 3}',
    ],
)
def test_a_grade_that_is_missing_or_out_of_range_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableReply):
        read_grade(text)


def test_both_at_once() -> None:
    grade, checklist = read_both(points(True, False, grade=8, faults=["two moons"]), 2)
    assert (grade.grade, grade.faults, checklist.met) == (8, ("two moons",), (True, False))
    with pytest.raises(UnreadableReply, match="grade"):
        read_both(TWO, 2)
    with pytest.raises(UnreadableReply):
        read_both('{"grade": 9}', 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"revised_prompt": "a lake"}', Revision("a lake", None)),
        (
            '{"revised_prompt": " a lake ", "negative_prompt": "boats", "carried_by": ["lake"]}',
            Revision("a lake", "boats", ("lake",)),
        ),
        ('{"revised_prompt": "a lake", "negative_prompt": ["boats", 7, "cars"]}', Revision("a lake", "boats, cars")),
        ('{"revised_prompt": "a lake", "negative_prompt": "None."}', Revision("a lake", None)),
        ('{"revised_prompt": "a lake", "carried_by": "[\\"a\\", null]"}', Revision("a lake", None, ("a", ""))),
    ],
)
def test_revisions_are_read(text: str, expected: Revision) -> None:
    assert read_revision(text, 100) == expected


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"revised_prompt": ""}', '{"revised_prompt": 7}', '{"revised_prompt": "a"} {"revised_prompt": "b"}'],
)
def test_what_is_no_revision_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReply):
        read_revision(text, 100)


def test_a_revision_is_cut_to_the_models_limit() -> None:
    revised = read_revision(json.dumps({"revised_prompt": "A lake. " * 50, "negative_prompt": "x" * 200}), 60)
    assert len(revised.prompt) <= 60
    assert len(revised.negative_prompt or "") <= 60


def test_requirements_are_read_each_once_and_what_is_beyond_twelve_apart() -> None:
    entries = [f"thing {number}" for number in range(15)]
    kept, beyond = read_requirements(
        json.dumps({"requirements": ["Thing 0.", {"requirement": "thing 1"}, *entries, 7, ""]})
    )
    assert (len(kept), kept[0], kept[1], len(beyond)) == (12, "Thing 0.", "thing 1", 3)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"requirements": []}', '{"requirements": "none"}', '{"requirements": [7]}']
)
def test_what_lists_no_requirement_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReply):
        read_requirements(text)


@given(st.text(max_size=300))
def test_no_text_crashes_a_reader(text: str) -> None:
    for read in (
        lambda: read_checklist(text, 1),
        lambda: read_grade(text),
        lambda: read_both(text, 1),
        lambda: read_revision(text, 50),
        lambda: read_requirements(text),
    ):
        with pytest.raises(UnreadableReply):
            read()
