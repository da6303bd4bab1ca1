"""What lies in outbox and queue, made into what another release would have written there.

The first release: without every field that came since. A newer one: with fields, an attribute and values that this one
does not know. Both are made between two deliveries, of what today's handlers wrote.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.job.frozen import Part
from chalicelib.job.record import Follow, LateGrade, NextMessage, Record, Rewrite
from chalicelib.job.result import AttemptLine, BestImage, Result
from chalicelib.job.verdict import FindingRecord, ImageRecord, VerdictRecord
from tests.pipeline.bench import Bench

Change = Callable[[dict[str, Any]], dict[str, Any]]
RECORD = re.compile(r".+/[0-9]{3}-[0-9]{3}\.json")

# The fields with a default that the first release had. Whatever else has one came since.
FIRST: dict[type[Part], str] = {
    Record: "not_before generations deferrals negative_prompt feedback spent_before_usd image_model seeds sent_prompt "
    "sent_negative_prompt parameters notes model_answers images judged rewrite vision_models outcome why reason "
    "timings input_tokens output_tokens cost_usd next",
    ImageRecord: "thumbnail verdicts accepted score reason",
    VerdictRecord: "requirements input_tokens output_tokens cost_usd",
    FindingRecord: "note",
    Rewrite: "cost_usd",
    LateGrade: "",
    NextMessage: "",
    Follow: "message result",
    Result: "message error best notes",
    BestImage: "",
    AttemptLine: "",
}
# What kind of thing stands under a field's name.
KINDS: dict[str, type[Part]] = {
    "images": ImageRecord,
    "verdicts": VerdictRecord,
    "rewrite": Rewrite,
    "next": Follow,
    "message": NextMessage,
    "result": Result,
    "best": BestImage,
    "attempts": AttemptLine,
}
VALUES_OF_OTHERS = {"attributes", "request", "parameters", "timings"}  # what stands there is no field of a record


def came_later(kind: type[Part]) -> set[str]:
    """The fields that the first release did not have."""
    return {name for name, field in kind.model_fields.items() if not field.is_required()} - {*FIRST[kind].split()}


def of_the_first_release(document: dict[str, Any]) -> dict[str, Any]:
    """A record without what came later; a job's requirements did not travel then."""
    return _without(document, Record)


def _without(value: Any, kind: type[Part] | None) -> Any:
    if isinstance(value, list):
        return [_without(member, kind) for member in value]
    if not isinstance(value, dict) or kind is None:
        return value
    kept = {name: member for name, member in value.items() if name not in came_later(kind)}
    if kind is NextMessage:
        kept["attributes"] = {name: pair for name, pair in kept["attributes"].items() if name != "requirements"}
    return {name: _without(member, KINDS.get(name)) for name, member in kept.items()}


def with_more_fields(document: dict[str, Any]) -> dict[str, Any]:
    """A record with a field more in everything that it holds, and an attribute more in the message it announces."""
    more: dict[str, Any] = _with_more(document)
    announced = (more["next"] or {}).get("message")
    if announced:
        announced["attributes"] |= MORE_ATTRIBUTES
    return more


MORE_ATTRIBUTES = {"tone": ("String", "warm")}


def _with_more(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_more(member) for member in value]
    if not isinstance(value, dict):
        return value
    seen = {name: member if name in VALUES_OF_OTHERS else _with_more(member) for name, member in value.items()}
    return {**seen, "of_a_newer_release": {"deep": [1, None, {"er": "x"}]}}


def change_records(bench: Bench, change: Change) -> None:
    """Whatever records are there, as another release would have written them."""
    for key in filter(RECORD.fullmatch, bench.outbox()):
        document = json.loads(bench.aws.s3.get(bench.settings.outbox_bucket, key).body)
        changed = json.dumps(change(document), ensure_ascii=False).encode()
        bench.aws.s3.put(bench.settings.outbox_bucket, key, changed, "application/json")


def change_messages(bench: Bench, body: Callable[[str], str], attributes: Callable[[dict[str, Any]], Any]) -> None:
    """Whatever messages wait, likewise."""
    queue = bench.settings.queue_name
    bench.aws.world.messages[queue] = tuple(
        replace(each, body=body(each.body), attributes=tuple(sorted(attributes(dict(each.attributes)).items())))
        for each in bench.aws.world.messages[queue]
    )


def asked_for_more(text: str) -> str:
    """A body with a field of a newer release."""
    return json.dumps({**json.loads(text), "tone": "warm"})


def under(path: str, value: object) -> Change:
    """A record with this value at `a.b.0.c`."""
    *way, last = path.split(".")

    def change(document: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = json.loads(json.dumps(document))
        held: Any = changed
        for step in way:
            held = held[int(step) if step.isdigit() else step]
        held[last] = value
        return changed

    return change


def requested_more(document: dict[str, Any]) -> dict[str, Any]:
    """A record of a job that was asked for something this release does not know."""
    changed: dict[str, Any] = {**document, "request": {**document["request"], "tone": "warm"}}
    following: Mapping[str, Any] | None = (document["next"] or {}).get("message")
    if following:
        changed["next"] = {"message": {**following, "body": asked_for_more(following["body"])}, "result": None}
    return changed
