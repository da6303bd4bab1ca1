"""`doctor` on limits of the account, properties of buckets, and who hears the alarms."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.deploy.checks.buckets import check_properties
from chalicelib.deploy.checks.limits import check_concurrency, check_form, check_quotas
from chalicelib.deploy.checks.line import Mark
from chalicelib.deploy.checks.stage import check_alarms
from chalicelib.deploy.found import (
    BucketProperties,
    Found,
    MappingFound,
    ModelFound,
    Subscriber,
)
from chalicelib.models.types import ModelReference
from tests.deploy.stages import changed, complete, stage

STAGE = stage()
UP = "python -m chalicelib up --stage dev"
CANVAS = ModelReference("us-east-1", "amazon.nova-canvas-v1:0")
CORE = ModelReference("us-west-2", "stability.stable-image-core-v1:1")
NOVA = ModelReference("us-east-1", "amazon.nova-pro-v1:0")
ALIVE = {model: ModelFound(model, "ACTIVE") for model in (CANVAS, CORE, NOVA)}


def function(handler: str, **changes: Any) -> Callable[[Found], Found]:
    return lambda found: replace(found, functions=changed(found.functions, handler, **changes))


def mapping(**changes: Any) -> Callable[[Found], Found]:
    of = MappingFound("u-1", "arn:aws:sqs:us-east-1:123456789012:retake-dev", "Enabled", 1, 10)
    return function("on_attempt", mappings=(replace(of, **changes),))


def test_a_quota_of_zero_fails():
    name, model = "On-demand requests per minute for Nova Pro", ModelFound(NOVA, "ACTIVE", name="Nova Pro")
    (zero,) = check_quotas("us-east-1", {name: 0}, [model])
    assert (zero.mark, zero.says) == (Mark.FAIL, f"quota us-east-1: {name} is 0")
    assert "servicequotas" in zero.mend
    assert [line.mark for line in check_quotas("us-east-1", {name: 10}, [model])] == [Mark.OK]


QUOTAS = (
    "On-demand InvokeModel tokens per minute for Amazon Nova Pro",
    "Cross-Region InvokeModel tokens per minute for Amazon Nova Pro",
    "Global cross-Region model inference tokens per minute for Amazon Nova Pro",
    "Model invocation max tokens per day for Amazon Nova Pro",
    "On-demand model inference tokens per minute for Amazon Nova Pro Latency Optimized",
    "On-demand InvokeModel tokens per minute for Amazon Nova Lite",
    "Batch inference job size for Amazon Nova Pro",
)


@pytest.mark.parametrize(
    ("identifier", "minute"),
    [("amazon.nova-pro-v1:0", 0), ("us.amazon.nova-pro-v1:0", 1), ("global.amazon.nova-pro-v1:0", 2)],
)
def test_quotas_are_those_of_the_kind_in_use_by_todays_names(identifier: str, minute: int):
    model = ModelFound(ModelReference("us-east-1", identifier), "ACTIVE", name="Nova Pro")
    listed = dict.fromkeys(QUOTAS, 1.0)
    found = check_quotas("us-east-1", listed, [model])
    assert [line.says for line in found] == [f"quota us-east-1: {QUOTAS[number]}: 1" for number in (minute, 3)]
    assert check_quotas("us-west-2", listed, [model]) == []


@pytest.mark.parametrize(
    ("limit", "mark", "words"),
    [
        (1000, Mark.OK, "1,000"),
        (12, Mark.OK, "12"),
        (10, Mark.NOTE, "the queue of retake-dev-on_attempt may take 10 of them: prompt files then wait"),
        (0, Mark.FAIL, "nothing runs"),
    ],
)
def test_the_queue_must_not_take_all_the_account_may_run_at_once(limit: int, mark: Mark, words: str):
    line = check_concurrency(STAGE, limit, mapping()(complete(STAGE)))
    assert (line.mark, words in line.says) == (mark, True)


def test_a_form_that_was_never_sent_says_where_it_is():
    assert check_form(sent=True).mark is Mark.OK
    assert (check_form(sent=False).mark, "model-catalog" in check_form(sent=False).mend) == (Mark.FAIL, True)


GOOD = BucketProperties((), "AES256")
INBOX, OUTBOX = STAGE.buckets


@pytest.mark.parametrize(
    ("bucket", "lacks", "mark", "words"),
    [
        (INBOX, (), Mark.OK, "is private, encrypted"),
        (INBOX, ("versions",), Mark.FAIL, "has no versions"),
        (OUTBOX, ("versions",), Mark.OK, "is private, encrypted"),
        (OUTBOX, ("encryption", "end of old versions"), Mark.NOTE, "has no encryption, end of old versions"),
    ],
)
def test_an_adopted_bucket_is_looked_at(bucket: str, lacks: tuple[str, ...], mark: Mark, words: str):
    (line,) = check_properties(STAGE, {bucket: replace(GOOD, lacks=lacks)})
    assert (line.mark, words in line.says) == (mark, True)


def test_an_output_buckets_own_key_must_be_named_in_config_json():
    key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    theirs = {"results-of-others": replace(GOOD, encryption=key)}
    (line,) = check_properties(STAGE, theirs)
    assert str(line) == (
        f"FAIL bucket results-of-others is encrypted with {key}, which the functions may not use"
        ' -> add that key to "output_kms_keys" of stage dev in .chalice/config.json, then `up`'
    )
    assert [line.mark for line in check_properties(stage(output_kms_keys=[key]), theirs)] == [Mark.OK]


@pytest.mark.parametrize(
    ("subscribers", "line"),
    [
        ((), "note alarms go nowhere -> python -m chalicelib up --stage dev --notify ADDRESS"),
        (
            (Subscriber("a@example.com", confirmed=False),),
            "note alarms wait for a@example.com to confirm -> follow the link in the mail that AWS sent there",
        ),
        (
            (Subscriber("a@example.com", confirmed=False), Subscriber("b@example.com", confirmed=True)),
            "ok   alarms go to b@example.com",
        ),
    ],
)
def test_whether_somebody_hears_the_alarms(subscribers: tuple[Subscriber, ...], line: str):
    assert str(check_alarms(STAGE, subscribers)) == line
