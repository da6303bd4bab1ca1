"""Uploads, injections, duplicates, deaths and redrives in any order, as Hypothesis thinks of them.

Whatever is dropped or injected ends exactly once: in a result, or under rejected/. Every folder of the outbox has its
one result, nobody passes a cap, and nothing is written where it does not belong.
"""

import json
from collections import Counter
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from chalicelib.aws.queue import SqsQueue
from chalicelib.stage.redrive import redrive
from chalicelib.stage.where import Where
from tests.fakes.aws import Effect
from tests.fakes.bedrock import Script
from tests.fakes.wire import Wire
from tests.fakes.world import Attributes
from tests.job.stage import stage
from tests.simulator.faults import DELIVERY, Fault
from tests.simulator.jobs import INBOX, ON_ATTEMPT, ON_DEAD_LETTER, ON_PROMPT, OUTBOX, PREFIX, WORK, Job, Stage
from tests.simulator.outbox import RECORD, read_json
from tests.simulator.scheduler import Simulation
from tests.simulator.stagehands import by_ports, handlers
from tests.simulator.watch import WatchWrites

ELSEWHERE = "sent/elsewhere"
DEATHS = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.HANG, Fault.LOST)


class Deaths:
    """A plan that ends the next invocations at some effect of theirs."""

    def __init__(self) -> None:
        self.coming: list[tuple[str, int, Fault]] = []

    def fault(self, simulation: Simulation, effect: Effect) -> Fault | None:
        running = simulation.current
        if effect.service == DELIVERY or running is None or not self.coming:
            return None
        function, countdown, fault = self.coming[0]
        if running.function.name != function:
            return None
        self.coming[0] = (function, countdown - 1, fault)
        return self.coming.pop(0)[2] if countdown == 0 else None

    def latency(self, effect: Effect) -> float | None:
        return None

    def passed(self, simulation: Simulation) -> None:
        """Goes on."""


@dataclass(frozen=True)
class Ended:
    """What the outbox holds of the things with one tag: results, refusals, and the folders without a result."""

    results: int
    refusals: int
    open: tuple[str, ...]


BAD_FILES = (
    ("no JSON", lambda tag: f"{{{tag}".encode()),
    ("no UTF-8", lambda tag: tag.encode() + b"\xff"),
    ("an unknown field", lambda tag: json.dumps({"prompt": tag, "promt": "x"}).encode()),
    ("an array without a prompt", lambda tag: json.dumps([{"promt": tag}]).encode()),
    ("below the inbox", lambda tag: json.dumps({"prompt": tag, "output_s3_key_prefix": "inbox/x"}).encode()),
    ("too many attempts", lambda tag: json.dumps({"prompt": tag, "max_retry_attempts": 1000}).encode()),
    ("another's bucket", lambda tag: json.dumps({"prompt": tag, "output_s3_bucket_name": "not-ours"}).encode()),
)
BAD_ATTRIBUTES: tuple[Attributes, ...] = (
    (("attempt", ("Number", "99")),),
    (("attempt", ("Number", "-1")),),
    (("revision", ("Number", "1.5")),),
    (("attempt", ("String", "٣")),),
    (("color", ("String", "red")),),
    (("job", ("String", "rejected")),),
    (("job", ("String", "a/b")),),
    (("spent_usd", ("String", "much")),),
    (("feedback", ("String", "{}")),),
)
PLACES: tuple[Attributes, ...] = (
    (),
    (("attempt", ("Number", "1")),),
    (("revision", ("Number", "1")), ("prompt", ("String", "job-x another prompt"))),
    (("spent_usd", ("Number", "-7")), ("deferrals", ("Number", "1e9"))),
)


class Outbox(RuleBasedStateMachine):
    @initialize(versioned=st.booleans(), max_receives=st.sampled_from((1, 3)), wavering=st.booleans())
    def begin(self, versioned: bool, max_receives: int, wavering: bool) -> None:
        stage = Stage("machine", (), max_receives=max_receives, versioned=versioned)
        self.versioned, self.wavering = versioned, wavering
        self.aws = stage.aws()
        self.scripts: dict[str, Script] = {}
        self.aws.bedrock.scripts = self.scripts
        self.deaths = Deaths()
        watch = WatchWrites((PREFIX, ELSEWHERE, "generated-images"))
        self.world = Simulation(self.aws, handlers(self.aws, stage.settings, by_ports), self.deaths, watch)
        self.endings: Counter[str] = Counter()
        self.optional: Counter[str] = Counter()
        self.chains: Counter[str] = Counter()
        self.files: list[tuple[str, str]] = []
        self.fragile: set[str] = set()
        self.redriven: set[str] = set()
        self.same_key: dict[str, str] = {}
        self.again_under_way = False

    def job(self, accepts: frozenset[int], prefix: str = PREFIX) -> Job:
        tag = f"job-{len(self.scripts)}"
        script = Script(seed=1000 * (len(self.scripts) + 1), accepts=accepts, wavering=self.wavering)
        self.scripts[tag] = script
        self.endings[tag] += 1
        self.chains[tag] += 1
        return Job(tag, script=script, fields={"output_s3_key_prefix": prefix})

    accepted = st.sets(st.integers(0, 3)).map(frozenset)

    @rule(accepts=accepted, prefix=st.sampled_from((PREFIX, ELSEWHERE)))
    def upload(self, accepts: frozenset[int], prefix: str) -> None:
        job = self.job(accepts, prefix)
        self.put(f"inbox/a b+é/{job.tag}.json", job.tag, job.file)

    @rule(bad=st.sampled_from(BAD_FILES))
    def upload_a_bad_file(self, bad: tuple[str, object]) -> None:
        tag = self.job(frozenset()).tag
        self.put(f"inbox/{tag}.json", tag, bad[1](tag))  # type: ignore[operator]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), accepts=accepted)
    def overwrite(self, data: st.DataObject, accepts: frozenset[int]) -> None:
        key, old = data.draw(st.sampled_from(self.files))
        self.let_second_deliveries_arrive()
        self.fragile.add(old)
        job = self.job(accepts)
        self.same_key[job.tag] = self.same_key.get(old, old)
        self.put(key, job.tag, job.file)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        key, tag = data.draw(st.sampled_from(self.files))
        self.let_second_deliveries_arrive()
        self.fragile.add(tag)
        self.aws.s3.delete(INBOX, key)

    @rule(accepts=accepted, place=st.sampled_from(PLACES))
    def inject(self, accepts: frozenset[int], place: Attributes) -> None:
        job = self.job(accepts)
        named = tuple((name, (kind, text.replace("job-x", job.tag))) for name, (kind, text) in place)
        self.aws.sqs.send(WORK, job.file.decode(), named)

    @rule(bad=st.sampled_from(BAD_ATTRIBUTES))
    def inject_what_is_refused(self, bad: Attributes) -> None:
        self.aws.sqs.send(WORK, self.job(frozenset()).file.decode(), bad)

    @precondition(lambda self: self.folders())
    @rule(data=st.data(), revision=st.sampled_from("01"), attempt=st.sampled_from("01"))
    def inject_into_a_job_there_is(self, data: st.DataObject, revision: str, attempt: str) -> None:
        prefix, name = data.draw(st.sampled_from(self.folders()))
        tag = self.tag_of(self.records(prefix, name)[0]["initial_prompt"])
        job = Job(tag, script=self.scripts[tag], fields={"output_s3_key_prefix": prefix})
        self.optional[tag] += 1
        place = (("job", ("String", name)), ("revision", ("Number", revision)), ("attempt", ("Number", attempt)))
        self.aws.sqs.send(WORK, job.file.decode(), place)

    @precondition(lambda self: self.repeatable())
    @rule(data=st.data(), delay=st.sampled_from((0, 100, 400, 3000)))
    def deliver_again(self, data: st.DataObject, delay: int) -> None:
        number = data.draw(st.sampled_from(self.repeatable()))
        self.world.once_more(self.world.delivered[number], delay)
        self.again_under_way = True

    @rule(
        function=st.sampled_from((ON_PROMPT, ON_ATTEMPT, ON_ATTEMPT, ON_DEAD_LETTER)),
        effects=st.integers(0, 8),
        fault=st.sampled_from(DEATHS),
    )
    def die(self, function: str, effects: int, fault: Fault) -> None:
        self.deaths.coming.append((function, effects, fault))

    @precondition(lambda self: self.letters())
    @rule(data=st.data())
    def redrive_a_letter(self, data: st.DataObject) -> None:
        prefix, name = data.draw(st.sampled_from(self.letters()))
        self.redriven.add(name)
        job, position = name[: -len("-000-000.json")], name
        letter = read_json(self.aws.s3.get(OUTBOX, f"{prefix}/dead-letters/{position}").body)
        tag = self.tag_of(letter["body"])
        wire = Wire(self.aws)
        where = Where("dev", wire.client("s3"), stage(), "stand-in", OUTBOX)
        sent: list[str] = []
        work = SqsQueue(wire.client("sqs"), WORK)
        redrive(where, work, prefix, job, f"{len(self.redriven):08x}", lambda name, folder: sent.append(name))
        self.endings[tag] += len(sent)
        self.chains[tag] += len(sent)

    @rule(steps=st.integers(1, 12))
    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            self.world.step()

    @rule()
    def settle(self) -> None:
        self.world.run()
        for tag in self.scripts:
            self.check_bill(tag)
        for first in {self.same_key.get(tag, tag) for tag in self.scripts}:
            self.check_endings([tag for tag in self.scripts if self.same_key.get(tag, tag) == first])
        queued = [message for waiting in self.aws.world.messages.values() for message in waiting]
        assert not queued

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.settle()

    def check_endings(self, tags: list[str]) -> None:
        """Of things dropped under one key: of a file that is gone, only its key is known."""
        ended = [self.ended(tag) for tag in tags]
        count = sum(one.results + one.refusals for one in ended)
        least = sum(self.endings[tag] for tag in tags)
        most = least + sum(self.optional[tag] for tag in tags)
        assert not any(one.open for one in ended), f"{ended}: a result is missing"
        assert least <= count <= most, f"{tags}: {least} to {most} were dropped, there are {ended}"

    def check_bill(self, tag: str) -> None:
        paid = Counter(call.position for call in self.aws.world.calls if (call.kind, call.tag) == ("image", tag))
        folders = sum(tag == self.tag_of(str(self.records(*folder))) for folder in self.folders())
        assert all(0 <= position < 4 and times <= 2 * folders for position, times in paid.items()), paid

    def put(self, key: str, tag: str, body: bytes) -> None:
        self.aws.s3.put(INBOX, key, body, "application/json")
        self.files = [entry for entry in self.files if entry[0] != key] + [(key, tag)]

    def let_second_deliveries_arrive(self) -> None:
        """Without versions, one that comes after its file is gone is told as a refusal (README, "What stays open")."""
        tried = any(event.tries for event in self.aws.world.asynchronous)
        if not self.versioned and (self.again_under_way or tried or self.world.running):
            self.world.run()
            self.again_under_way = False

    def repeatable(self) -> list[int]:
        """Deliveries that may be made again. Without versions a file that is gone cannot be told from another."""
        if self.versioned or not self.fragile:
            return list(range(len(self.world.delivered)))
        return [number for number, due in enumerate(self.world.delivered) if due.queue is not None]

    def outbox(self) -> list[str]:
        return self.aws.s3.keys(OUTBOX)

    def folders(self) -> list[tuple[str, str]]:
        """Prefix and name of every job that has a record."""
        parts = [key.rsplit("/", 2) for key in self.outbox() if RECORD.fullmatch(key.rsplit("/", 1)[-1])]
        return sorted({(prefix, name) for prefix, name, _ in parts if name != "dead-letters"})

    def records(self, prefix: str, name: str) -> list[dict[str, str]]:
        start = f"{prefix}/{name}/"
        keys = [key for key in self.outbox() if key.startswith(start) and RECORD.fullmatch(key[len(start) :])]
        return [read_json(self.aws.s3.get(OUTBOX, key).body) for key in keys]

    def letters(self) -> list[tuple[str, str]]:
        """Dead letters that were not sent again, by prefix and name."""
        parts = [key.rsplit("/", 2) for key in self.outbox()]
        return [
            (parts[0], parts[2])
            for parts in parts
            if len(parts) == 3 and parts[1] == "dead-letters" and parts[2] not in self.redriven
        ]

    def ended(self, tag: str) -> Ended:
        folders = [folder for folder in self.folders() if self.tag_of(str(self.records(*folder))) == tag]
        results = [name for prefix, name in folders if f"{prefix}/{name}/result.json" in self.outbox()]
        refusals = [key for key in self.outbox() if "/rejected/" in key and self.tag_of(self.told(key)) == tag]
        missing = tuple(name for _, name in folders if name not in results)
        return Ended(len(results), len(refusals), missing)

    def told(self, key: str) -> str:
        """A refusal's text, with its name: of a file that is gone nothing else is left."""
        return self.aws.s3.get(OUTBOX, key).body.decode() + key

    def tag_of(self, text: str) -> str | None:
        """The newest tag that a text names; a job's name goes on with its date, or with its row."""
        ends = ("-2", "-r", " ")
        return next((tag for tag in reversed(self.scripts) if any(f"{tag}{end}" in text for end in ends)), None)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
