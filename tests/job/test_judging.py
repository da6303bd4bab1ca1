"""When an image is accepted and which is the best: tables, and properties of the one order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.job.judging import (
    LOOKS,
    Acceptance,
    Made,
    Rule,
    best_first,
    missed_in_a_row,
    never_met,
    score,
    to_grade,
    tried,
)
from chalicelib.job.verdict import FindingRecord, ImageRecord, Look, VerdictRecord


def verdict(look: Look, met: list[bool] | None = None, grade: float | None = None) -> VerdictRecord:
    findings = tuple(FindingRecord(requirement=f"r{n}", met=each) for n, each in enumerate(met or [], 1))
    return VerdictRecord(model="m", look=look, accepted=True, reason="", requirements=findings, grade=grade)


def judged(rule: Rule, *verdicts: VerdictRecord) -> tuple[VerdictRecord, ...]:
    return tuple(each.with_changes(accepted=rule.passes(each)) for each in verdicts)


def image(met: list[bool], grade: float | None = None, accepted: bool = False) -> ImageRecord:
    verdicts = [verdict("checklist", met)] if met else []
    verdicts += [verdict("grade", None, grade)] if grade is not None else []
    return ImageRecord(
        key="k", sha256="", seed=1, generation=1, image_model="m", verdicts=tuple(verdicts), accepted=accepted
    )


@pytest.mark.parametrize(
    ("acceptance", "grade", "verdicts", "accepted", "following"),
    [
        ("balanced", None, [], False, ("checklist", 0)),
        ("balanced", None, [verdict("checklist", [True, True])], False, ("grade", 1)),
        ("balanced", None, [verdict("checklist", [True, False])], False, None),
        ("balanced", None, [verdict("checklist", [])], False, None),  # an empty checklist accepts nothing
        ("balanced", None, [verdict("checklist", [True]), verdict("grade", None, 9)], True, None),
        ("balanced", None, [verdict("checklist", [True]), verdict("grade", None, 8.9)], False, None),
        ("balanced", 7, [verdict("checklist", [True]), verdict("grade", None, 7)], True, None),
        ("balanced", None, [verdict("checklist", [True]), verdict("grade")], False, None),
        ("strict", None, [verdict("checklist", [True]), verdict("grade", None, 10)], False, ("second grade", 2)),
        (
            "strict",
            None,
            [verdict("checklist", [True]), verdict("grade", None, 10), verdict("second grade", None, 9)],
            True,
            None,
        ),
        (
            "strict",
            None,
            [verdict("checklist", [True]), verdict("grade", None, 10), verdict("second grade", None, 8)],
            False,
            None,
        ),
        ("economy", None, [], False, ("both", 0)),
        ("economy", None, [verdict("both", [True], 8)], True, None),
        ("economy", None, [verdict("both", [True], 7)], False, None),
        ("economy", None, [verdict("both", [False], 10)], False, None),
        ("economy", None, [verdict("both", [], 10)], False, None),
    ],
)
def test_the_rule(
    acceptance: Acceptance, grade: float | None, verdicts: list[VerdictRecord], accepted: bool, following: object
) -> None:
    rule = Rule.of(acceptance, grade)
    given_ = judged(rule, *verdicts)
    assert (rule.accepts(given_), rule.next_look(given_)) == (accepted, following)


LOOK_TAKEN = st.builds(
    verdict,
    st.sampled_from(["checklist", "grade", "second grade", "both"]),
    st.lists(st.booleans(), max_size=4),
    st.none() | st.floats(0, 10),
)


@given(st.sampled_from(sorted(LOOKS)), st.none() | st.floats(0, 10), st.lists(LOOK_TAKEN, max_size=4))
def test_what_is_accepted_has_every_requirement_met_and_every_grade_at_or_above(
    acceptance: Acceptance, grade: float | None, taken: list[VerdictRecord]
) -> None:
    rule = Rule.of(acceptance, grade)
    verdicts = judged(rule, *taken)
    if not rule.accepts(verdicts):
        return
    assert set(rule.looks) <= {each.look for each in verdicts}
    for each in verdicts:
        assert all(finding.met for finding in each.requirements) or each.look in ("grade", "second grade")
        assert each.look == "checklist" or (each.grade or 0) >= rule.accept_grade
    assert any(each.requirements for each in verdicts)


IMAGES = st.lists(
    st.builds(image, st.lists(st.booleans(), max_size=4), st.none() | st.sampled_from([0, 5, 9.5, 10]), st.booleans()),
    min_size=1,
    max_size=6,
)


@given(IMAGES)
def test_the_best_is_never_below_another(images: list[ImageRecord]) -> None:
    made = [Made(each, (0, number, 0)) for number, each in enumerate(images)]
    ordered = best_first(made)
    assert {each.at for each in ordered} == {each.at for each in made}
    for better, worse in pairwise(ordered):
        one, other = better.image, worse.image
        assert bool(one.accepted) >= bool(other.accepted)
        if one.accepted == other.accepted:
            assert (score(one), len(one.verdicts), better.at) > (score(other), len(other.verdicts), worse.at)
    assert best_first(list(reversed(made))) == ordered


def test_share_and_grade_rank_then_looks_then_the_later() -> None:
    def order(*images: ImageRecord) -> list[int]:
        return [made.at[1] for made in best_first([Made(each, (0, n, 0)) for n, each in enumerate(images)])]

    assert order(image([True, True], 4), image([True, False], 10)) == [1, 0]
    assert order(image([True, True], 5), image([True, False])) == [0, 1]
    assert order(image([True]), image([True], 0)) == [1, 0]
    assert order(image([True]), image([True])) == [1, 0]
    assert order(image([False], 10, accepted=True), image([True], 10)) == [0, 1]


def test_at_the_end_the_two_best_by_share_without_a_grade_are_graded() -> None:
    images = [
        image([True, False]),
        image([True, True], 3),
        image([False, False]),
        image([True, True]),
        image([True, False]),
    ]
    chosen = to_grade([Made(each, (0, number, 0)) for number, each in enumerate(images)])
    assert [made.at[1] for made in chosen] == [3, 4]


def test_what_every_picture_of_two_revisions_missed_is_never_met() -> None:
    first = [image([False, True]), image([False, False])]
    assert missed_in_a_row([first]) == {"r1": 1}
    assert missed_in_a_row([first, [image([False, False])]]) == {"r1": 2, "r2": 1}
    assert never_met([first, [image([False, False])]]) == ("r1",)
    assert never_met([first, [], [image([False, True])]]) == ("r1",)  # a blocked revision says nothing
    assert never_met([first, [image([True, True])], [image([False, True])]]) == ()


def test_a_prompt_summed_up_for_a_rewriter() -> None:
    told = tried("p", [image([True, False], 4), image([False, False]), image([])], ["r1", "r2", "r3"])
    assert (told.best_share, told.best_grade, told.missed, told.held) == (0.5, 4, ((1, 1), (2, 2)), (3,))
