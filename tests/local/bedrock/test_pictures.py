"""Pictures and their judge: whatever is drawn is seen, nothing else is, and what is in the strip is all there is."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from chalicelib.local.bedrock import strip
from chalicelib.local.bedrock.chance import digest
from chalicelib.local.bedrock.families import Order
from chalicelib.local.bedrock.judge import View, checklist, grade, requirements_of
from chalicelib.local.bedrock.luck import drawn
from chalicelib.local.bedrock.questions import Question
from chalicelib.local.bedrock.rewriter import rewrite
from chalicelib.local.bedrock.scene import paint
from chalicelib.local.bedrock.strip import Shown
from chalicelib.local.bedrock.things import things
from tests.local.bedrock.prompts import ARCTIC, LANDSCAPE, THIRTY

STRANGERS = ("a giraffe", "two violins", "a green parrot", "火山", "ein Elefant", 'The words "HELP" are to be read.')


def picture(prompt: str, seed: int, size: tuple[int, int] = (512, 512)) -> bytes:
    return paint(Order(prompt, "", *size, seed))


def view_on(raw: bytes) -> View:
    return View.on(raw, "any", 0)


def complete(prompt: str) -> int:
    """A seed by which nothing is lost, wrong, or there against the prompt's will."""
    return next(
        seed for seed in range(20_000) if not any(map(View(tuple(drawn(prompt, "", seed))).lack, things(prompt)))
    )


@pytest.mark.parametrize("prompt", THIRTY)
def test_a_complete_picture_meets_everything_and_no_stranger(prompt: str) -> None:
    requirements = requirements_of(prompt)
    view = view_on(picture(prompt, complete(prompt)))
    answers = checklist(view, list(enumerate(requirements, 1)))["answers"]
    assert [answer["shows"] for answer in answers if not answer["met"]] == []
    assert grade(view, prompt, "")["grade"] == 10
    assert [stranger for stranger in STRANGERS if not view.fault(stranger)] == []
    there = [thing for thing in things(prompt) if not thing.excluded]
    assert all(view.fault(f"No {thing.label} are visible.") for thing in there)


@pytest.mark.parametrize("prompt", THIRTY)
def test_any_picture_is_judged_by_what_was_drawn(prompt: str) -> None:
    for seed in range(3):
        shown = tuple(strip.fitting(drawn(prompt, "", seed), 512, 512))
        view = view_on(picture(prompt, seed))
        assert view.shown == shown
        for thing, requirement in zip(things(prompt), requirements_of(prompt), strict=False):
            assert bool(view.fault(requirement)) is bool(view.lack(thing))
        assert (grade(view, prompt, "")["grade"] == 10) is not any(map(view.lack, things(prompt)))


def test_requirements_about_a_random_other_thing_are_never_met() -> None:
    chance = Random(20261128)
    everything = sorted({thing for prompt in THIRTY for thing in things(prompt) if not thing.excluded}, key=repr)
    for seed in range(40):
        prompt = chance.choice(THIRTY)
        view = view_on(picture(prompt, seed, (320, 320)))
        there = {mark for shown in view.shown or () for thing in things(shown.label) for mark in thing.marks}
        for other in everything:
            if not other.marks & there and not other.text and "text" not in other.marks:
                assert view.fault(other.phrase), (prompt, other)


@pytest.mark.parametrize(
    ("requirement", "met"),
    [
        ("Three red apples", True),
        ("There are exactly three red apples.", True),
        ("apples", True),
        ("At least two apples are visible", True),
        ("three apples and a lake", True),
        ("Two red apples", False),
        ("Three green apples", False),
        ("three apples on a table", False),
        ("赤い鳥居が二つある", True),
        ("赤い鳥居が三つある", False),
        ("torii gates", True),
        ("No clouds", True),
        ("No apples are visible.", False),
        ("無人", True),
        ("湖がない", False),
        ('The words "OPEN LATE" are to be read.', True),
        ('The words "OPEN EARLY" are to be read.', False),
        ("No text", False),
        ("The composition is harmonious.", False),
        ("a woman", True),
        ("a person", True),
        ("a man", False),
        ("", False),
    ],
)
def test_requirements_in_anybodys_words(requirement: str, met: bool) -> None:
    shown = (Shown("apples", 3, "red"), Shown("lake"), Shown("torii", 2, "red"), Shown('"OPEN LATE"'), Shown("woman"))
    if requirement == "無人":
        shown = shown[:-1]
    assert (not View(shown).fault(requirement)) is met


@pytest.mark.parametrize("raw_size", [(64, 64), (1024, 1024)])
def test_a_picture_without_a_strip_meets_nothing(raw_size: tuple[int, int]) -> None:
    target = BytesIO()
    Image.effect_noise(raw_size, 60).convert("RGB").save(target, "PNG")
    view = view_on(target.getvalue())
    assert all(view.fault(requirement) for requirement in ("a lake", "No people are visible.", "x"))
    assert grade(view, "a lake, no people", "")["grade"] == 0


def test_nothing_but_pixels_is_looked_at() -> None:
    raw, target = picture(LANDSCAPE, 3), BytesIO()
    Image.open(BytesIO(raw)).save(target, "PNG")
    assert b"Retake" not in target.getvalue()
    assert view_on(target.getvalue()) == view_on(raw)


@pytest.mark.parametrize("prompt", THIRTY[::3])
@pytest.mark.parametrize("size", [(320, 320), (1024, 320), (320, 1024), (832, 1216)])
def test_every_shape_of_picture_ends_in_its_strip_and_has_no_black_bar(prompt: str, size: tuple[int, int]) -> None:
    image = Image.open(BytesIO(picture(prompt, 1, size))).convert("L")
    rows = [image.crop((0, y, size[0], y + 1)).getextrema() for y in range(size[1])]
    assert image.size == size
    assert all(brightest > 12 for _, brightest in rows)
    darkest, brightest = rows[-1]
    assert (darkest < 80, brightest > 200) == (True, True)
    paper = image.crop((0, size[1] - 3, size[0], size[1])).histogram()
    assert sum(paper[:90]) + sum(paper[200:]) == sum(paper)


def attempts(prompt: str, number: int) -> int:
    """How many pictures a job of five attempts a prompt takes; 25 is never."""
    points, tried, in_force, negative = list(enumerate(requirements_of(prompt), 1)), [], prompt, ""
    missed: dict[int, int] = {}
    for attempt in range(25):
        if attempt and attempt % 5 == 0:
            tried.append(in_force)
            answer = rewrite(Question("rewrite", prompt, "", tuple(points), missed, frozenset(tried)))
            in_force, negative = answer["revised_prompt"], answer["negative_prompt"]
        view = View(tuple(drawn(in_force, negative, digest("job", number, attempt) % 2**31)))
        faults = [n for n, requirement in points if view.fault(requirement)]
        missed |= {n: missed.get(n, 0) + 1 for n in faults}
        if not faults:
            return attempt + 1
    return 25


def test_typical_prompts_are_accepted_in_a_handful_of_attempts() -> None:
    for prompt in THIRTY:
        taken = [attempts(prompt, number) for number in range(60)]
        assert sum(taken) / 60 < 11, prompt
        assert sum(each < 25 for each in taken) >= 58, prompt


def test_the_two_samples_take_as_long_as_they_should() -> None:
    landscape = [attempts(LANDSCAPE, number) for number in range(300)]
    arctic = [attempts(ARCTIC, number) for number in range(300)]
    assert 0.4 < sum(each == 1 for each in landscape) / 300 < 0.8
    assert sum(each <= 5 for each in arctic) / 300 < 0.3
    assert sum(each <= 10 for each in arctic) / 300 > 0.9


def test_what_is_excluded_creeps_in_until_the_negative_prompt_says_so() -> None:
    def creeps(negative: str) -> int:
        return sum(any(each.label == "people" for each in drawn("a lake, no people", negative, s)) for s in range(200))

    assert 30 < creeps("") < 90
    assert creeps("people") == 0
