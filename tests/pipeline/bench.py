"""A stage in memory for one test: the real handlers over AWS in memory, and models that answer as the test says.

Time is virtual and jumps to whatever is due next.
"""

import base64
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib import handlers
from chalicelib.attempt.resolve import resolve
from chalicelib.attempt.services import Gone, Services
from chalicelib.errors import RetakeError
from tests.fakes.aws import InMemoryAws
from tests.fakes.lambdas import Function, Invocation
from tests.fakes.pictures import png
from tests.fakes.ports import MemoryQueue, MemoryStore
from tests.fakes.world import Notification
from tests.job.stage import ENVIRONMENT, stage

Invoke = Callable[[str, dict[str, Any]], Any]
Converse = Callable[[str, Mapping[str, Any]], Any]


def canvas(images: int = 1) -> dict[str, Any]:
    """A reply of Nova Canvas."""
    return {"images": [png(f"picture {number}") for number in range(images)], "error": None}


def core(words: str = "picture") -> dict[str, Any]:
    """A reply of Stable Image Core."""
    return {"images": [png(words)], "seeds": [1], "finish_reasons": [None]}


def spoken(answer: object) -> dict[str, Any]:
    """A reply of Converse: JSON, or the text itself."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100},
    }


@dataclass(frozen=True)
class Seen:
    """What a judge sees of one picture, in whatever look it is asked; `unmet` by number: what is there instead."""

    unmet: Mapping[int, str] = field(default_factory=dict)
    grade: float = 10
    faults: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    shows: str = "a picture"


YES = Seen()
NO = Seen({1: "a dog"}, grade=2)
REVISION = {"revised_prompt": "a tabby cat, close-up", "negative_prompt": "dogs", "carried_by": ["a tabby cat"] * 12}
REQUIREMENTS = {"requirements": ["a cat"]}
TAG = re.compile(r"<requirements>(.*?)</requirements>", re.DOTALL)


def asks_for(request: Mapping[str, Any]) -> str:
    """`verify`, `rewrite` or `requirements`."""
    content = request["messages"][0]["content"]
    if any("image" in block for block in content):
        return "verify"
    return "rewrite" if '"revised_prompt"' in question(request) else "requirements"


def look(request: Mapping[str, Any]) -> str:
    """`checklist`, `grade` or `both`."""
    text = question(request)
    return "both" if "<requirements>" in text and '"grade"' in text else "grade" if '"grade"' in text else "checklist"


def question(request: Mapping[str, Any]) -> str:
    """The text of a Converse request."""
    return "\n".join(block["text"] for block in request["messages"][0]["content"] if "text" in block)


def checklist(request: Mapping[str, Any]) -> list[str]:
    """The requirements that a question asks about, in order."""
    found = TAG.search(question(request))
    return [entry["requirement"] for entry in json.loads(found[1].replace("&lt;", "<"))] if found else []


def told(request: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """A judge's answer to what it is asked."""
    numbers = range(1, len(checklist(request)) + 1)
    answers = [{"n": n, "shows": seen.unmet.get(n, ""), "met": n not in seen.unmet} for n in numbers]
    points = {"shows": seen.shows, "answers": answers, "words": list(seen.words)}
    whole = {"shows": seen.shows, "faults": list(seen.faults), "grade": seen.grade}
    return {"checklist": points, "grade": whole, "both": {**whole, **points}}[look(request)]


def in_turn(*answers: Any, rewrite: Any = REVISION) -> Converse:
    """A judge that gives these answers in turn, then the last for ever; a grade follows the checklist before it."""
    left, last = list(answers), answers[0]

    def answer(model: str, request: Mapping[str, Any]) -> Any:
        nonlocal last
        if asks_for(request) == "rewrite":
            return rewrite
        if look(request) != "grade" or not isinstance(last, Seen):
            last = left.pop(0) if len(left) > 1 else left[0]
        return last

    return answer


@dataclass
class Models:
    """ModelCaller that keeps what it was asked, what it derived apart; an answer that is an exception is raised."""

    on_invoke: Invoke = lambda model, body: canvas(body["imageGenerationConfig"]["numberOfImages"])
    on_converse: Converse = lambda model, request: YES if asks_for(request) == "verify" else REVISION
    on_requirements: Converse = lambda model, request: REQUIREMENTS
    invoked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    conversed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    derived: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> bytes:
        order = json.loads(body)
        self.invoked.append((f"{region}/{model_id}", order))
        answer = self.on_invoke(model_id, order)
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer).encode()

    def converse(self, region: str, model_id: str, request: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        deriving = asks_for(request) == "requirements"
        (self.derived if deriving else self.conversed).append((f"{region}/{model_id}", request))
        answer = (self.on_requirements if deriving else self.on_converse)(model_id, request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Seen):
            answer = told(request, answer)
        return answer if isinstance(answer, dict) and "output" in answer else spoken(answer)


class Bench:
    """The stage, its world, and what happened."""

    def __init__(self, models: Models | None = None, loop_allowed: bool = True, **settings: str) -> None:
        self.settings = stage(**{"IMAGE_MODELS": "amazon.nova-canvas-v1:0", **settings})
        names = ENVIRONMENT
        self.models = models or Models()
        self.journal: list[Mapping[str, Any]] = []
        self.failures: list[BaseException] = []
        self.gone: dict[str, Gone] = {}
        self.chance = random.Random(7)
        functions = (
            Function("on_prompt", loop_allowed=loop_allowed, failures=names["DEAD_LETTER_QUEUE_NAME"]),
            Function("on_attempt", loop_allowed=loop_allowed),
            Function("on_dead_letter", loop_allowed=loop_allowed),
        )
        mappings = {names["QUEUE_NAME"]: "on_attempt", names["DEAD_LETTER_QUEUE_NAME"]: "on_dead_letter"}
        self.aws = InMemoryAws(functions=functions, mappings=mappings)
        for bucket in ("INBOX_BUCKET", "OUTBOX_BUCKET"):
            self.aws.s3.create_bucket(names[bucket])
        self.aws.sqs.create_queue(names["DEAD_LETTER_QUEUE_NAME"])
        self.aws.sqs.create_queue(names["QUEUE_NAME"], max_receives=5, dead_letters=names["DEAD_LETTER_QUEUE_NAME"])
        self.aws.world.notifications = (Notification(names["INBOX_BUCKET"], "inbox/", "", "on_prompt"),)

    def services(self) -> Services:
        """The pipeline's surroundings, as a fresh sandbox has them but for what it remembers of models."""
        return Services(
            settings=self.settings,
            store=MemoryStore(self.aws),
            work=MemoryQueue(self.aws, self.settings.queue_name),
            dead_letters=MemoryQueue(self.aws, self.settings.dead_letter_queue_name),
            models=self.models,
            clock=self.aws.world.clock,
            chance=self.chance,
            journal=self.journal.append,
            resolve=resolve,
            side_by_side=lambda call, bodies: [call(body) for body in bodies],
            gone=self.gone,
        )

    def upload(self, prompt: Mapping[str, Any] | bytes, key: str = "inbox/cat.json") -> None:
        body = prompt if isinstance(prompt, bytes) else json.dumps(prompt).encode()
        self.aws.s3.put(self.settings.inbox_bucket, key, body, "application/json")

    def inject(self, body: Mapping[str, Any] | str, **attributes: tuple[str, str]) -> None:
        body = body if isinstance(body, str) else json.dumps(body)
        self.aws.sqs.send(self.settings.queue_name, body, tuple(attributes.items()))

    def settle(self, deliveries: int = 500) -> None:
        """Deliver whatever is due, earliest first, until nothing waits any more."""
        for _ in range(deliveries):
            due = min(self.aws.lambdas.dues(), key=lambda each: (each.when, each.order), default=None)
            if due is None:
                return
            self.aws.world.now = max(self.aws.world.now, due.when)
            if invocation := self.aws.lambdas.begin(due):
                self.run(invocation)
        raise AssertionError(f"still busy after {deliveries} deliveries")

    def run(self, invocation: Invocation) -> None:
        handler = getattr(handlers, invocation.function.name)
        self.aws.caller = invocation
        try:
            handler(self.services(), invocation.event, datetime.fromtimestamp(invocation.deadline, UTC))
        except (RetakeError, ArithmeticError) as error:
            self.failures.append(error)
            self.aws.lambdas.fail(invocation, type(error).__name__, str(error))
        else:
            self.aws.lambdas.succeed(invocation)
        finally:
            self.aws.caller = None

    def outbox(self) -> list[str]:
        """Every key of the outbox bucket."""
        wanted = self.settings.outbox_bucket
        return sorted(key for (name, key), versions in self.aws.world.objects.items() if name == wanted and versions)

    def document(self, ending: str) -> dict[str, Any]:
        """The one JSON object of the outbox whose key ends so."""
        (key,) = [key for key in self.outbox() if key.endswith(ending)]
        document: dict[str, Any] = json.loads(self.aws.s3.get(self.settings.outbox_bucket, key).body)
        return document

    @property
    def result(self) -> dict[str, Any]:
        return self.document("/result.json")


def picture_bytes(words: str) -> bytes:
    return base64.b64decode(png(words))
