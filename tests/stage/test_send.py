"""Prompts put into the inbox, and the names of what becomes of them."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from chalicelib.errors import CannotGoOn
from chalicelib.job.outbox_keys import job_name
from chalicelib.job.request import parse_request
from chalicelib.local.engine import Engine
from chalicelib.prompts.rows import RefusedRow, Row
from chalicelib.stage.send import ASKED_AFTER, PAUSES
from chalicelib.stage.sending import Voices, send_rows, tell_costs
from chalicelib.stage.where import Where
from tests.stage.outboxes import Jobs, where_at

LAKE = Row("lakes.txt", 1, "lakes-1", b'{"prompt": "A lake"}')


def sent(
    engine: Engine, *rows: Row | RefusedRow, happens: Callable[[], None] = lambda: None, where: Where | None = None
) -> tuple[int, list[str], str, list[float]]:
    """The exit code, the names, the notes, and the pauses made; `happens` in the first of them."""
    said: list[str] = []
    noted: list[str] = []
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 1:
            happens()

    code = send_rows(rows, where or where_at(engine), wait, Voices(said.append, noted.append))
    return code, said, "\n".join(noted), pauses


def name_of(engine: Engine, key: str, nonce: str = "") -> str:
    """As on_prompt names the job; the nonce stands for S3's sequencer."""
    head = engine.s3.head_object(Bucket=engine.names.inbox, Key=key)
    stem = key.removeprefix("inbox/").removesuffix(".json")
    return job_name(stem, head["LastModified"], engine.names.inbox, key, head["VersionId"], nonce)


def request(body: bytes) -> dict[str, Any]:
    return parse_request(body).fields()


def test_each_row_is_a_file_named_by_file_and_row(engine: Engine):
    code, names, notes, _ = sent(engine, LAKE, Row("a/sea.json", None, "sea", b'{"prompt": "The sea"}'))
    listed = engine.s3.list_objects_v2(Bucket=engine.names.inbox)["Contents"]
    assert [one["Key"] for one in listed] == ["inbox/lakes-1.json", "inbox/sea.json"]
    body = engine.s3.get_object(Bucket=engine.names.inbox, Key="inbox/lakes-1.json")["Body"].read()
    assert (code, json.loads(body)) == (0, {"prompt": "A lake"})
    assert "2 prompts sent; follow: python -m chalicelib watch JOB --stage local" in notes
    assert [name.rsplit("-", 2)[0] for name in names] == ["lakes-1", "sea"]


def refused(engine: Engine, operation: str, after: int) -> Where:
    """Who may not do this at the stage after so many times; the engine itself may."""
    own = boto3.client(
        "s3", endpoint_url=engine.url, region_name="us-east-1", aws_access_key_id="me", aws_secret_access_key="mine"
    )
    calls: list[str] = []

    def stop(model: Any, **_: Any) -> Any:
        if len(calls) < after:
            calls.append(model.name)
            return None
        response = AWSResponse("", 403, {}, io.BytesIO())
        return response, {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {}}

    own.meta.events.register(f"before-call.s3.{operation}", stop)
    return replace(where_at(engine), s3=own)


SEA = Row("sea.txt", 1, "sea-1", b'{"prompt": "The sea"}')


def test_what_was_put_before_a_failure_is_named_and_the_rest_is_told(engine: Engine):
    where = refused(engine, "PutObject", after=1)
    said: list[str] = []
    with pytest.raises(CannotGoOn, match=r"not sent: (sea|lakes)\.txt, line 1: .* send the others alone"):
        send_rows([LAKE, SEA], where, None, Voices(said.append, lambda text: None))
    (there,) = engine.s3.list_objects_v2(Bucket=engine.names.inbox)["Contents"]
    assert [said[0].rsplit("-", 2)[0]] == [there["Key"].removeprefix("inbox/").removesuffix(".json")]


def test_where_nothing_could_be_put_that_is_all_that_is_told(engine: Engine):
    where = refused(engine, "PutObject", after=0)
    with pytest.raises(CannotGoOn, match="PutObject") as told:
        sent(engine, LAKE, SEA, where=where)
    assert "not sent" not in str(told.value)


def test_who_may_only_put_is_told_how_the_names_begin(engine: Engine):
    where = refused(engine, "HeadObject", after=0)
    code, names, _, _ = sent(engine, LAKE, where=where)
    assert (code, names) == (0, ["lakes-1-"])


def test_the_name_is_that_of_the_job_with_this_request(engine: Engine, jobs: Jobs):
    def begin() -> None:
        ours, others = (name_of(engine, "inbox/lakes-1.json", nonce) for nonce in "ab")
        jobs.begin(others, request=request(b'{"prompt": "Another lake"}'))
        jobs.begin(ours, request=request(LAKE.body))
        made.append(ours)

    made: list[str] = []
    code, names, _, pauses = sent(engine, LAKE, happens=begin)
    assert (code, names, pauses) == (0, made, [PAUSES[0]])


def test_where_two_are_alike_or_none_has_begun_only_the_beginning_is_told(engine: Engine, jobs: Jobs):
    def begin() -> None:
        for nonce in "ab":
            jobs.begin(name_of(engine, "inbox/lakes-1.json", nonce), request=request(LAKE.body))

    for happens in (lambda: None, begin):
        code, (name,), notes, pauses = sent(engine, LAKE, happens=happens)
        assert (code, pauses) == (0, list(PAUSES))
        assert name == name_of(engine, "inbox/lakes-1.json")[:-8]
        assert (
            "1 job not seen yet, as that of retake-inbox/inbox/lakes-1.json: a name that ends in - lacks its" in notes
        )


def test_a_file_that_the_stage_refuses_is_told_with_its_reason(engine: Engine, jobs: Jobs):
    bad = Row("bad.json", None, "bad", b'{"prompt": 7}')

    def refuse() -> None:
        jobs.refuse(name_of(engine, "inbox/bad.json", "other"), source="s3://retake-inbox/inbox/old/bad.json")
        jobs.refuse(name_of(engine, "inbox/bad.json"), "prompt: 7 came", "s3://retake-inbox/inbox/bad.json")

    code, names, notes, _ = sent(engine, bad, happens=refuse)
    assert (code, names) == (3, [name_of(engine, "inbox/bad.json")])
    assert "bad.json: refused: prompt: 7 came" in notes


def test_a_row_that_can_be_no_prompt_is_not_sent(engine: Engine):
    code, names, notes, pauses = sent(engine, RefusedRow("a.csv", 3, "prompt", "prompt is missing"))
    assert (code, names, notes, pauses) == (3, [], "refused: a.csv, line 3: prompt is missing", [])
    assert "Contents" not in engine.s3.list_objects_v2(Bucket=engine.names.inbox)


def test_a_job_of_another_bucket_is_found_there_and_said(engine: Engine):
    elsewhere = Row("l.json", None, "l", b'{"prompt": "A lake", "output_s3_bucket_name": "my-own"}')

    def begin() -> None:
        engine.s3.create_bucket(Bucket="my-own")
        Jobs(engine, "my-own").begin(name_of(engine, "inbox/l.json"), request=request(elsewhere.body))

    code, names, notes, _ = sent(engine, elsewhere, happens=begin)
    assert (code, names) == (0, [name_of(engine, "inbox/l.json")])
    assert "some results go to s3://my-own/; `watch` and `get` find them with --bucket my-own" in notes


def test_the_names_of_many_are_not_waited_for(engine: Engine):
    rows = [Row("l.txt", number, f"l-{number}", LAKE.body) for number in range(ASKED_AFTER + 1)]
    _, names, notes, pauses = sent(engine, *rows)
    assert (pauses, len(names), len(set(names))) == ([], 101, 101)
    assert "101 jobs not seen yet" in notes


def test_an_inbox_that_is_not_there_is_said(engine: Engine):
    engine.s3.delete_bucket(Bucket=engine.names.inbox)
    with pytest.raises(CannotGoOn, match="There is no bucket retake-inbox; "):
        sent(engine, LAKE)


def test_what_rows_can_cost_is_told_and_nothing_is_sent(engine: Engine):
    said: list[str] = []
    noted: list[str] = []
    rows = [LAKE, Row("b.json", None, "b", b'{"prompt": 7}'), RefusedRow("c.csv", 2, None, "no prompt")]
    assert tell_costs(rows, where_at(engine).settings, Voices(said.append, noted.append)) == 3
    (line,) = said
    assert line.startswith("1 job: likely $0.")
    assert line.endswith("; nothing was sent")
    assert [note.partition(":")[2][:12] for note in noted] == [" b.json: pro", " c.csv, line"]
    assert "Contents" not in engine.s3.list_objects_v2(Bucket=engine.names.inbox)
