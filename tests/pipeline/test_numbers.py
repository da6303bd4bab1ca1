"""What an operator sees: the line of each attempt and of each ended job, with their numbers as metrics."""

import hashlib
from typing import Any

import pytest

from tests.pipeline.bench import NO, YES, Bench, Models, in_turn

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 1}


def lines(bench: Bench, event: str) -> list[Any]:
    return [line for line in bench.journal if line["event"] == event]


def metrics(line: Any) -> dict[str, Any]:
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert (described["Namespace"], described["Dimensions"], line["Stage"]) == ("Retake", [["Stage"]], "dev")
    return {metric["Name"]: line[metric["Name"]] for metric in described["Metrics"]}


def test_an_attempt_is_one_line_with_its_numbers() -> None:
    bench = Bench(Models(on_converse=in_turn(NO, YES)))
    bench.upload(CAT)
    bench.settle()
    first, second = lines(bench, "attempt")
    numbers = metrics(first)
    assert numbers.pop("ModelSeconds") >= 0
    assert numbers == {"CostUSD": 0.04224, "Images": 1, "Accepted": 0, "Rejected": 1, "Blocked": 0, "Deferred": 0}
    assert (metrics(second)["Accepted"], metrics(second)["Rejected"]) == (1, 0)
    assert (first["revision"], first["attempt"], first["status"], first["generations"]) == (0, 0, "rejected", 1)
    assert set(first["timings"]) == {"requirements", "generate", "save", "verify"}


def test_no_line_holds_the_prompt() -> None:
    bench = Bench()
    bench.upload({**CAT, "prompt": "a secret cat"})
    bench.settle()
    (line,) = lines(bench, "attempt")
    assert line["prompt"] == hashlib.sha256(b"a secret cat").hexdigest()[:16]
    assert line["prompt_characters"] == 12
    assert "secret" not in str(bench.journal)


@pytest.mark.parametrize(("seen", "failed"), [(YES, 0), (NO, 1)])
def test_an_ended_job_is_counted_once(seen: Any, failed: int) -> None:
    bench = Bench(Models(on_converse=in_turn(seen)))
    bench.inject(CAT, job=("String", "cats"))
    bench.inject(CAT, job=("String", "cats"))
    bench.settle()
    (ended,) = lines(bench, "result")
    assert metrics(ended) == {"Jobs": 1, "FailedJobs": failed}
    assert ended["cost_usd"] == bench.result["cost_usd"]
