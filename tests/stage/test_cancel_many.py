"""`cancel` of several jobs, and of what has not begun, over the local AWS."""

from datetime import timedelta

import pytest

from chalicelib.errors import CannotGoOn
from chalicelib.job.record import Record, Status
from chalicelib.stage.lines import newest
from tests.stage.cancelling import NOW, Cancels, begin, go_on
from tests.stage.outboxes import PREFIX, Jobs
from tests.stage.test_find import ID


def test_of_many_each_is_ended_and_what_cannot_be_keeps_no_other_from_it(jobs: Jobs, cancels: Cancels):
    deferred: dict[str, object] = {"status": Status.DEFERRED, "not_before": NOW + timedelta(minutes=1)}
    for job in ("lake-1", "lake-2"):
        begin(jobs, job, **deferred)
    begin(jobs, "copied", "copies", **deferred)
    jobs.refuse("bad-1")
    with pytest.raises(CannotGoOn) as told:
        cancels.run("lake-1", "bad-1", "gone", "copied", "lake-2", "lake-1")
    assert [cancels.result(job).status for job in ("lake-1", "lake-2")] == ["CANCELLED", "CANCELLED"]
    assert [line.split()[1] for line in cancels.said.splitlines()] == ["lake-1", "lake-2"]
    refused, gone, copied = str(told.value).splitlines()
    assert refused.startswith("bad-1 lies under rejected/ alone")
    assert gone.startswith("no job 'gone' has begun")
    assert copied.startswith("copied is a copy")


def test_of_several_under_way_each_is_told_of_once_and_all_are_waited_for(jobs: Jobs, cancels: Cancels):
    for job in ("lake-1", "lake-2"):
        begin(jobs, job)

    def meanwhile() -> bool:
        go_on(jobs, f"lake-{len(cancels.waits)}")
        return False

    cancels.meanwhile = meanwhile
    code, said = cancels.run("lake-1", "lake-2")
    assert (code, len(cancels.waits)) == (0, 2)
    assert [line.partition(" of ")[2][:6] for line in said.splitlines()[:2]] == ["lake-1", "lake-2"]
    assert said.count("waiting until") == 1
    assert [line.split()[1:3] for line in said.splitlines()[3:]] == [["lake-1", "CANCELLED"], ["lake-2", "CANCELLED"]]


def test_a_beginning_that_several_have_ends_none(jobs: Jobs, cancels: Cancels):
    for job in ("lake-1", "lake-2", "other"):
        go_on(jobs, job)
    before = cancels.outbox()
    with pytest.raises(CannotGoOn, match="'lake' begins the names of lake-1, lake-2; give more of the name"):
        cancels.run("other", "lake")
    assert cancels.outbox() == before


def test_what_has_not_begun_is_kept_from_it_where_that_is_asked_for(jobs: Jobs, cancels: Cancels):
    go_on(jobs)
    code, said = cancels.run("lake-1", "sea-1", ahead=True)
    assert (code, cancels.result("lake-1").status) == (0, "CANCELLED")
    assert said.splitlines()[0] == (
        "sea-1 has not begun, and if its results go below s3://retake-outbox/generated-images/, it ends as soon as its "
        "message comes, unpaid"
    )
    mark = Record.model_validate_json(cancels.read(f"{PREFIX}/sea-1/000-000.json"))
    assert (mark.status, mark.request) == (Status.CANCELLING, None)
    assert {line.job: line.status for line in newest(cancels.where, None, 5)} == {
        "lake-1": "CANCELLED",
        "sea-1": "cancelling",
    }
    assert cancels.run("sea-1") == (0, said.splitlines()[0] + "\n")
    assert cancels.run("sea-2", prefix="of/old", ahead=True)[0] == 0
    assert cancels.read("of/old/sea-2/000-000.json")


@pytest.mark.parametrize("name", [ID, "lake-20261128T081500Z-", "a lake", "rejected", "000-000.json"])
def test_what_is_no_whole_name_holds_none(cancels: Cancels, name: str):
    with pytest.raises(CannotGoOn, match="is no job's whole name: before it has begun, nobody knows which is meant"):
        cancels.run(name, ahead=True)
    assert cancels.outbox() == {}
