"""`cancel` over the local AWS: which job is meant, what is told at 80 columns, and what it leaves in the outbox."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import CannotGoOn
from chalicelib.job.outbox_keys import job_name
from chalicelib.job.record import Record, Status
from chalicelib.local.engine import Engine
from chalicelib.stage.lines import newest
from tests.stage.cancelling import LAKE, NOW, Cancels, begin, go_on
from tests.stage.outboxes import PREFIX, Jobs
from tests.stage.test_find import ID


def test_between_attempts_it_ends_at_once_and_says_so(jobs: Jobs, cancels: Cancels):
    go_on(jobs)
    code, said = cancels.run("lake-1")
    assert code == 0
    assert said == (
        "stand-in  lake-1                CANCELLED after 2 attempts, 0 images, $0.000: the job was cancelled"
        f" → s3://retake-outbox/{PREFIX}/lake-1/result.json\n"
    )
    result = cancels.result("lake-1")
    assert (result.status, [line.outcome for line in result.attempts]) == ("CANCELLED", ["rejected", "cancelled"])
    assert b"Cancelled" in cancels.read(f"{PREFIX}/lake-1/report.html")


def test_an_attempt_that_is_put_off_is_taken_over(jobs: Jobs, cancels: Cancels):
    begin(jobs, status=Status.DEFERRED, not_before=NOW + timedelta(minutes=1))
    jobs.put(f"{PREFIX}/lake-1/000-000.png", b"png")
    assert cancels.run("lake-1")[0] == 0
    best = cancels.result("lake-1").best
    assert best is not None
    assert best.image == f"{PREFIX}/lake-1/000-000.png"


def test_an_attempt_under_way_is_waited_for_and_told_of_once(jobs: Jobs, cancels: Cancels):
    begin(jobs)
    looks = 0

    def meanwhile() -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            go_on(jobs)
        return looks > 5

    cancels.meanwhile = meanwhile
    code, said = cancels.run("lake-1")
    assert (code, cancels.waits) == (0, [3.0, 3.0])
    first, second, last = said.splitlines()
    assert first == "attempt 000-000 of lake-1 is under way: the job ends with it, and no other is begun"
    assert second == f"waiting until {NOW + timedelta(minutes=5):%H:%M:%S} UTC at most; Ctrl-C does no harm"
    assert last.startswith("stand-in  lake-1                CANCELLED after 2 attempts")
    assert cancels.result("lake-1").status == "CANCELLED"


def test_who_leaves_meanwhile_has_it_end_all_the_same(jobs: Jobs, cancels: Cancels):
    begin(jobs)
    code, said = cancels.run("lake-1")
    assert code == 130
    assert said.splitlines()[-1] == (
        "what is under way ends its job all the same; to see it: python -m chalicelib watch lake-1 --stage local"
    )
    marks = [f"{PREFIX}/lake-1/{name}.json" for name in ("000-001", "001-000")]
    assert list(cancels.outbox()) == [f"{PREFIX}/lake-1/000-000.json", *marks]
    records = [Record.model_validate_json(cancels.read(key)) for key in marks]
    assert {record.status for record in records} == {Status.CANCELLING}
    assert [line.status for line in newest(cancels.where, None, 5)] == ["cancelling"]


def test_a_lease_that_runs_out_meanwhile_is_taken_over(jobs: Jobs, cancels: Cancels):
    begin(jobs)

    def meanwhile() -> bool:
        cancels.fast += timedelta(minutes=6)
        return len(cancels.waits) > 3

    cancels.meanwhile = meanwhile
    assert cancels.run("lake-1")[0] == 0
    assert [line.outcome for line in cancels.result("lake-1").attempts] == ["cancelled"]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_neither_cuts_an_attempt_off_nor_waits_for_a_dead_one(
    jobs: Jobs, cancels: Cancels, minutes: int
):
    cancels.fast = timedelta(minutes=minutes)
    begin(jobs)
    assert cancels.run("lake-1")[0] == 130
    begin(jobs, "lake-2", lease_end=NOW - timedelta(seconds=5))
    assert cancels.run("lake-2")[0] == 0


@pytest.mark.parametrize("status", ["SUCCESS", "FAIL", "CANCELLED"])
def test_what_had_ended_is_told_and_not_touched(jobs: Jobs, cancels: Cancels, status: str):
    accepted = status == "SUCCESS"
    jobs.end("lake-1", status=status, accepted=accepted, image=f"{PREFIX}/lake-1/000-000.png" if accepted else None)
    before = cancels.outbox()
    code, said = cancels.run("lake-1")
    assert code == 0
    assert said.startswith("lake-1 had ended already\nstand-in  lake-1")
    assert f" {status} after 1 attempt, 1 image" in said
    assert cancels.outbox() == before


def test_what_has_not_begun_is_said_with_what_to_do_and_nothing_is_written(jobs: Jobs, cancels: Cancels):
    jobs.refuse("bad-1")
    with pytest.raises(CannotGoOn, match="no job 'lake' has begun in the outbox, so there is nothing to end: "):
        cancels.run("lake")
    with pytest.raises(CannotGoOn, match="bad-1 lies under rejected/ alone: it never began, and nothing is paid"):
        cancels.run("bad-1")
    assert list(cancels.outbox()) == [f"{PREFIX}/rejected/bad-1.json"]


def test_a_beginning_and_a_message_id_name_a_job(jobs: Jobs, cancels: Cancels):
    injected = job_name("message", NOW, ID)
    for job in ("lake-1", injected):
        go_on(jobs, job)
    assert cancels.run("lake")[0] == 0
    assert cancels.run(ID)[0] == 0
    assert {cancels.result(job).status for job in ("lake-1", injected)} == {"CANCELLED"}


def test_a_job_below_another_prefix_and_in_another_bucket_is_ended_there(engine: Engine):
    engine.s3.create_bucket(Bucket="mine-alone")
    cancels, jobs = Cancels(engine, "mine-alone"), Jobs(engine, "mine-alone")
    request = LAKE.model_copy(update={"output_s3_bucket_name": "mine-alone", "output_s3_key_prefix": "of/old"})
    due = NOW - timedelta(seconds=1)
    begin(jobs, prefix="of/old", request=request, lease_end=due)
    assert cancels.run("lake-1", prefix="of/old")[0] == 0
    assert cancels.result("lake-1", "of/old").status == "CANCELLED"
    assert Cancels(engine).outbox() == {}


def test_a_copy_of_a_job_is_left_alone_and_so_is_the_job(jobs: Jobs, cancels: Cancels):
    begin(jobs, prefix="copies")
    with pytest.raises(CannotGoOn, match=rf"lake-1 is a copy: .* s3://retake-outbox/{PREFIX}/lake-1/"):
        cancels.run("lake-1", prefix="copies")
    assert list(cancels.outbox()) == ["copies/lake-1/000-000.json"]


def test_a_program_reads_one_object_a_line(jobs: Jobs, cancels: Cancels):
    begin(jobs)

    def meanwhile() -> bool:
        go_on(jobs)
        return False

    cancels.meanwhile = meanwhile
    _, said = cancels.run("lake-1", as_json=True)
    *notes, last = [json.loads(line) for line in said.splitlines()]
    assert {note["event"] for note in notes} == {"note"}
    assert (last["event"], last["job"], last["status"], last["cost_usd"]) == ("job", "lake-1", "CANCELLED", 0)


def test_a_bucket_that_may_not_be_written_is_said_with_what_is_needed(jobs: Jobs, cancels: Cancels):
    begin(jobs)

    def deny(**_: object) -> None:
        answer: Any = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        raise ClientError(answer, "PutObject")

    cancels.where.s3.meta.events.register("before-send.s3.PutObject", deny)
    with pytest.raises(CannotGoOn, match="bucket retake-outbox: AccessDenied: ; cancel needs s3:ListBucket"):
        cancels.run("lake-1")


def test_of_two_jobs_of_one_name_none_is_ended_until_one_is_meant(jobs: Jobs, cancels: Cancels):
    for prefix in ("brand-a", "brand-b"):
        request = LAKE.model_copy(update={"output_s3_key_prefix": prefix})
        begin(jobs, "hero", prefix, request, status=Status.DEFERRED, not_before=NOW + timedelta(minutes=1))
    before = cancels.outbox()
    with pytest.raises(CannotGoOn, match=r"several jobs are meant: brand-a/hero, brand-b/hero; .* --prefix"):
        cancels.run("hero")
    assert cancels.outbox() == before
    assert cancels.run("hero", prefix="brand-b")[0] == 0
    assert cancels.result("hero", "brand-b").status == "CANCELLED"


def test_a_first_try_that_was_refused_hides_no_job_elsewhere(jobs: Jobs, cancels: Cancels):
    request = LAKE.model_copy(update={"output_s3_key_prefix": "brand-b"})
    begin(jobs, "hero", "brand-b", request, status=Status.DEFERRED, not_before=NOW + timedelta(minutes=1))
    jobs.refuse("hero")
    assert cancels.run("hero")[0] == 0
    assert cancels.result("hero", "brand-b").status == "CANCELLED"


def test_a_job_in_a_copied_bucket_is_left_alone(engine: Engine):
    engine.s3.create_bucket(Bucket="retake-copy")
    cancels = Cancels(engine, "retake-copy")
    begin(Jobs(engine, "retake-copy"), status=Status.DEFERRED, not_before=NOW + timedelta(minutes=1))
    with pytest.raises(CannotGoOn, match="lake-1 is a copy"):
        cancels.run("lake-1")
    assert list(cancels.outbox()) == [f"{PREFIX}/lake-1/000-000.json"]
