"""The replay of recorded looks: four prompts whose figures are worked out by hand, and the sample that ships."""

import pytest

from chalicelib.calibration.figures import Figure, Prices, figures, prompts_of, resamples, wilson
from chalicelib.calibration.looks import Job, Picture
from tests.measures.judging import SAMPLE, BadLine, gained, main, read_looks, taken, ways
from tests.measures.looks_sample import lines


def picture(name: str, met: list[bool], grade: float, second: float, good: bool) -> Picture:
    looks = (
        taken("a", "checklist", tuple(met)),
        taken("b", "grade", (), grade),
        taken("c", "second grade", (), second),
    )
    return Picture(name, good, looks)


def job(prompt: str, *pictures: tuple[list[bool], float, float, bool]) -> Job:
    return Job(prompt, prompt, tuple(picture(f"{prompt}-{number}", *one) for number, one in enumerate(pictures)))


YES, HALF, NO = [True, True], [True, False], [False, False]
FOUR = [
    job("right at once", (YES, 9.5, 9, True)),
    job("a grade misled, a second one doubtful", (HALF, 9, 5, False), (YES, 9, 8, True)),
    job("a checklist misled", (YES, 8, 8, False), (YES, 8.5, 9, True)),
    job("never right", (NO, 2, 1, False), (HALF, 9, 9, False)),
]


@pytest.mark.parametrize(
    ("way", "good", "images", "accepted", "precision", "looks"),
    [
        ("one grade alone", 1, 6, 3, 1 / 3, 6),
        ("the checklist alone", 2, 6, 3, 2 / 3, 6),
        ("economy", 2, 6, 3, 2 / 3, 6),
        ("balanced", 3, 7, 2, 1, 12),  # 2 + 3 + 4, and 2 with a late grade
        ("strict", 3, 7, 1, 1, 15),  # 3 + (1 + 3 and a late grade) + 4, and 2 with a late grade
    ],
)
def test_four_prompts_by_hand(way: str, good: int, images: int, accepted: int, precision: float, looks: int):
    found = figures(ways()[way], prompts_of(FOUR), resamples(4), Prices())
    assert found.precision is not None
    assert (found.good.value, found.images.value, found.accepted, found.missing) == (good / 4, images / 4, accepted, 0)
    assert found.precision.value == pytest.approx(precision)
    assert found.dollars.value == pytest.approx((images * 0.04 + looks * 0.0024) / 4)
    assert found.good.low <= found.good.value <= found.good.high


def test_two_rules_are_compared_on_the_same_prompts():
    plays, drawn = ways(), resamples(4)
    more = gained(plays["balanced"], plays["one grade alone"], prompts_of(FOUR), drawn)
    assert (more.value, more.low >= 0) == (0.5, True)  # two of four more, and none less
    same = gained(plays["balanced"], plays["balanced"], prompts_of(FOUR), drawn)
    assert same == Figure(0, 0, 0)


def test_an_interval_comes_from_whole_prompts_and_from_its_seed():
    twice = [Job(f"{one.name} again", one.prompt, one.pictures) for one in FOUR]
    play = ways()["balanced"]
    once, doubled = (figures(play, prompts_of(jobs), resamples(4), Prices()) for jobs in (FOUR, [*FOUR, *twice]))
    assert once.good == doubled.good  # the same prompts again are no new knowledge
    assert once == figures(play, prompts_of(FOUR), resamples(4), Prices())
    assert resamples(4) != resamples(4, seed=2)


def test_a_look_that_nobody_recorded_is_counted_and_accepts_nothing():
    bare = Picture("bare", True, (taken("a", "checklist", (True,)),))
    outcome = ways()["balanced"](Job("bare", "bare", (bare,)))
    assert (outcome.accepted, outcome.missing, outcome.looks) == (False, 1, 1)


def test_words_to_a_judge_reject_whatever_was_answered():
    talking = Picture("talking", False, (taken("a", "checklist", (True,), spoke=True), taken("b", "grade", (), 10)))
    assert not ways()["balanced"](Job("talking", "talking", (talking,))).accepted
    silent = Picture("silent", True, (taken("a", "checklist", (True, False)),))
    assert ways()["balanced"](Job("both", "both", (talking, silent))).good, "handlers deliver the silent one"


def test_of_several_judges_the_panel_says_whose_answer_counts():
    looks = (
        taken("a", "checklist", (True,)),
        taken("a", "grade", (), 3),
        taken("b", "grade", (), 10),
    )
    alone = Job("p", "p", (Picture("p", True, looks),))
    assert [ways(panel)["balanced"](alone).accepted for panel in ((), ("a",), ("a", "b"), ("b", "a"))] == [
        False,
        False,
        True,
        False,
    ]


def test_wilsons_interval():
    assert wilson(0, 0) == (0, 1)
    assert wilson(3, 26) == pytest.approx((0.040, 0.290), abs=0.001)


def test_the_sample_runs_and_is_what_its_generator_makes(capsys: pytest.CaptureFixture[str]):
    assert SAMPLE.read_text(encoding="utf-8").splitlines() == list(lines())
    assert SAMPLE.stat().st_size < 100_000
    assert main([]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert "precision of an accept" in head
    assert [row.split("  ")[0] for row in rows[:5]] == list(ways())
    assert rows[5].startswith("good delivered against one grade alone, in points: economy +")
    assert rows[7].startswith("60 prompts, 300 pictures; ")
    assert len(rows) == 9  # no look is missing


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: JSONDecodeError"),
        ('{"prompt": "p", "image": "1", "judge": "a", "look": "glance", "label": true}', "'glance' is none of"),
        ('{"prompt": "p", "image": "1", "judge": "a", "look": "checklist", "label": true}', "without answers"),
        ('{"prompt": "p", "image": "1", "judge": "a", "look": "grade", "grade": 11, "label": true}', "from 0 to 10"),
        ('{"prompt": "p", "image": "1", "judge": "a", "look": "grade", "grade": 9, "label": 1}', "1 is neither"),
        ('{"prompt": "p", "image": "0", "judge": "a", "look": "grade", "grade": 9, "label": false}', "both ways"),
    ],
)
def test_a_line_that_is_no_look_is_named(line: str, words: str):
    first = '{"prompt": "p", "image": "0", "judge": "a", "look": "grade", "grade": 9, "label": true}'
    with pytest.raises(BadLine, match=words):
        read_looks([first, line])
