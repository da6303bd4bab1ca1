"""The stand-in of every way: it draws and looks at no cost of its own, takes as long as it is told, and keeps the bill.

It accepts the last image of the last position, whoever asks, so that every way makes the same pictures. A position is
told by the seed, as a job of Retake draws it (first seed + position).
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.bench.outside import Outside
from tests.bench.pictures import encoded
from tests.fakes.judging import about_a_picture, in_words, picture_in, text_of
from tests.fakes.pictures import words_in

IMAGE_SECONDS, CHECK_SECONDS = 8.0, 2.0
FIRST_SEED = 1000
TAG = re.compile(r"\bjob-\d+\b")
SMALL, LARGE = 1, 1024  # pixels a side


@dataclass(frozen=True)
class Job:
    """`attempts` of `images` each, five attempts a prompt; the last image of all is the one that is accepted."""

    attempts: int
    images: int = 1
    per_prompt: int = 5

    @property
    def prompts(self) -> int:
        return -(-self.attempts // self.per_prompt)

    @property
    def last(self) -> tuple[int, int]:
        return self.attempts - 1, self.images - 1

    @property
    def model_seconds(self) -> float:
        """The least that a loop waits for models, at real latencies."""
        checks = self.attempts * self.images + self.prompts - 1
        return self.attempts * IMAGE_SECONDS + checks * CHECK_SECONDS


@dataclass
class StandIn:
    """A ModelCaller. `scale` 0.01: a hundred times faster than real; 0: at once. `bill` counts what was carried out."""

    job: Job
    outside: Outside = field(default_factory=Outside)
    scale: float = 0.0
    side: int = SMALL
    bill: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    busy: list[tuple[float, float]] = field(default_factory=list)
    meant: float = 0.0
    _lock: Any = field(default_factory=Lock)

    def invoke(self, region: str, model_id: str, body: bytes, timeout: float) -> bytes:
        return self.outside("image", lambda: self._draw(json.loads(body)))

    def converse(self, region: str, model_id: str, request: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        return self.outside("check", lambda: self._answer(request))

    def _draw(self, order: Mapping[str, Any]) -> bytes:
        settings, prompt = order["imageGenerationConfig"], order["textToImageParams"]["text"]
        place = f"{_tag(prompt)} {settings['seed'] - FIRST_SEED}"
        self._charge("image", place, "")
        self._wait(IMAGE_SECONDS)
        pictures = [encoded(f"{place} {number}", self.side) for number in range(settings["numberOfImages"])]
        return b'{"error": null, "images": ["' + b'", "'.join(pictures) + b'"]}'

    def _answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        picture = picture_in(request)
        if picture is None:
            tag = _tag(text_of(request))
            self._charge("words", tag, "")
            self._wait(CHECK_SECONDS)
            return in_words(request, f"{tag}, seen anew for the {self.calls('words')}th time")  # never twice the same
        tag, position, number = words_in(picture).split()
        self._charge("look", f"{tag} {position}", number)
        self._wait(CHECK_SECONDS)
        return about_a_picture(request, (int(position), int(number)) == self.job.last)

    def _charge(self, kind: str, place: str, detail: str) -> None:
        with self._lock:
            self.bill[kind, place, detail] += 1

    def _wait(self, seconds: float) -> None:
        if not self.scale:
            return
        began = time.perf_counter()
        time.sleep(seconds * self.scale)
        ended = time.perf_counter()
        with self._lock:
            self.busy.append((began, ended))
            self.meant += seconds

    def calls(self, kind: str) -> int:
        """Calls of a kind that were paid."""
        return sum(count for (of, _, _), count in self.bill.items() if of == kind)

    @property
    def waited(self) -> float:
        """Seconds of this run in which at least one model was at work."""
        total, until = 0.0, 0.0
        for began, ended in sorted(self.busy):
            total += max(0.0, ended - max(began, until))
            until = max(until, ended)
        return total

    def real(self, wall: float, waited: float) -> float:
        """Seconds as they would be at real latencies: the models' time scaled back, everybody else's as measured.

        Sleeping takes a little longer than it was told to; that must not be scaled, too.
        """
        slept = sum(ended - began for began, ended in self.busy)
        return wall - waited + (waited * self.meant / slept if slept else 0.0)


def _tag(text: str) -> str:
    """Which job a prompt belongs to; its only job, where prompts do not say."""
    found = TAG.search(text)
    return found[0] if found else "job-0"


@dataclass(frozen=True)
class Outcome:
    """What a way came to: pictures saved, whether one was accepted, and what AWS counts for its bill.

    `longest`: seconds of its longest invocation at real latencies; `operations` and `written` are a durable function's.
    """

    accepted: bool
    pictures: int
    invocations: int
    longest: float = 0.0
    from_queue: int = 0
    operations: int = 0
    written: int = 0


Way = Callable[[StandIn, bool], Outcome]
