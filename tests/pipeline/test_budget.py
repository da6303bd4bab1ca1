"""What an attempt costs in calls: counted where botocore sends them."""

from collections import Counter
from typing import Any

from chalicelib.attempt.services import Services
from chalicelib.aws.queue import SqsQueue
from chalicelib.aws.store import S3Store
from tests.fakes.lambdas import Invocation
from tests.fakes.wire import Wire
from tests.pipeline.bench import NO, Bench, Models, Seen, asks_for

S3_PUT, S3_GET, SQS_REQUEST = 0.005 / 1000, 0.0004 / 1000, 0.40 / 1_000_000
"""USD a request in us-east-1 (AWS price lists, 2026-11)."""


class CountingBench(Bench):
    """A bench whose S3 and SQS go through real clients; every request they send is counted."""

    def __init__(self, models: Models) -> None:
        super().__init__(models)
        self.counts: list[Counter[str]] = []
        wire = Wire(self.aws)
        self.s3, self.sqs = wire.client("s3"), wire.client("sqs")
        for client in (self.s3, self.sqs):
            client.meta.events.register_first("before-send", self.count)
        self.work = SqsQueue(self.sqs, self.settings.queue_name)

    def count(self, event_name: str, **rest: Any) -> None:
        self.counts[-1][event_name.rpartition(".")[2]] += 1

    def services(self) -> Services:
        given = super().services()
        return Services(**{**vars(given), "store": S3Store(self.s3), "work": self.work})

    def run(self, invocation: Invocation) -> None:
        self.counts.append(Counter())
        paid = len(self.models.invoked) + len(self.models.conversed)
        super().run(invocation)
        self.counts[-1]["Bedrock"] = len(self.models.invoked) + len(self.models.conversed) - paid


def nine_attempts() -> CountingBench:
    models = Models(on_converse=lambda model, request: NO if asks_for(request) == "verify" else {"revised_prompt": "p"})
    bench = CountingBench(models)
    bench.upload({"prompt": "a cat", "max_retry_attempts": 9, "max_prompt_revisions": 1})
    bench.settle()
    assert len(bench.result["attempts"]) == 9
    return bench


def test_a_plain_middle_attempt_makes_seven_calls():
    for middle in nine_attempts().counts[1:-1]:
        assert middle == {"GetObject": 1, "PutObject": 3, "SendMessage": 1, "Bedrock": 2}


def test_an_attempt_whose_checklist_is_all_met_makes_eight() -> None:
    bench = CountingBench(Models(on_converse=lambda model, request: Seen(grade=5)))
    bench.upload({"prompt": "a cat", "max_retry_attempts": 3, "max_prompt_revisions": 1})
    bench.settle()
    assert bench.counts[1] == {"GetObject": 1, "PutObject": 3, "SendMessage": 1, "Bedrock": 3}


def test_the_queues_address_is_asked_for_once_a_sandbox():
    assert sum(count["GetQueueUrl"] for count in nine_attempts().counts) == 1


def test_nine_attempts_cost_what_the_readme_says():
    total = sum(nine_attempts().counts, Counter())
    received_and_deleted = 2 * total["SendMessage"]
    cost = total["PutObject"] * S3_PUT + total["GetObject"] * S3_GET
    cost += (total["SendMessage"] + total["GetQueueUrl"] + received_and_deleted) * SQS_REQUEST
    assert round(cost, 6) == 0.000162
    assert "ListObjectsV2" not in total
