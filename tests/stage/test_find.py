"""Which job is meant by a name, a beginning or a MessageId."""

from datetime import UTC, datetime

import pytest

from chalicelib.errors import CannotGoOn
from chalicelib.job.outbox_keys import job_name
from chalicelib.local.engine import Engine
from chalicelib.stage.find import find, find_one
from chalicelib.stage.listing import Listing
from tests.stage.outboxes import Jobs

ID = "5fea7756-0ea4-451a-a703-a558b933e274"


def found(engine: Engine, given: str, prefix: str | None = None) -> list[tuple[str, str]]:
    listing = Listing(engine.s3, engine.names.outbox, engine.names.inbox)
    return [(job.alone, job.job) for job in find(listing, prefix, given)]


def test_a_whole_name_is_its_own_although_another_begins_with_it(engine: Engine, jobs: Jobs):
    jobs.end("cats")
    jobs.end("cats-2")
    assert found(engine, "cats") == [("", "cats")]


def test_a_beginning_is_enough_where_one_job_has_it(engine: Engine, jobs: Jobs):
    jobs.end("cats-1")
    jobs.end("dogs-1")
    assert found(engine, "c") == [("", "cats-1")]
    assert found(engine, "birds") == []


def test_of_several_the_names_are_told(engine: Engine, jobs: Jobs):
    for number in range(7):
        jobs.begin(f"cats-{number}")
    with pytest.raises(CannotGoOn, match=r"'cats' begins the names of cats-0, cats-1, .*cats-4 and 2 more; give more"):
        found(engine, "cats")


def test_an_injected_message_is_found_by_its_id(engine: Engine, jobs: Jobs):
    name = job_name("message", datetime(2026, 11, 28, tzinfo=UTC), ID)
    jobs.begin(name)
    jobs.begin(job_name("message", datetime(2026, 11, 28, tzinfo=UTC), ID.replace("5", "6")))
    assert found(engine, ID) == [("", name)]


def test_a_refused_one_and_a_letter_are_found_the_letter_after_its_job(engine: Engine, jobs: Jobs):
    jobs.refuse("bad-1")
    jobs.keep_letter("dead-1")
    jobs.end("dead-1")
    assert found(engine, "bad") == [("rejected", "bad-1")]
    assert found(engine, "dead") == [("", "dead-1"), ("dead-letters", "dead-1")]


def test_a_job_below_another_prefix_is_found_unless_one_is_named(engine: Engine, jobs: Jobs):
    jobs.end("cats-1", prefix="mine/of/old")
    assert found(engine, "cats") == [("", "cats-1")]
    assert found(engine, "cats", "generated-images") == []
    assert found(engine, "cats", "mine/of/old") == [("", "cats-1")]


def test_jobs_beyond_the_first_page_are_found(engine: Engine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    for name in ("a", "b", "c", "d"):
        jobs.end(name, prefix="mine")
    assert found(engine, "d") == [("", "d")]


def test_an_unknown_job_is_one_sentence_and_what_shows_those_that_are_there(engine: Engine):
    listing = Listing(engine.s3, engine.names.outbox, engine.names.inbox)
    with pytest.raises(CannotGoOn, match=r"^no job 'x' in the outbox; `python -m chalicelib list --stage dev` shows"):
        find_one(listing, None, "x", "dev")
    with pytest.raises(CannotGoOn, match=r"^no job 'x' below mine/; "):
        find_one(listing, "mine", "x", "dev")


def test_an_empty_name_is_no_beginning_of_every_one(engine: Engine, jobs: Jobs):
    jobs.end("only")
    with pytest.raises(CannotGoOn, match="an empty JOB came; give a job's name, or the beginning of one"):
        found(engine, "")
