"""Files of many prompts: each row a job, or refused alone, whatever is delivered twice, and wherever a process dies."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import OutOfTime
from tests.fakes.aws import Effect
from tests.fakes.lambdas import Due
from tests.pipeline.bench import Bench, Models
from tests.pipeline.test_deliveries import Death, Trouble

SMALL = [{"prompt": f"cat {number}"} for number in range(1, 5)]


def lines(rows: list[Any]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def results(bench: Bench) -> dict[str, dict[str, Any]]:
    """Each result by its row, which its job's name tells."""
    found = [bench.document(key) for key in bench.outbox() if key.endswith("/result.json")]
    return {result["job"].split("-")[-3]: result for result in found}


def refusals(bench: Bench) -> list[dict[str, Any]]:
    return [bench.document(key) for key in bench.outbox() if "/rejected/" in key]


def drawn(bench: Bench) -> Counter[str]:
    """How often each prompt was paid for."""
    return Counter(order["textToImageParams"]["text"] for _, order in bench.models.invoked)


class Doubled(Bench):
    """Every event and every message is delivered twice, the second time while nobody knows of the first any more."""

    def settle(self, deliveries: int = 5_000) -> None:
        for _ in range(deliveries):
            due = min(self.aws.lambdas.dues(), key=lambda each: (each.when, each.order), default=None)
            if due is None:
                return
            self.aws.world.now = max(self.aws.world.now, due.when)
            self._twice(due)
        raise AssertionError("still busy")

    def _twice(self, due: Due) -> None:
        first = self.aws.lambdas.begin(due)
        assert first is not None
        self.run(first)
        self.aws.world.now += 1
        self.run(first)


def test_each_row_of_two_hundred_becomes_a_job_and_a_bad_one_is_refused_alone_though_all_comes_twice():
    bench = Doubled()
    rows: list[dict[str, Any]] = [{"prompt": f"cat {number}"} for number in range(1, 202)]
    rows[6] = {"promt": "cat 7", "output_s3_key_prefix": "spring"}
    bench.upload(lines(rows), "inbox/spring.jsonl")
    bench.settle()
    ended = results(bench)
    assert sorted(ended) == [f"r{number:04}" for number in range(1, 202) if number != 7]
    assert all(result["status"] == "SUCCESS" for result in ended.values())
    assert ended["r0009"]["initial_prompt"] == "cat 9"
    (refused,) = refusals(bench)
    assert (refused["row"], refused["line"], refused["field"]) == (7, 7, "promt")
    assert json.loads(refused["received"]) == rows[6]
    assert refused["source"] == "s3://retake-inbox/inbox/spring.jsonl, row 7, line 7"
    assert any(key.startswith("spring/rejected/spring-r0007-20261122T081500Z-") for key in bench.outbox())
    assert bench.failures == []
    assert drawn(bench) == Counter(f"cat {number}" for number in range(1, 202) if number != 7)


@pytest.mark.parametrize("effect", range(40))
@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_any_effect_of_the_fan_out_loses_no_row_and_begins_none_twice(effect: int, after: bool):
    """The 40 effects reach from the reading of the file over every refusal and sending into the first row's attempt."""
    bench = Bench()
    seen = 0

    def where(passing: Effect) -> bool:
        nonlocal seen
        seen += 1
        return seen == effect + 1

    bench.aws.around = Trouble(where, Death(), after=after)
    bench.upload(lines([*SMALL[:1], {"promt": 1}, *SMALL[1:]]), "inbox/spring.jsonl")
    bench.settle()
    assert sorted(results(bench)) == ["r0001", "r0003", "r0004", "r0005"]
    assert len(refusals(bench)) == 1
    assert len(drawn(bench)) == 4
    assert max(drawn(bench).values()) <= 2  # what was charged and not saved: the one window there is
    assert sum(drawn(bench).values()) <= 5


@pytest.mark.parametrize("after", [False, True])
def test_a_file_whose_event_is_given_up_is_fanned_out_from_the_dead_letter_queue(after: bool):
    bench = Bench()
    bench.aws.around = Trouble(lambda effect: effect.operation == "send", Death(), after=after, times=3)
    bench.upload(lines(SMALL), "inbox/spring.jsonl")
    bench.settle()
    assert len(bench.failures) == 3
    assert [result["status"] for result in results(bench).values()] == ["SUCCESS"] * 4
    assert drawn(bench) == Counter(row["prompt"] for row in SMALL)


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("inbox/spring.json", b"\xef\xbb\xbf" + json.dumps([*SMALL[:2], "cat 3", {"prompt": ""}]).encode()),
        ("inbox/spring.jsonl", b'{"prompt": "cat 1"}\r\n\r\n"cat 2"\n{"prompt": "cat 3"}\n{"prompt": ""}'),
        ("inbox/a/spring.csv", b'prompt,requirements\ncat 1,a cat; one\n"cat 2",\ncat 3,"[""a cat""]"\ncat 4,a,b\n'),
        ("inbox/spring.CSV", b"prompt,max_retry_attempts\ncat 1,2\ncat 2,\ncat 3,4\ncat 4,many\n"),
    ],
)
def test_arrays_json_lines_and_tables_are_read_as_run_reads_them(key: str, data: bytes):
    bench = Bench()
    bench.upload(data, key)
    bench.settle()
    ended = results(bench)
    assert {row: result["initial_prompt"] for row, result in ended.items()} == {
        "r0001": "cat 1",
        "r0002": "cat 2",
        "r0003": "cat 3",
    }
    (refused,) = refusals(bench)
    assert refused["row"] == 4
    if key.endswith("spring.csv"):
        assert ended["r0001"]["requirements"] == ["a cat", "one"]
        assert (refused["line"], refused["field"]) == (5, None)


def big(number: int) -> bytes:
    return json.dumps({"prompt": f"cat {number}", "negative_prompt": "x" * 2_000}).encode()


@pytest.mark.parametrize(
    ("key", "data", "words"),
    [
        ("inbox/spring.jsonl", b'"a cat"\n' * 1_001, "more than 1,000 prompts came"),
        ("inbox/spring.json", b"[" + b"1," * 400_000 + b"1]", "more than 1,000 prompts came"),
        ("inbox/spring.csv", b"prompt\n" + b"a cat\n" * 1_001, "more than 1,000 prompts came"),
        ("inbox/spring.jsonl", b"\n".join(big(number) for number in range(600)), "more than 1,048,576 bytes came"),
        ("inbox/spring.json", b"[]", "no prompt is in it"),
        ("inbox/spring.json", b'["a cat"', "a comma and an item, or ] must follow"),
        ("inbox/spring.jsonl", b"", "no prompt is in it"),
        ("inbox/spring.csv", b"text\na cat\n", "no column 'prompt'"),
        ("inbox/spring.csv", b"prompt\n\xff\n", "not UTF-8"),
        ("inbox/spring.txt", b"a cat", "ends in none of .json, .jsonl, .csv"),
        ("inbox/spring", b"a cat", "ends in none of"),
    ],
)
def test_what_cannot_be_read_as_prompts_at_all_is_refused_whole_with_one_record(key: str, data: bytes, words: str):
    bench = Bench()
    bench.upload(data, key)
    bench.settle()
    (outcome,) = bench.outbox()
    assert outcome.startswith("generated-images/rejected/spring-")
    record = bench.document(outcome)
    assert words in record["error"]
    assert "row" not in record
    assert record["source"] == f"s3://retake-inbox/{key}"
    assert (bench.models.invoked, bench.failures) == ([], [])


def test_a_thousand_rows_are_taken_and_a_number_no_python_reads_spoils_only_its_own():
    bench = Bench()
    items = [*(json.dumps({"prompt": f"cat {number}"}) for number in range(1, 1_000)), "9" * 5_000]
    bench.upload(f"[{','.join(items)}]".encode(), "inbox/spring.json")
    bench.run(begun(bench))
    (refused,) = refusals(bench)
    assert refused["row"] == 1_000
    assert len(bench.aws.world.messages[bench.settings.queue_name]) == 998


def begun(bench: Bench) -> Any:
    invocation = bench.aws.lambdas.begin(next(iter(bench.aws.lambdas.dues())))
    assert invocation is not None
    return invocation


def test_what_the_stage_does_not_allow_is_refused_by_row():
    bench = Bench()
    bench.upload(lines([*SMALL[:2], {"prompt": "cat 3", "max_retry_attempts": 99}]), "inbox/spring.jsonl")
    bench.settle()
    assert sorted(results(bench)) == ["r0001", "r0002"]
    assert [(record["row"], record["field"]) for record in refusals(bench)] == [(3, "max_retry_attempts")]


def test_the_folder_that_the_console_makes_is_no_prompt_file():
    bench = Bench()
    bench.upload(b"", "inbox/spring/")
    bench.settle()
    assert (bench.outbox(), bench.failures) == ([], [])
    assert {"event": "a folder", "key": "inbox/spring/"} in bench.journal


def groups(bench: Bench) -> list[str | None]:
    return [message.group for message in bench.aws.world.messages[bench.settings.queue_name]]


def test_the_messages_of_a_file_are_a_group_of_their_own_and_those_that_follow_stay_in_it():
    bench = Bench(Models(on_converse=lambda model, request: {"unreadable": True}))
    bench.upload(lines(SMALL), "inbox/spring.jsonl")
    bench.run(begun(bench))
    (group,) = set(groups(bench))
    assert group is not None
    assert group.startswith("spring-20261122T081500Z-")
    assert len(groups(bench)) == 4  # three rows, and what follows the first
    bench = Bench(Models(on_converse=lambda model, request: {"unreadable": True}))
    bench.upload(SMALL[0], "inbox/spring.json")
    bench.run(begun(bench))
    assert groups(bench) == [None]


def test_a_fan_out_that_runs_out_of_time_says_so_and_is_delivered_again():
    bench = Bench()
    slow = True

    def around(effect: Effect, perform: Callable[[], Any]) -> Any:
        if slow and effect.operation == "send":
            bench.aws.world.now += 150
        return perform()

    bench.aws.around = around
    bench.upload(lines(SMALL), "inbox/spring.jsonl")
    bench.run(begun(bench))
    assert [type(error) for error in bench.failures] == [OutOfTime]
    slow = False
    bench.settle()
    assert sorted(results(bench)) == ["r0001", "r0002", "r0003", "r0004"]
    assert drawn(bench) == Counter(row["prompt"] for row in SMALL)


def test_a_second_delivery_of_the_file_after_all_is_done_changes_nothing():
    bench = Bench()
    bench.upload(lines(SMALL), "inbox/spring.jsonl")
    event = begun(bench)
    bench.run(event)
    bench.settle()
    before = bench.outbox()
    bench.run(event)
    bench.settle()
    assert (bench.outbox(), bench.failures) == (before, [])
    assert drawn(bench) == Counter(row["prompt"] for row in SMALL)
