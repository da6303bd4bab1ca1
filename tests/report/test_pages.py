"""What stands on the pages, without a browser."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import CannotRender, Unavailable
from chalicelib.follow.gallery import write_gallery
from chalicelib.job.verdict import FindingRecord, ImageRecord, VerdictRecord
from chalicelib.report.changes import changes
from chalicelib.report.contact_sheet import contact_sheet
from chalicelib.report.gallery import EndedJob, RefusedFile, render_gallery
from chalicelib.report.rendering import render
from chalicelib.report.unmet import missed
from tests.fakes.ports import MemoryStore
from tests.pipeline.bench import Bench
from tests.report.jobs import HOSTILE, JOBS, ended
from tests.report.jobs import record as attempt_record


@given(st.text(), st.text())
def test_without_what_is_gone_the_marked_prompt_is_the_new_one_and_without_what_is_new_the_old_one(before, after):
    found = changes(before, after)
    assert "".join(text for kind, text in found if kind != "gone") == after
    assert "".join(text for kind, text in found if kind != "new") == before


def test_only_the_words_that_changed_are_marked():
    found = changes("a cat on a red sofa", "a tabby cat on a blue sofa")
    assert "".join(text for kind, text in found if kind == "new").split() == ["tabby", "blue"]
    assert "".join(text for kind, text in found if kind == "gone").split() == ["red"]


def test_a_prompt_of_thousands_of_words_is_compared_at_once():
    found = changes("old " * 2_500, "new " * 2_500)
    assert [kind for kind, _ in found] == ["gone", "new", "same"]


def test_what_was_never_met_is_told_apart_from_what_was_met_at_times():
    told = missed(JOBS["large"])
    assert told.looked == 125
    assert told.never == ("a lake",)
    assert told.some == ()


def test_what_only_some_pictures_met_is_told_with_how_many_the_rarest_first():
    record, wanted = JOBS["large"][0], ("sea", "moon", "ice")

    def picture(*met: bool) -> ImageRecord:
        findings = tuple(FindingRecord(requirement=name, met=here) for name, here in zip(wanted, met, strict=True))
        verdict = VerdictRecord(model="m", accepted=False, reason="", requirements=findings)
        return record.images[0].with_changes(verdicts=(verdict,))

    pictures = (picture(True, True, False), picture(True, False, False), picture(False, False, False))
    assert missed([record.with_changes(images=pictures)]) == (3, ("ice",), (("moon", 1), ("sea", 2)))


@pytest.mark.parametrize("name", JOBS)
def test_a_report_links_to_every_picture_beside_it_and_holds_its_thumbnail(name):
    page = contact_sheet(JOBS[name]).decode()
    for image in (image for record in JOBS[name] for image in record.images):
        assert f'href="{image.key.rsplit("/", 1)[-1]}"' in page
        assert image.thumbnail in page


def test_a_cell_says_a_requirement_that_is_not_met_once_and_its_grade_beside_how_many_are():
    (record,) = ended([attempt_record(0, 0, "rejected", "a cat", words="not met: a lake (none to be seen)")])
    checklist = record.images[0].verdicts[0]
    graded = checklist.with_changes(look="grade", reason="graded 7 of 10, 9 is needed", requirements=(), grade=7.0)
    image = record.images[0].with_changes(verdicts=(checklist, graded))
    cells = contact_sheet([record.with_changes(images=(image,))]).decode().partition("<section>")[2]
    assert cells.count("not met: a lake") == 0
    assert cells.count("none to be seen") == 1
    for words in ("1 of 2 met", ">graded 7 of 10<", ">graded 7 of 10, 9 is needed<", "grade: no, says us-east-1/"):
        assert cells.count(words) == 1, words


@pytest.mark.parametrize(("notes", "told"), [(("drawn and judged by: stand-in",), 2), ((), 0)])
def test_who_drew_and_judged_on_ones_own_machine_stands_beside_the_models_names(notes: tuple[str, ...], told: int):
    *before, last = JOBS["japanese"]
    result = last.next.result.with_changes(notes=notes)
    page = contact_sheet([*before, last.with_changes(next=last.next.with_changes(result=result))]).decode()
    assert page.count('v1:0 <span class="note">stand-in</span>') == told


def test_a_hostile_prompt_stays_text():
    page = contact_sheet(JOBS["hostile"]).decode()
    assert "<script" not in page
    assert "<img src=//" not in page
    assert "{{ 7 * 7 }}" in page
    assert page.count("</style>") == 1


def test_a_fail_says_in_plain_words_what_was_never_met():
    page = contact_sheet(JOBS["large"]).decode()
    assert "Never met, in any of 125 pictures" in page
    once = contact_sheet(ended([attempt_record(0, 0, "rejected", "a cat")])).decode()
    assert "No image was accepted in 1 attempt (1 rejected)." in once


def test_a_name_that_a_template_misses_is_an_error_of_ours():
    with pytest.raises(CannotRender, match=r"sheet\.html"):
        render("contact_sheet.html")


def results():
    return [EndedJob(JOBS[name][-1].next.result, f"generated-images/{name}") for name in JOBS]


def test_the_gallery_shows_the_newest_first_and_counts_them():
    page = render_gallery([*results(), RefusedFile("bad", HOSTILE, "rejected/bad.json", "2026-11-20T00:00:00Z")])
    newest_first = sorted(results(), key=lambda entry: entry.result.finished_at, reverse=True)
    places = [page.index(f'href="./{entry.folder}/report.html"') for entry in newest_first]
    assert places == sorted(places)
    assert page.index('href="./rejected/bad.json"') > places[-1]
    assert page.count("<script>") == 1


@pytest.mark.parametrize(("images", "kind"), [(1, "best"), (0, "nothing")])
def test_a_cancelled_job_is_told_as_that_and_found_with_those_that_left_as_much(images: int, kind: str):
    result = ended([attempt_record(0, 0, "cancelled", "a cat", images=images)])[-1].next.result
    page = render_gallery([EndedJob(result, "generated-images/a-job")])
    assert f'<span class="badge {kind}">cancelled</span>' in page


def test_an_empty_gallery_says_so():
    assert "No job has ended yet." in render_gallery([])


def test_a_gallery_of_a_directory_passes_over_what_is_none_of_ours(tmp_path):
    folder = tmp_path / "generated-images" / "a-job"
    folder.mkdir(parents=True)
    (folder / "result.json").write_bytes(JOBS["japanese"][-1].next.result.as_json())
    (folder / "001-000.json").write_bytes(JOBS["japanese"][-1].as_json())
    other = tmp_path / "other"
    other.mkdir()
    (other / "result.json").write_text("[]", encoding="utf-8")
    refused = tmp_path / "generated-images" / "rejected"
    refused.mkdir()
    (refused / "bad.json").write_text(json.dumps({"error": "no prompt"}), encoding="utf-8")
    (refused / "deep.json").write_bytes(b"[" * 100_000)
    assert str(tmp_path / "gallery.html") in write_gallery(tmp_path)
    page = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    assert JOBS["japanese"][-1].images[0].thumbnail in page
    assert "no prompt" in page
    assert page.count("<li class=") == 2


def test_a_report_is_written_just_before_the_result():
    bench = Bench()
    bench.upload({"prompt": "a cat"})
    bench.settle()
    written = {key.rsplit("/", 1)[-1]: versions[-1].version for (_, key), versions in bench.aws.world.objects.items()}
    assert {"report.html", "result.json"} <= written.keys()
    kept = next(v[-1] for (_, key), v in bench.aws.world.objects.items() if key.endswith("report.html"))
    assert kept.content_type == "text/html; charset=utf-8"
    assert b"a cat" in kept.body


class NoReports(MemoryStore):
    """A store that takes no report."""

    def create(self, place, body, content_type, metadata=None):
        if place.key.endswith("report.html"):
            raise Unavailable("not now")
        return super().create(place, body, content_type, metadata)


class Hindered(Bench):
    """A stage on which something goes wrong with reports."""

    def __init__(self, **instead):
        super().__init__()
        self.instead = instead

    def services(self):
        given = vars(super().services())
        return type(super().services())(**{**given, **{name: make(self) for name, make in self.instead.items()}})


def _unrenderable(records):
    raise CannotRender("a template is damaged")


@pytest.mark.parametrize(
    "instead", [{"store": lambda bench: NoReports(bench.aws)}, {"report": lambda bench: _unrenderable}]
)
def test_a_report_that_cannot_be_made_or_stored_costs_no_result(instead):
    bench = Hindered(**instead)
    bench.upload({"prompt": "a cat"})
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    assert not bench.failures
    assert not [key for key in bench.outbox() if key.endswith("report.html")]
    assert [line for line in bench.journal if line["event"] == "no report"]
