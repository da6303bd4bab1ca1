"""Trouble of the surroundings (a bucket that refuses for a while, S3 without an answer, a model that comes back, limits
that a deployment lowered): a job that was paid for comes to its end all the same, and no cap is passed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Declined
from tests.fakes.errors import AwsError
from tests.pipeline.bench import NO, REVISION, YES, Bench, Models, asks_for, canvas, question, spoken, told
from tests.pipeline.test_deliveries import Trouble, saving_image, saving_outcome, writing_result

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 1}
JOB = {"job": ("String", "cats")}
ELSEWHERE = "retake-elsewhere"
SLOW_DOWN = AwsError("SlowDown", 503, "Please reduce your request rate.")
DENIED = AwsError("AccessDenied", 403, "the policy is being edited")


def accepting(count: int) -> Models:
    """Models of which the verifier accepts image number `count` and no earlier one."""
    models = Models()
    models.on_converse = lambda model, request: (
        REVISION if asks_for(request) == "rewrite" else YES if len(models.invoked) >= count else NO
    )
    return models


def rejections(bench: Bench) -> list[str]:
    return [key for key in bench.outbox() if "/rejected/" in key]


def one_delivery(bench: Bench) -> None:
    due = min(bench.aws.lambdas.dues(), key=lambda each: each.when)
    bench.aws.world.now = max(bench.aws.world.now, due.when)
    invocation = bench.aws.lambdas.begin(due)
    assert invocation is not None
    bench.run(invocation)


def claiming_the_second(effect: Any) -> bool:
    return effect.operation == "create" and effect.target.endswith("000-001.json")


@pytest.mark.parametrize("where", [saving_image, saving_outcome, claiming_the_second, writing_result])
def test_an_output_bucket_that_refuses_for_a_while_loses_no_job(where: Any):
    bench = Bench(accepting(2), OUTPUT_BUCKETS=ELSEWHERE)
    bench.aws.s3.create_bucket(ELSEWHERE)
    bench.aws.around = Trouble(where, DENIED)
    bench.upload({**CAT, "output_s3_bucket_name": ELSEWHERE})
    bench.settle()
    results = [key for key in bench.aws.s3.keys(ELSEWHERE) if key.endswith("/result.json")]
    assert len(results) == 1
    assert json.loads(bench.aws.s3.get(ELSEWHERE, results[0]).body)["status"] == "SUCCESS"
    assert rejections(bench) == []


def test_a_bucket_that_refuses_for_good_is_told_with_what_was_received():
    bench = Bench(OUTPUT_BUCKETS=ELSEWHERE)
    bench.aws.s3.create_bucket(ELSEWHERE)
    bench.aws.around = Trouble(lambda effect: effect.target.startswith(ELSEWHERE), DENIED, times=99)
    bench.upload({**CAT, "output_s3_bucket_name": ELSEWHERE})
    bench.settle()
    (key,) = rejections(bench)
    assert bench.document(key)["field"] == "output_s3_bucket_name"
    assert json.loads(bench.document(key)["received"])["prompt"] == "a cat"
    assert bench.models.invoked == []


@pytest.mark.parametrize("times", [1, 2])
def test_an_image_in_hand_is_not_paid_again_because_s3_has_trouble(times: int):
    bench = Bench()
    bench.aws.around = Trouble(saving_image, SLOW_DOWN, times=times)
    bench.inject(CAT, **JOB)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked), bench.failures) == ("SUCCESS", 1, [])


class SlowOutcomes(Trouble):
    """S3 refuses the outcome each time that checks were paid before it."""

    def __init__(self, models: Models) -> None:
        super().__init__(self.after_checks, SLOW_DOWN, times=4)
        self.models, self.seen = models, 0

    def after_checks(self, effect: Any) -> bool:
        hit = effect.operation == "replace" and len(self.models.conversed) > self.seen
        self.seen = len(self.models.conversed)
        return hit


def test_checks_that_nobody_could_write_down_are_counted_at_their_worst():
    paid = [0.0]

    def draw(model: str, body: dict[str, Any]) -> Any:
        paid[0] += 0.04 * 5
        return canvas(5)

    def look(model: str, request: Any) -> Any:
        tokens = request["inferenceConfig"]["maxTokens"] - 100
        paid[0] += (7_000 * 4 + tokens * 20) / 1e6  # Opus 5.5, of which the stage knows the price
        return {**spoken(told(request, NO)), "usage": {"inputTokens": 7_000, "outputTokens": tokens}}

    bench = Bench(Models(on_invoke=draw, on_converse=look))
    bench.aws.around = SlowOutcomes(bench.models)
    request = {**CAT, "max_retry_attempts": 1, "nova_canvas_number_of_images": 5, "max_cost_usd": 2.5}
    bench.inject({**request, "vision_models": ["us.anthropic.claude-opus-5-5"]}, **JOB)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert "the cost cap" in bench.result["error"]
    assert paid[0] <= 2.5
    assert "worst price" in " ".join(bench.document("/000-000.json")["notes"])


def test_a_rewrite_that_nobody_could_write_down_is_counted_at_its_worst():
    rewrites = [Declined("us-east-1/pro", "ThrottlingException"), REVISION, REVISION]
    models = Models()
    models.on_converse = lambda model, request: rewrites.pop(0) if asks_for(request) == "rewrite" else NO
    bench = Bench(models)
    bench.aws.around = Trouble(lambda effect: effect.operation == "replace" and len(rewrites) == 1, SLOW_DOWN)
    bench.inject({**CAT, "max_retry_attempts": 1, "max_prompt_revisions": 2}, **JOB)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected", "rejected"]
    first, second = bench.document("/000-000.json"), bench.document("/001-000.json")
    assert rewrites == []
    assert len(models.invoked) == 2
    assert "worst price" in " ".join(first["notes"])
    assert first["cost_usd"] > second["cost_usd"] + 0.03


def test_a_job_whose_record_cannot_be_read_ends_with_a_fail_that_says_so():
    bench = Bench(accepting(2))
    bench.inject(CAT, **JOB)
    one_delivery(bench)
    newer = json.dumps({**bench.document("/000-000.json"), "status": "resting"}).encode()
    bench.aws.s3.put(bench.settings.outbox_bucket, "generated-images/cats/000-000.json", newer)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert len(bench.models.invoked) == 1
    assert "000-000.json is damaged" in " ".join(bench.result["notes"])


def test_another_prompt_under_the_name_of_a_running_job_only_wakes_that_job():
    bench = Bench(Models(on_converse=lambda model, request: YES if "a dog" in question(request) else NO))
    bench.inject(CAT, **JOB)
    one_delivery(bench)
    waiting = bench.settings.queue_name
    (own,) = bench.aws.world.messages[waiting]
    bench.aws.world.messages[waiting] = ()
    bench.inject({**CAT, "prompt": "a dog"}, **JOB, attempt=("Number", "1"))
    bench.aws.world.messages[waiting] += (own,)
    one_delivery(bench)
    bench.settle()
    assert bench.result["prompt"] == "a cat"
    assert len(bench.models.invoked) == 2
    assert not rejections(bench)


def test_a_job_resumed_with_its_state_after_its_end_is_told_of_its_result():
    bench = Bench(accepting(2))
    bench.inject({**CAT, "max_prompt_revisions": 2, "max_cost_usd": 0.08}, **JOB)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    state = {"revision": ("Number", "1"), "spent_usd": ("Number", "0.04112"), "prompt": ("String", "a tabby")}
    bench.inject({**CAT, "max_prompt_revisions": 2, "max_cost_usd": 0.2}, **JOB, **state)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    (key,) = rejections(bench)
    assert "has its result already" in bench.document(key)["error"]


def test_a_letter_that_can_never_be_dealt_with_is_told_before_its_queue_forgets_it():
    bench = Bench()
    bench.aws.around = Trouble(lambda effect: "/cats/" in effect.target, DENIED, times=10_000)
    bench.inject(CAT, **JOB)
    bench.settle(deliveries=400)
    (key,) = bench.outbox()
    assert "could never be dealt with" in bench.document(key)["error"]
    assert json.loads(bench.document(key)["received"])["prompt"] == "a cat"
    assert bench.aws.world.messages[bench.settings.dead_letter_queue_name] == ()


def test_two_messages_that_are_refused_alike_are_told_both():
    bench = Bench()
    for prompt in ("a tabby", "a lion"):
        bench.inject({"prompt": "a cat"}, **JOB, attempt=("Number", "99"), prompt=("String", prompt))
    bench.settle()
    told = [bench.document(key)["source"] for key in rejections(bench)]
    assert len(told) == 2
    assert all(sum(prompt in source for source in told) == 1 for prompt in ("a tabby", "a lion"))


def two_uploads_in_one_event(bench: Bench) -> None:
    bench.upload({**CAT, "prompt": "a cat"}, "inbox/a.json")
    bench.upload({**CAT, "prompt": "a dog"}, "inbox/b.json")
    events = bench.aws.world.asynchronous
    records = [record for event in events for record in json.loads(event.payload)["Records"]]
    bench.aws.world.asynchronous = (replace(events[0], payload=json.dumps({"Records": records})),)


@pytest.mark.parametrize("unreadable", ["a", "b"])
def test_a_file_that_cannot_be_read_holds_up_no_other_of_its_event(unreadable: str):
    bench = Bench()
    where = f"inbox/{unreadable}.json"
    bench.aws.around = Trouble(
        lambda effect: effect.operation == "read" and effect.target.endswith(where), DENIED, times=99
    )
    two_uploads_in_one_event(bench)
    bench.settle()
    assert bench.result["status"] == "SUCCESS"
    (key,) = rejections(bench)
    assert where in bench.document(key)["source"]


@pytest.mark.parametrize("images", [1, 3])
def test_an_image_that_is_taken_out_of_the_outbox_before_it_was_judged_is_lost(images: int):
    bench = Bench()
    busy = [Declined("m", "Too many requests")]

    def judge(model: str, request: Any) -> Any:
        if busy:
            key = next(key for key in bench.outbox() if key.endswith("/000-000.png"))
            del bench.aws.world.objects[bench.settings.outbox_bucket, key]
            return busy.pop()
        return YES

    bench.models.on_converse = judge
    bench.upload({**CAT, "nova_canvas_number_of_images": images})
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["lost", "accepted"]
    assert "taken out of the outbox" in bench.result["attempts"][0]["reason"]
    assert (len(bench.models.invoked), bench.result["images_made"]) == (2, images)


def test_an_outcome_that_met_a_conflict_is_written_again_at_once():
    bench = Bench()
    conflict = AwsError("PreconditionFailed", 412, "conflict without a change")
    bench.aws.around = Trouble(lambda effect: effect.operation == "replace", conflict)
    began = bench.aws.world.now
    bench.inject(CAT, **JOB)
    bench.settle()
    assert (bench.result["status"], len(bench.models.conversed), bench.aws.world.now) == ("SUCCESS", 2, began)


@pytest.mark.parametrize(
    "fields", [{"prompt": "猫" * 10_000, "negative_prompt": "狗" * 1_200}, {"prompt": "😀" * 6_000}], ids=["猫", "😀"]
)
def test_a_long_prompt_in_any_script_that_is_put_off_goes_on(fields: dict[str, str]):
    """Its record was once measured with every sign spelt out, six bytes and more, and so refused as too long."""
    answers = iter([Declined("m", "Too many requests")])
    bench = Bench(Models(on_converse=lambda model, request: next(answers, YES)))
    bench.upload(json.dumps({**CAT, **fields, "requirements": ["a cat"]}, ensure_ascii=False).encode())
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 1)
    assert rejections(bench) == []
