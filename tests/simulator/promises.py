"""The promises of the README, as far as they can be judged when all is quiet.

Each check names its promise first. `watch` judges what must hold at every step between.
"""

import json
from typing import Any

from tests.fakes.pictures import words_in
from tests.fakes.world import World
from tests.simulator.cancels import was_ended
from tests.simulator.jobs import DEAD, OUTBOX, WORK, Job, Stage
from tests.simulator.outbox import Folder, folders, under
from tests.simulator.plan import Violation

IMAGE_USD = 0.04


def check_moment(world: World, stage: Stage, *, frozen: bool) -> None:
    """What must hold whenever nobody is under way. Raises Violation."""
    for job in stage.jobs:
        _check_caps(world, stage, job)
        for name, folder in folders(world, job).items():
            _check_bill(world, name, folder, job, frozen=frozen)
            for (revision, attempt), record in folder.records.items():
                _check_verdicts(f"{name} {revision}-{attempt}", folder, record, job)
            _must(folder.result is not None or not was_ended(world, name), f"8: {name} was said to have ended")
            if folder.result is not None:
                ends = [_ending(record) for record in folder.records.values()]
                _must(folder.result in ends, f"3: {name}'s result is not the one its last record holds")


def check_quiet(world: World, stage: Stage, *, frozen: bool) -> None:
    """What must hold when nothing is left to happen. Raises Violation."""
    left = [message.body[:80] for queue in (WORK, DEAD) for message in world.messages[queue]]
    _must(not left and not world.asynchronous, f"4: left over at the end: {left or world.asynchronous}")
    check_moment(world, stage, frozen=frozen)
    _check_rejected(world, stage)
    for job in stage.jobs:
        found = folders(world, job)
        if job.refused:
            _must(not found and len(under(world, "rejected", job)) == 1, f"4: {job.tag} was to be refused, once")
            continue
        _must(len(found) == 1, f"4: {job.tag} has {len(found)} folders: {sorted(found)}")
        [(name, folder)] = found.items()
        _must(not under(world, "rejected", job), f"4: {job.tag} is rejected, and has a folder")
        _must(folder.result is not None, f"3: {name} has no result.json")
        _check_chain(name, folder, job)
        _check_dead(world, name, folder, job)


def _check_rejected(world: World, stage: Stage) -> None:
    """4: nothing is refused but what is wrong, and a forged message only under a name of its own."""
    wrong = tuple(f"{job.tag}-" for job in stage.jobs if job.refused)
    allowed = (*wrong, "message-") if stage.forged else wrong
    for bucket, key in world.objects:
        name = key.rsplit("/", 1)[-1]
        refused = bucket == OUTBOX and "/rejected/" in f"/{key}"
        _must(not refused or name.startswith(allowed), f"4: {key} was refused, and nothing was wrong with it")


def _check_chain(name: str, folder: Folder, job: Job) -> None:
    """2: from the first position every record leads to the next, to the one that ends it, and there are no others."""
    records, position = folder.records, (0, 0)
    seen: list[tuple[int, int]] = []
    while True:
        record = records.get(position)
        _must(record is not None, f"2: {name} has no record at {position}, which was to follow {seen}")
        assert record is not None
        _must(record["status"] == "outcome", f"4: {name} {position} is left {record['status']}")
        _must(position[0] < job.revisions and position[1] < job.attempts, f"6: {name} reached {position}")
        seen.append(position)
        following = record["next"]["message"]
        if following is None:
            break
        successor = records.get((following["revision"], following["attempt"]))
        sent = following["attributes"].get("prompt", ["String", record["initial_prompt"]])[1]
        _must(successor is None or successor["prompt"] == sent, f"5: {name} went on with another prompt than was saved")
        position = (following["revision"], following["attempt"])
    frozen = {tuple(record["requirements"]) for record in records.values() if record["images"]} - {()}
    _must(len(frozen) <= 1, f"5: {name} was judged by different requirements: {frozen}")
    strays = {at for at in records.keys() - set(seen) if records[at]["status"] != "cancelling"}
    _must(not strays, f"2: {name} has records {sorted(records)}, its chain is {seen}")
    _must(folder.result == _ending(record), f"3: {name}'s result is not the one its last record holds")


def _ending(record: dict[str, Any]) -> dict[str, Any] | None:
    """The result as the record holds it, with the fields that are shown."""
    result = (record["next"] or {}).get("result")
    if result is None:
        return None
    absent = {"error", "best"} if result["status"] == "SUCCESS" else {"message"}
    return {field: value for field, value in result.items() if field not in absent}


def _check_dead(world: World, name: str, folder: Folder, job: Job) -> None:
    """4: a dead letter for each record that says so, and for no other; its FAIL points to it."""
    dead = [position for position, record in folder.records.items() if record["why"] == "dead"]
    letters = under(world, "dead-letters", job)
    expected = {f"{name}-{revision:03}-{attempt:03}.json" for revision, attempt in dead}
    _must(set(letters) == expected, f"4: {name} has the dead letters {sorted(letters)}, its records say {dead}")
    for body in letters.values():
        letter = json.loads(body)
        _must(json.loads(letter["body"])["prompt"].startswith(job.tag), f"4: a letter of {name} has another body")
        _must("DataType" in next(iter(letter["attributes"].values())), f"4: a letter of {name} cannot be sent again")
    if dead:
        result = folder.result or {}
        _must("dead-letters/" in result.get("error", ""), f"4: {name}'s result does not point to its dead letter")


def _check_bill(world: World, name: str, folder: Folder, job: Job, *, frozen: bool) -> None:
    """1 and 6: what was paid is counted, and never more than twice."""
    for (revision, attempt), record in folder.records.items():
        number = revision * job.attempts + attempt
        paid = sum((call.kind, call.tag, call.position) == ("image", job.tag, number) for call in world.calls)
        _must(
            paid <= record["generations"],
            f"1: {name} {revision}-{attempt}: {paid} paid, {record['generations']} counted",
        )
        least = paid * IMAGE_USD * job.images
        _must(record["cost_usd"] >= least - 1e-6, f"6: {name} {revision}-{attempt} cost more than its record says")
        there = folder.image(revision, attempt) is not None
        if record["outcome"] == "lost" and not frozen:
            _must(record["generations"] == 2 and not there, f"1: {name} {revision}-{attempt} is given up too early")
    visited = {revision * job.attempts + attempt for revision, attempt in folder.records}
    strays = {call.position for call in world.calls if (call.kind, call.tag) == ("image", job.tag)} - visited
    _must(not strays, f"2: {name} paid for positions {sorted(strays)} that have no record")


def _check_caps(world: World, stage: Stage, job: Job) -> None:
    """6: images paid for, by price and by position, and what the records say was spent."""
    paid = [call for call in world.calls if (call.kind, call.tag) == ("image", job.tag)]
    _must(not paid or not job.refused, f"6: {job.tag} asks for more attempts than the stage allows, and is paid for")
    cap = min(stage.settings.max_cost_usd, job.fields.get("max_cost_usd", stage.settings.max_cost_usd))
    spent = len(paid) * IMAGE_USD * job.images
    _must(spent <= cap + 1e-6, f"6: {job.tag} has paid ${spent:.2f} for images, its cap is ${cap:.2f}")


def _check_verdicts(what: str, folder: Folder, record: dict[str, Any], job: Job) -> None:
    """5: every verdict was given on the picture that is saved, and is what the verifier said."""
    number = record["revision"] * job.attempts + record["attempt"]
    for index, image in enumerate(record["images"]):
        stored = folder.image(record["revision"], record["attempt"], index)
        _must(stored is not None, f"5: {what} speaks of an image that is not there")
        assert stored is not None
        draw = words_in(stored).split(" ")[2]
        for verdict in image["verdicts"]:
            look, told = verdict["shows"].split(" at ")
            _must(told == f"draw {draw}, picture {index}", f"5: {what} judges {told}, but draw {draw} is saved")
            opposite = job.script.wavering and int(look.removeprefix("look ")) % 2 == 1
            said = (number in job.script.accepts) != opposite
            _must(verdict["accepted"] == said, f"5: {what} says {verdict['accepted']} where the verifier said {said}")
    if record["judged"] in ("accepted", "rejected") and record["why"] != "dead":
        best = any(image["accepted"] for image in record["images"])
        _must(best == (record["judged"] == "accepted"), f"5: {what} is {record['judged']} against its verdicts")


def _must(holds: bool, words: str) -> None:
    if not holds:
        raise Violation(words)
