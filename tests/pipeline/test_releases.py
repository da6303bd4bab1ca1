"""Releases that meet in one job: rolled forward, rolled back, and forward again.

A record or message of another release is read by defaults. What this release cannot understand is put back, so that
the one which does finds it as it was; if that never comes, the job ends with a FAIL, or what came is kept. Nothing is
dropped, and nothing is paid twice.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Declined, UnreadableRecord
from chalicelib.job.frozen import Part
from tests.pipeline import releases
from tests.pipeline.bench import NO, YES, Bench, Models, Seen, in_turn
from tests.pipeline.releases import FIRST, came_later, change_messages, change_records, under
from tests.pipeline.test_deliveries import Death, Trouble, saving_image, saving_outcome
from tests.pipeline.test_trouble import one_delivery

CAT = {"prompt": "a cat", "max_retry_attempts": 2, "max_prompt_revisions": 2}
JOB = {"job": ("String", "cats")}
LAST = 3  # attempts before the accepted one


def begun(deliveries: int) -> Bench:
    """A job that is accepted at its fourth picture, some deliveries on."""
    bench = Bench(Models(on_converse=in_turn(*[NO] * LAST, YES)))
    bench.inject(CAT, **JOB)
    for _ in range(deliveries):
        one_delivery(bench)
    return bench


def as_the_first_release(bench: Bench) -> None:
    change_records(bench, releases.of_the_first_release)
    change_messages(bench, str, lambda attributes: {n: v for n, v in attributes.items() if n != "requirements"})


def ended_as_ever(bench: Bench) -> None:
    """As if no other release had ever been deployed."""
    assert bench.result["status"] == "SUCCESS"
    assert [(line["revision"], line["attempt"]) for line in bench.result["attempts"]] == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]
    assert (len(bench.models.invoked), bench.result["generations"]) == (4, 4)
    assert not [key for key in bench.outbox() if "/rejected/" in key or "/dead-letters/" in key]


@pytest.mark.parametrize("kind", FIRST)
def test_the_first_releases_fields_are_known_and_have_defaults(kind: type[Part]) -> None:
    for name in FIRST[kind].split():
        assert not kind.model_fields[name].is_required(), f"{kind.__name__}.{name}"


def test_what_came_later_is_left_out_wherever_it_stands() -> None:
    bench = begun(deliveries=2)
    as_the_first_release(bench)
    record = bench.document("/000-000.json")
    assert not came_later(releases.Record) & record.keys()
    assert {"request", "requirements", "kept_seed", "held_back", "late_grades"} <= came_later(releases.Record)
    assert not came_later(releases.ImageRecord) & record["images"][0].keys()
    assert not came_later(releases.VerdictRecord) & record["images"][0]["verdicts"][0].keys()
    assert record["next"]["message"].keys() == {"body", "attributes", "revision", "attempt"}


@pytest.mark.parametrize("deliveries", [1, 2, 3])
def test_a_job_that_the_first_release_began_goes_on_to_its_result(deliveries: int) -> None:
    bench = begun(deliveries)
    as_the_first_release(bench)
    bench.settle()
    ended_as_ever(bench)
    assert bench.failures == []


def test_two_releases_that_take_turns_with_one_job_come_to_its_result() -> None:
    bench = begun(deliveries=0)
    for _ in range(LAST + 1):
        one_delivery(bench)
        as_the_first_release(bench)
    bench.settle()
    ended_as_ever(bench)


def test_a_job_that_runs_out_under_two_releases_has_its_best_picture() -> None:
    neither, nearly = Seen({1: "a dog", 2: "no mat"}, grade=1), Seen({2: "no mat"}, grade=4)
    models = Models(on_converse=in_turn(neither, neither, nearly, neither))
    models.on_requirements = lambda model, request: {"requirements": ["a cat", "a mat"]}
    bench = Bench(models)
    bench.inject(CAT, **JOB)
    for _ in range(LAST):
        one_delivery(bench)
        as_the_first_release(bench)
    bench.settle()
    assert [line["outcome"] for line in bench.result["attempts"]] == ["rejected"] * 4
    assert (bench.result["status"], len(bench.models.invoked), bench.failures) == ("FAIL", 4, [])
    assert bench.result["best"]["image"].endswith("/001-000.png")


@pytest.mark.parametrize("where", [saving_image, saving_outcome])
def test_what_the_first_release_left_half_done_is_taken_over(where: Callable[[Any], bool]) -> None:
    bench = Bench()
    bench.aws.around = Trouble(where, Death(), after=where is saving_image)
    bench.inject(CAT, **JOB)
    one_delivery(bench)
    assert bench.document("/000-000.json")["status"] == "leased"
    as_the_first_release(bench)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 1)


def put_off_once(answer: Any) -> Bench:
    """A job whose first picture is there and waits to be judged."""
    answers = [Declined("us-east-1/pro", "ThrottlingException")]
    models = Models(on_converse=lambda model, request: answers.pop() if answers else answer)
    bench = Bench(models)
    bench.inject(CAT, **JOB)
    one_delivery(bench)
    assert bench.document("/000-000.json")["status"] == "deferred"
    return bench


def test_what_the_first_release_put_off_goes_on() -> None:
    bench = put_off_once(YES)
    as_the_first_release(bench)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked), bench.failures) == ("SUCCESS", 1, [])


def test_a_result_that_the_first_release_announced_is_written() -> None:
    bench = Bench()
    bench.aws.around = Trouble(lambda effect: effect.target.endswith("/result.json"), Death())
    bench.inject(CAT, **JOB)
    one_delivery(bench)
    as_the_first_release(bench)
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 1)


@pytest.mark.parametrize("deliveries", [1, 2, 3])
def test_what_a_newer_release_added_is_passed_over(deliveries: int) -> None:
    bench = begun(deliveries)
    change_records(bench, releases.with_more_fields)
    change_messages(bench, str, lambda attributes: {**attributes, **releases.MORE_ATTRIBUTES})
    bench.settle()
    ended_as_ever(bench)
    assert bench.failures == []


NOT_UNDERSTOOD = {
    "a status": under("status", "resting"),
    "an outcome": under("outcome", "shelved"),
    "a judgement": under("judged", "doubted"),
    "a kind of look": under("images.0.verdicts.0.look", "colours"),
    "what follows": under("next", {"branches": ["a", "b"]}),
    "an attribute's value": under("next.message.attributes.attempt", ["Number", "1/2"]),
    "the request": releases.requested_more,
}


def as_a_newer_release(bench: Bench, what: str) -> Callable[[], None]:
    """Records and messages that this release does not understand; what is returned makes them its own again."""
    world, queue = bench.aws.world, bench.settings.queue_name
    outbox = {(bench.settings.outbox_bucket, key) for key in bench.outbox()}
    objects = {place: world.objects[place] for place in outbox}
    bodies = {each.id: each.body for each in world.messages[queue]}
    change_records(bench, NOT_UNDERSTOOD[what])
    if what == "the request":
        change_messages(bench, releases.asked_for_more, dict)

    def back() -> None:
        world.objects.update(objects)
        world.messages[queue] = tuple(replace(each, body=bodies[each.id]) for each in world.messages[queue])

    return back


@pytest.mark.parametrize("deliveries", [1, 2, 3])
@pytest.mark.parametrize("what", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_put_back_until_the_release_that_does_is_there_again(
    what: str, deliveries: int
) -> None:
    bench = begun(deliveries)
    forward = as_a_newer_release(bench, what)
    before = bench.outbox()
    for _ in range(2):
        one_delivery(bench)
    assert [type(failure) for failure in bench.failures] == [UnreadableRecord] * 2
    assert (bench.outbox(), len(bench.models.invoked)) == (before, deliveries)
    forward()
    bench.settle()
    ended_as_ever(bench)


@pytest.mark.parametrize("deliveries", [1, 2, 3])
@pytest.mark.parametrize("what", NOT_UNDERSTOOD)
def test_what_is_never_understood_ends_with_a_fail_and_its_message_is_kept(what: str, deliveries: int) -> None:
    bench = begun(deliveries)
    as_a_newer_release(bench, what)
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert len([key for key in bench.outbox() if "/dead-letters/" in key]) == 1
    assert not [key for key in bench.outbox() if "/rejected/" in key]
    assert len(bench.models.invoked) == deliveries
    assert not any(bench.aws.world.messages.values())


OWN_RECORD = ("a status", "a judgement", "the request")


@pytest.mark.parametrize("what", OWN_RECORD)
def test_an_attempt_that_a_newer_release_put_off_waits_for_it(what: str) -> None:
    bench = put_off_once(YES)
    forward = as_a_newer_release(bench, what)
    for _ in range(2):
        one_delivery(bench)
    assert [type(failure) for failure in bench.failures] == [UnreadableRecord] * 2
    forward()
    bench.settle()
    assert (bench.result["status"], len(bench.models.invoked)) == ("SUCCESS", 1)


@pytest.mark.parametrize("what", OWN_RECORD)
def test_an_attempt_that_a_newer_release_put_off_for_ever_is_kept(what: str) -> None:
    bench = put_off_once(YES)
    as_a_newer_release(bench, what)
    bench.settle()
    kept = [key.split("/")[1] for key in bench.outbox() if "/rejected/" in key or "/dead-letters/" in key]
    assert len(kept) == 1
    assert len(bench.models.invoked) == 1
    assert not any(bench.aws.world.messages.values())


def test_a_record_of_which_only_the_request_is_not_understood_ends_its_job() -> None:
    bench = put_off_once(YES)
    as_a_newer_release(bench, "the request")
    bench.settle()
    assert bench.result["status"] == "FAIL"
    assert [key for key in bench.outbox() if "/dead-letters/" in key]
    assert not [key for key in bench.outbox() if "/rejected/" in key]
