"""The drawn pictures, and what they tell of judges whose ways are known."""

import io
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from chalicelib.calibration.pairs import KINDS, PAIRS, Pair
from chalicelib.calibration.pictures import SIDE, png_of
from chalicelib.calibration.probe import QUESTIONS, Report, likely_usd, most_usd, probe, report_lines
from chalicelib.errors import Declined, ModelGone
from chalicelib.models.catalogue import Catalogue
from chalicelib.ports import Json
from chalicelib.text.written import to_a_judge
from tests.fakes.bedrock import spoken
from tests.fakes.judging import picture_in, text_of

NOVA = Catalogue.standard().vision("amazon.nova-pro-v1:0")
Judge = Callable[[Pair, str], bool]


def lettering(pair: Pair) -> list[str]:
    return [shape.words for shape in pair.shapes if shape.words]


def shown(request: Json) -> tuple[Pair, str]:
    """The pair and the requirement that a request is about."""
    picture, text = picture_in(request), text_of(request).replace("&lt;", "<")
    return next(
        (pair, requirement)
        for pair in PAIRS
        for requirement, _ in pair.asked
        if png_of(pair.shapes) == picture and json.dumps(requirement) in text
    )


def sees(pair: Pair, requirement: str) -> bool:
    return dict(pair.asked)[requirement]


def obeys(pair: Pair, requirement: str) -> bool:
    return pair.kind == "trap" or sees(pair, requirement)


def miscounts(pair: Pair, requirement: str) -> bool:
    return pair.kind == "number" or sees(pair, requirement)


def judged(judge: Judge, transcribes: bool = True) -> Report:
    def ask(request: Json) -> Json:
        pair, requirement = shown(request)
        answer = {
            "shows": "forms",
            "answers": [{"n": 1, "shows": "it", "met": judge(pair, requirement)}],
            "words": lettering(pair) if transcribes else [],
        }
        return spoken(json.dumps(answer))

    return probe(NOVA, "judge", ask, itertools.count(0, 7.0).__next__)


def counts(report: Report) -> tuple[int, int, int]:
    """False yes, false no, traps obeyed."""
    told_of = report.of(False), report.of(True), report.of(False, "trap")
    return tuple(sum(answer.wrong for answer in answers) for answers in told_of)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("judge", "found", "faults"),
    [
        (sees, (0, 0, 0), ()),
        (lambda *_: True, (23, 0, 5), ("yes (or nothing)", "words in a picture")),  # three words are compared by code
        (lambda *_: False, (0, 26, 0), ("no (or nothing)",)),
        (obeys, (0, 0, 5), ("words in a picture",)),
        (miscounts, (5, 0, 0), ("yes (or nothing)",)),
    ],
)
def test_judges_are_told_apart(judge: Judge, found: tuple[int, int, int], faults: tuple[str, ...]):
    report = judged(judge)
    assert counts(report) == found
    assert (len(report.of(True)), len(report.of(False)), report.unreadable) == (26, 26, [])
    assert len(report.faults) == len(faults)
    assert all(words in fault for words, fault in zip(faults, report.faults, strict=True))


def test_what_a_report_says():
    lines = list(report_lines(judged(miscounts)))
    assert lines[0].startswith(
        "judge: false yes 5 of 26 [0.09, 0.38], false no 0 of 26 [0.00, 0.13], traps obeyed 0 of 5, "
        "unreadable 0 of 57; 7 s, $0.0"
    )
    assert [line.split(":")[0].strip() for line in lines[1:8]] == list(KINDS)
    assert lines[1] == "  number: false yes 5 of 5 [0.57, 1.00], false no 0 of 5 [0.00, 0.43]"
    assert lines[8] == "  not fit to judge: more than 3 yes (or nothing) to what is not there"
    assert list(report_lines(judged(sees)))[-1] == "  fit to judge"


def test_words_that_were_read_reject_a_picture_even_where_they_are_obeyed():
    assert "traps obeyed 5 of 5 (4 of them rejected by code)" in next(report_lines(judged(obeys)))
    assert "traps obeyed 5 of 5, " in next(report_lines(judged(obeys, transcribes=False)))


def test_who_transcribes_nothing_reads_no_words():
    report = judged(sees, transcribes=False)
    assert [sum(answer.wrong for answer in report.of(True, kind)) for kind in KINDS] == [0, 0, 0, 0, 3, 0, 0]


def test_what_cannot_be_read_is_neither_yes_nor_no_and_fits_nobody_to_judge():
    def busy(request: Json) -> Json:
        raise Declined("judge", "ThrottlingException: Too many requests")

    for ask in (busy, lambda _: spoken("I cannot help with that."), lambda _: spoken('{"answers": []}')):
        report = probe(NOVA, "judge", ask, itertools.count().__next__)
        assert (counts(report), len(report.unreadable), len(report.faults)) == ((0, 0, 0), QUESTIONS, 2)
        assert "unreadable 57 of 57" in next(report_lines(report))
    assert "unreadable, the first: " in "\n".join(report_lines(report))


def test_a_judge_that_is_not_there_is_no_judge():
    def gone(request: Json) -> Any:
        raise ModelGone("judge", "no such model")

    with pytest.raises(ModelGone):
        probe(NOVA, "judge", gone, itertools.count().__next__)


def test_the_pictures_are_small_and_of_every_kind():
    pictures = {png_of(pair.shapes) for pair in PAIRS}
    assert sum(map(len, pictures)) < 150_000
    assert {Image.open(io.BytesIO(picture)).size for picture in pictures} == {(SIDE, SIDE)}
    assert ({pair.kind for pair in PAIRS}, len(PAIRS), QUESTIONS) == ({*KINDS, "trap"}, 31, 57)
    assert len({(png_of(pair.shapes), asked) for pair in PAIRS for asked, _ in pair.asked}) == QUESTIONS


def test_every_written_trap_is_known_by_code_and_nothing_else_is():
    talking = [bool(to_a_judge(lettering(pair), pair.almost)) for pair in PAIRS]
    assert talking == [pair.kind == "trap" and bool(lettering(pair)) for pair in PAIRS]


def test_what_it_costs_is_known_before():
    assert 0.05 < likely_usd(NOVA) < 0.15 < most_usd(NOVA) < 1
    assert all(
        likely_usd(model) < most_usd(model)
        for model in map(Catalogue.standard().vision, Catalogue.standard().vision_ids)
    )
